"""The desks: what waits is worked off one after the other, and nothing else can be done there."""

import pytest
import sqlalchemy as sa

from tests.factories.enterprises import make_enterprise
from tests.factories.issues import advance, make_category, make_issue, make_office
from visits.core.audit import AuditEntry
from visits.core.calendar import fill_calendar
from visits.enterprises.models import ContactRole
from visits.enterprises.operations import ContactEntry, add_contact
from visits.issues import operations as do
from visits.issues import queries
from visits.issues.models import Level, Solved, Urgency
from visits.issues.operations import AssignEntry, EvaluationEntry
from visits.issues.states import State


@pytest.fixture
def office(db, at):
    at("2026-11-23")
    fill_calendar([2026])
    return make_office()


@pytest.fixture
def browser(client_for, office):
    """A browser of one of the office's people: browser("coordinator")."""
    return lambda name: client_for(office.people[name])


def queued(page):
    """The titles of the queue shown, in its order."""
    return [title.text for title in page.root.all(class_="desk-title")]


def shown(page):
    """The title of the problem shown beside the queue."""
    return page.root.first(class_="desk-pane").first("h2").text


def test_the_acceptance_desk_assigns_one_after_the_other(browser, office, db):
    make_category(unit_id=office.unit.id)
    first, second = make_issue(office, title="一号问题"), make_issue(office, title="二号问题")
    urgent = make_issue(office, title="急件", urgency=Urgency.CRITICAL)
    person = browser("coordinator")
    page = person.get("desks.office")
    assert queued(page) == ["急件", "一号问题", "二号问题"]
    assert shown(page) == "急件"
    for issue, following in ((urgent, "一号问题"), (first, "二号问题"), (second, None)):
        sent = {"lead_unit_id": str(office.unit.id)}
        page = person.follow(
            person.post(
                "desks.move_at_office", sent, page=page, issue_id=issue.id, move="assign", queue="accept"
            )
        )
        assert (shown(page) if following else None) == following
        db.session.refresh(issue)
        assert (issue.state, issue.lead_unit_id) == (State.ASSIGNED, office.unit.id)
    assert "此处没有待办" in page.main


def test_the_usual_unit_is_chosen_already(browser, office):
    make_category(unit_id=office.other_unit.id)
    make_issue(office)
    page = browser("coordinator").get("desks.office")
    chosen = [option for option in page.root.all("option") if "selected" in option]
    assert office.other_unit.name in [option.text for option in chosen]


def test_what_was_typed_stays_when_a_form_is_refused(browser, office):
    issue, person = make_issue(office), browser("coordinator")
    page = person.post(
        "desks.move_at_office",
        {"lead_unit_id": "", "note": "请尽快办理"},
        page=person.get("desks.office"),
        status=422,
        issue_id=issue.id,
        move="assign",
        queue="accept",
    )
    assert "请尽快办理" in page.root.first("textarea").text
    assert page.summary


def test_whoever_comes_second_is_told(browser, office, db):
    issue, person = make_issue(office), browser("coordinator")
    page = person.get("desks.office")
    do.assign(office.coordinator, issue, AssignEntry(office.unit.id))
    db.session.commit()
    sent = {"lead_unit_id": str(office.other_unit.id), "note": "不能丢的话"}
    page = person.post(
        "desks.move_at_office",
        sent,
        page=page,
        status=409,
        issue_id=issue.id,
        move="assign",
        queue="accept",
    )
    assert "不能丢的话" in page.text


def test_a_unit_signs_and_goes_on_to_handle(browser, office):
    issue = make_issue(office, State.ASSIGNED)
    person = browser("handler")
    page = person.get("desks.unit")
    assert "待签收" in page.main
    page = person.post(
        "desks.move_at_unit",
        {"revision": str(issue.revision)},
        issue_id=issue.id,
        move="sign",
        queue="sign",
    )
    assert page.status == 303
    page = person.get("desks.unit")
    assert queued(page) == [issue.title]
    assert "首次联系" in page.main


def test_a_desk_holds_what_is_its_own(browser, office):
    issue = make_issue(office, State.ASSIGNED)
    page = browser("other_handler").get("desks.unit")
    assert queued(page) == []
    browser("other_handler").post("desks.move_at_unit", status=404, issue_id=issue.id, move="sign")


@pytest.mark.parametrize(
    ("who", "desk"),
    [
        ("cadre", "office"),
        ("handler", "office"),
        ("coordinator", "unit"),
        ("handler", "callback"),
        ("cadre", "board"),
    ],
)
def test_the_wrong_person_is_refused(browser, office, who, desk):
    browser(who).get(f"desks.{desk}", status=403)


@pytest.mark.parametrize("move", ["nonsense", "register", "close-evaluated", "assign_"])
def test_a_move_that_no_page_offers_does_not_exist(browser, office, move):
    issue = make_issue(office)
    browser("coordinator").post("desks.move_at_office", status=404, issue_id=issue.id, move=move)


@pytest.mark.parametrize(
    "arguments",
    [
        {"queue": "nonsense"},
        {"issue": "999999"},
        {"issue": "x"},
        {"queue": "accept", "move": "void_"},
        {"move": "\x00"},
    ],
)
def test_odd_addresses_show_the_desk(browser, office, arguments):
    make_issue(office)
    assert browser("coordinator").get("desks.office", **arguments).status == 200


def test_the_callback_desk_begins_with_whom_nobody_has_rung_up(browser, office, db):
    called, fresh = (make_issue(office, title=title) for title in ("打过一次", "还没打过"))
    for issue in (called, fresh):
        advance(office, issue, State.EVALUATING)
    do.log_attempt(office.callback, called, "无人接听")
    page = browser("callback").get("desks.callback")
    assert queued(page) == ["还没打过", "打过一次"]
    assert "已回访1次" in page.main


