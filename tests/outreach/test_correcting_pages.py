"""The pages on which a visit is corrected or voided, and what its page shows afterwards."""

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.outreach import make_visit, problem_at
from tests.support.browser import entries_of
from visits.core import clock
from visits.core.permissions import Role
from visits.issues.models import Issue, State
from visits.outreach.entries import Outsider, PromiseEntry
from visits.outreach.models import Visit, VisitVersion

pytestmark = pytest.mark.usefixtures("database")
HOSTILE = "<script>alert(1)</script>\u202e𠮷"


@pytest.fixture(autouse=True)
def _day(at):
    at("2026-11-23")


@pytest.fixture
def me(database):
    return make_person(roles=[Role.CADRE], unit=make_unit("经济发展局"), name="李干部")


@pytest.fixture
def firm(database):
    return make_enterprise("临平甲公司")


@pytest.fixture
def other(database):
    return make_enterprise("临平乙公司")


def amend_url(visit):
    return f"/visits/{visit.id}/amend"


def void_url(visit):
    return f"/visits/{visit.id}/void"


def test_the_form_opens_filled_in_and_sent_untouched_changes_nothing(client_for, me, firm, other, database):
    visit = make_visit(
        firm,
        other,
        author=me,
        summary="两家企业\n均满产。",
        place="二楼会议室",
        problems=[problem_at(firm)],
        promises=[PromiseEntry(other.id, "送政策上门", "李干部")],
        outsiders=[Outsider("周某", "东湖街道")],
    )
    screen = client_for(me)
    page = screen.get(amend_url(visit))
    entries = entries_of(page.posts_to(amend_url(visit)))
    assert entries.getlist("enterprise_ids") == [str(firm.id), str(other.id)]
    assert entries.getlist("no_issue_ids") == [str(other.id)]
    assert (entries["promises-0-what"], entries["outsiders-0-name"]) == ("送政策上门", "周某")
    assert "内容没有变化" in screen.post(amend_url(visit), page=page, status=422).summary
    assert database.session.scalar(sa.select(sa.func.count(VisitVersion.id))) == 0


def test_a_correction_shows_before_and_after_with_who_and_why(client_for, me, firm):
    visit = make_visit(firm, author=me, summary="企业满产。")
    with clock.at(clock.today().replace(day=27)):
        screen = client_for(me)
        assert "请填写更正原因" in screen.post(amend_url(visit), {"summary": HOSTILE}, status=422).summary
        screen.post(amend_url(visit), {"summary": HOSTILE, "mode": "phone", "reason": "与企业核对"})
        page = screen.get("outreach.show", visit_id=visit.id)
    assert ["走访方式", "实地走访", "电话联系"] in page.rows
    assert ["走访情况", "企业满产。", "<script>alert(1)</script>𠮷"] in page.rows
    assert "与企业核对" in page.main
    assert "补录" not in page.main
    assert "<script>alert" not in page.response.text


def test_the_blank_reason_is_required_of_a_coordinator_at_once(client_for, me, firm):
    visit = make_visit(firm, author=me)
    office = client_for(make_person(roles=[Role.COORDINATOR]))
    assert "请填写更正原因" in office.post(amend_url(visit), {"place": "厂区"}, status=422).summary
    office.post(amend_url(visit), {"place": "厂区", "reason": "企业来电"})


def test_without_script_the_questions_about_problems_come_after_the_first_try(
    client_for, me, firm, other, database
):
    visit = make_visit(firm, author=me, problems=[problem_at(firm, title="用电不足")])
    issue = database.session.scalars(sa.select(Issue)).one()
    screen = client_for(me)
    swap = {"enterprise_ids": [], "enterprises": f"#{other.id}"}
    page = screen.post(amend_url(visit), swap, status=422)
    assert "用电不足" in page.main
    assert page.root.first("select", name=f"problem_{issue.id}")
    page = screen.post(amend_url(visit), {f"problem_{issue.id}": "keep"}, page=page, status=422)
    screen.post(amend_url(visit), {"no_issue_ids": "all"}, page=page)
    database.session.expire_all()
    assert issue.enterprise_id == firm.id


def test_a_problem_goes_to_the_enterprise_it_was_meant_for(client_for, me, firm, other, database):
    visit = make_visit(firm, author=me, problems=[problem_at(firm)])
    issue = database.session.scalars(sa.select(Issue)).one()
    swap = {"enterprise_ids": [], "enterprises": f"#{other.id}", f"problem_{issue.id}": str(other.id)}
    client_for(me).post(amend_url(visit), swap)
    database.session.expire_all()
    assert issue.enterprise_id == other.id
    assert "所属走访记录更正" in client_for(me).get("issues.show", issue_id=issue.id).main


def test_lines_are_added_without_script(client_for, me, firm):
    visit = make_visit(firm, author=me, promises=[PromiseEntry(firm.id, "修路")])
    screen = client_for(me)
    page = screen.post(amend_url(visit), {"more": "promises"}, status=200)
    data = {"promises-1-what": "修路灯", "promises-1-owner": "市政"}
    page = screen.get(screen.post(amend_url(visit), data, page=page).location)
    assert {"修路", "修路灯"} <= {row[0] for row in page.rows}


def test_voiding_asks_about_each_problem_and_leaves_the_visit_readable(client_for, me, firm, database):
    visit = make_visit(
        firm, author=me, problems=[problem_at(firm, title="一"), problem_at(firm, title="二")]
    )
    one, two = database.session.scalars(sa.select(Issue).order_by(Issue.id)).all()
    office = client_for(make_person(roles=[Role.COORDINATOR]))
    data = {"reason": "与另一条重复", f"problem_{one.id}": "keep"}
    assert "保留还是一并作废" in office.post(void_url(visit), data, status=422).summary
    office.post(void_url(visit), {**data, f"problem_{two.id}": "void"})
    database.session.expire_all()
    assert (one.state, two.state) == (State.REGISTERED, State.VOID)
    page = client_for(me).get("outreach.show", visit_id=visit.id)
    assert "本次走访已作废" in page.main
    assert "与另一条重复" in page.main
    assert not {amend_url(visit), void_url(visit)} & set(page.links.values())
    assert office.get("outreach.index").rows == []
    assert "走访已作废" in office.get("issues.show", issue_id=one.id).main
    assert "作废" in office.get("outreach.index", void="y").rows[0][0]


def test_who_may_not_void_a_problem_is_told_and_keeps_it(client_for, me, firm, database):
    visit = make_visit(firm, author=me, problems=[problem_at(firm)])
    [issue_id] = database.session.scalars(sa.select(Issue.id)).all()
    screen = client_for(me)
    page = screen.get(void_url(visit))
    assert "无权作废" in page.main
    screen.post(void_url(visit), {"reason": "重复", f"problem_{issue_id}": "void"}, status=422)
    screen.post(void_url(visit), {"reason": "重复"})


def test_who_may_not_correct_a_visit_is_refused(client_for, me, firm, database):
    visit = make_visit(firm, author=make_person(roles=[Role.CADRE]), people=[me])
    companion, stranger = client_for(me), client_for(make_person(roles=[Role.CADRE]))
    auditor, admin = (client_for(make_person(roles=[role])) for role in (Role.AUDITOR, Role.ADMIN))
    for url in (amend_url(visit), void_url(visit)):
        assert url not in companion.get("outreach.show", visit_id=visit.id).links.values()
        for browser, status in ((companion, 403), (stranger, 404), (auditor, 403), (admin, 403)):
            browser.get(url, status=status)
            browser.post(url, {"reason": "x", "summary": "x"}, status=status)
    assert database.session.scalar(sa.select(Visit.revision)) == 1


def test_void_or_overtaken_a_visit_is_neither_corrected_nor_voided(client_for, me, firm):
    visit = make_visit(firm, author=me)
    screen = client_for(me)
    for url in (amend_url(visit), void_url(visit)):
        screen.post(url, {"revision": "0", "reason": "x", "place": "x"}, status=409)
    screen.post(void_url(visit), {"reason": "重复"})
    for url in (amend_url(visit), void_url(visit)):
        screen.get(url, status=409)
        screen.post(url, {"reason": "x", "place": "x"}, status=409)


def test_bad_entries_are_refused_with_a_sentence(client_for, me, firm):
    visit = make_visit(firm, author=me)
    screen = client_for(me)
    for data in (
        {"visited_on": "2026-11-24"},
        {"visited_on": "1899-12-31"},
        {"visited_on": "2026-02-30"},
        {"mode": "teleport"},
        {"reason": "长" * 201},
        {"summary": "长" * 5001},
        {"enterprise_ids": "999999"},
        {"group_id": "999999"},
        {"participant_ids": "999999"},
        {"participant_ids": []},
        {"programme_ids": []},
        {"no_issue_ids": []},
        {"promises-0-what": "x", "promises-0-promise_id": "999999"},
    ):
        assert screen.post(amend_url(visit), data, status=422).summary, data
    for reason in ("", " \u200b", "长" * 201):
        assert screen.post(void_url(visit), {"reason": reason}, status=422).summary


def test_the_error_summary_calls_the_enterprises_by_their_name(client_for, me):
    page = client_for(me).post("/visits/new", {"enterprise_ids": "x"}, status=422)
    assert "走访企业数" not in page.summary


def test_the_visit_page_takes_the_same_statements_however_often_it_was_corrected(
    client_for, me, firm, database, statements
):
    visit = make_visit(firm, author=me)
    screen, counts = client_for(me), []
    for number in range(4):
        screen.post(amend_url(visit), {"place": f"第{number}会议室"})
        with statements() as seen:
            screen.get("outreach.show", visit_id=visit.id)
        counts.append(len(seen))
    assert len(set(counts)) == 1
    assert counts[0] <= 10


def test_two_corrections_at_once_are_put_together(client_for, me, firm, other, database):
    visit = make_visit(firm, author=me)
    screen, office = client_for(me), client_for(make_person(roles=[Role.COORDINATOR]))
    mine = screen.get(amend_url(visit))
    theirs = {"mode": "phone", "place": "电话", "enterprises": f"#{other.id}", "reason": "核对"}
    office.post(amend_url(visit), {**theirs, "no_issue_ids": [str(firm.id), str(other.id)]})
    conflict = screen.post(amend_url(visit), {"summary": "我写的情况"}, page=mine, status=409)
    screen.post(amend_url(visit), page=conflict)
    page = screen.get("outreach.show", visit_id=visit.id)
    for words in ("我写的情况", "电话联系", firm.name, other.name):
        assert words in page.main