def test_the_callback_desk_says_whom_to_ring_and_shows_a_number_to_be_logged(browser, office, db):
    firm = make_enterprise()
    liaison = add_contact(
        office.coordinator, firm, ContactEntry(ContactRole.LIAISON, "王联络", "主任", "13912345678")
    )
    make_issue(office, State.EVALUATING, enterprise=firm)
    db.session.commit()
    person = browser("callback")
    page = person.get("desks.callback")
    assert page.links[firm.name].startswith(f"/enterprises/{firm.id}")
    assert "王联络企业联络员 · 主任139****5678 查看号码" in page.main
    assert "13912345678" not in page.text
    shown = person.post(
        "enterprises.reveal_contact", page=page, status=200, enterprise_id=firm.id, contact_id=liaison.id
    )
    assert "13912345678" in shown.main
    assert db.session.scalars(sa.select(AuditEntry.action)).all().count("contact.revealed") == 1


@pytest.mark.parametrize(
    ("who", "desk"), [("coordinator", "office"), ("handler", "unit"), ("callback", "callback")]
)
def test_statements_do_not_grow_with_the_rows(browser, office, db, statements, who, desk):
    states = {"office": State.REGISTERED, "unit": State.IN_PROGRESS, "callback": State.EVALUATING}
    make_issue(office, states[desk])
    person, counts = browser(who), []
    person.get(f"desks.{desk}")
    for _ in range(2):
        with statements() as seen:
            person.get(f"desks.{desk}")
        counts.append(len(seen))
        for _ in range(4):
            make_issue(office, states[desk])
    assert counts[0] == counts[1] <= 10, counts


def test_the_unit_desk_keeps_what_the_enterprise_said_of_the_unit(browser, office, db):
    issue = make_issue(office, State.EVALUATING)
    answer = EvaluationEntry(
        Solved.UNSOLVED, Level.VERY_DISSATISFIED, comment="态度敷衍", to_unit="请上门说明", evaluator="王总"
    )
    do.record_evaluation(office.callback, issue, answer)
    page = browser("handler").get("desks.unit", queue="handle")
    assert shown(page) == issue.title
    assert "态度敷衍" not in page.text
    assert "非常不满意" not in page.text


def test_several_problems_are_reminded_of_at_once(browser, office, db):
    late, closed = make_issue(office, State.IN_PROGRESS), make_issue(office, State.CLOSED)
    person = browser("coordinator")
    page = person.get(f"/issues/bulk/remind?state=all&row={late.id}&row={closed.id}")
    result = person.follow(
        person.post(
            f"/issues/bulk/remind?state=all&row={late.id}&row={closed.id}",
            {"note": "请于本周内反馈"},
            page=page,
        )
    )
    assert late.number in result.main
    moves = {
        issue.id: [row.IssueMove.move for row in queries.moves_of(issue.id)] for issue in (late, closed)
    }
    assert moves[late.id][-1] == "remind"
    assert "remind" not in moves[closed.id]


def test_the_unit_reads_whose_answer_is_missing(browser, office):
    issue = make_issue(office)
    do.assign(office.coordinator, issue, AssignEntry(office.unit.id, [office.other_unit.id]))
    do.sign(office.handler, issue)
    person, said = browser("handler"), f"还有1个协办单位未反馈：{office.other_unit.name}"
    assert said in person.get("issues.show", issue_id=issue.id).main
    assert said in person.get("desks.unit", queue="handle").main
    do.answer_as_co_unit(office.other_handler, issue, "已配合")
    assert "个协办单位未反馈" not in person.get("issues.show", issue_id=issue.id).main


def test_a_co_unit_reads_its_own_limit_and_not_that_of_the_unit_in_charge(browser, office):
    issue = make_issue(office)
    do.assign(office.coordinator, issue, AssignEntry(office.unit.id, [office.other_unit.id]))
    do.sign(office.handler, issue)
    lead, co_unit = queries.dispatches_of(issue.id)
    days = (co_unit.Dispatch.due_on - lead.Dispatch.due_on).days
    assert days < 0
    person = browser("other_handler")
    assert f"反馈时限{co_unit.Dispatch.due_on}" in person.get("inbox.index").main
    desk, home = person.get("desks.unit", queue="answer"), person.get("home.index")
    assert "本单位反馈时限 2026-11-30 周一" in desk.main
    assert "个协办单位未反馈" not in desk.main
    for page in (desk, home):
        assert "剩5个工作日" in page.main
        assert "剩7个工作日" not in page.main
    assert "协办单位" in home.main
    assert "剩7个工作日" in browser("handler").get("home.index").main


def test_a_desk_calls_for_the_next_one_only_where_there_is_one(browser, office):
    first, second = make_issue(office, State.ASSIGNED), make_issue(office, State.ASSIGNED)
    person = browser("handler")
    said = []
    for issue in (first, second):
        sent = {"revision": str(issue.revision)}
        answer = person.post("desks.move_at_unit", sent, issue_id=issue.id, move="sign", queue="sign")
        said.append("请办理下一件" in person.follow(answer).text)
    assert said == [True, False]


def test_nobody_is_reminded_of_what_nobody_works_on_yet(browser, office):
    issue = make_issue(office)
    page = browser("coordinator").get("issues.make_move", issue_id=issue.id, move="remind", status=409)
    assert page.root.first("h1").text == "当前状态不能办理"
