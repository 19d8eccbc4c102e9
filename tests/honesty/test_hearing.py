"""What an enterprise says of visits by its link: once, with one change of mind, and who gets to know."""

import json
from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_issue, make_office
from tests.factories.outreach import make_visit
from tests.factories.programmes import make_group, make_link
from tests.support.browser import side_by_side
from tests.support.links import OVER, UNKNOWN, linked, sent
from visits.core.audit import AuditEntry
from visits.core.authz import Actor
from visits.core.db import db
from visits.core.permissions import Role
from visits.honesty import queries
from visits.honesty.models import Closing, Kind, RecordQuestion, VisitAnswer
from visits.issues.states import State
from visits.outreach import operations as outreach
from visits.programmes.models import VisitMode


@pytest.fixture
def office():
    return make_office()


@pytest.fixture
def firm():
    return make_enterprise("湖畔精密机械有限公司")


@pytest.fixture
def issue(office, firm):
    return make_issue(office, State.IN_PROGRESS, enterprise=firm)


@pytest.fixture
def visit(firm, author):
    return make_visit(firm, author=author, summary="内部情况不得外传")


@pytest.fixture
def address(office, issue, visit):
    return linked(office, issue) + "/visits"


@pytest.fixture
def visitor(client_for):
    return client_for(None)


def make_head(office):
    head = make_person([Role.UNIT_HEAD], office.unit)
    db.session.commit()
    return head


def form(visit, has_come="no", turn=1, **more):
    return {"visit": str(visit.id), "turn": str(turn), "has_come": has_come} | more


def answers():
    return list(db.session.scalars(sa.select(VisitAnswer).order_by(VisitAnswer.id)))


def denials():
    stmt = sa.select(RecordQuestion).where(RecordQuestion.kind == Kind.DENIED)
    return list(db.session.scalars(stmt.order_by(RecordQuestion.id)))


def test_the_enterprise_sees_who_serves_it_and_who_came_but_no_texts(visitor, address, firm, author):
    officer = make_person([Role.OFFICER], name="钱驻企")
    make_link(firm, group=make_group("第一服务组"), officer=officer)
    make_visit(make_enterprise("别家公司"), author=author, visited_on=date(2026, 11, 3))
    make_visit(firm, author=author, visited_on=date(2025, 11, 3))
    db.session.commit()
    page = visitor.get(address, status=200)
    for said in ("钱驻企", "第一服务组", "2026-11-23", "实地走访", "确实来过", "没有来过"):
        assert said in page.main
    for hidden in ("内部情况", "赵走访", "别家公司", "2026-11-03", "2025-11-03"):
        assert hidden not in page.text
    progress = visitor.get(address.removesuffix("/visits"), status=200)
    assert address in [link["href"] for link in progress.root.all("a")]


def test_reading_ten_times_uses_nothing_up(visitor, address, visit):
    for _ in range(10):
        visitor.get(address, status=200)
    assert answers() == []
    sent(visitor, address, form(visit), 303)


def test_a_denial_comes_before_the_office_at_once_and_asks_the_author_in_plain_words(
    visitor, address, visit, author, coordinator, client_for, count_waiting
):
    sent(visitor, address, form(visit, words="当天厂里停产，没有人来"), 303)
    (question,) = denials()
    assert (question.asked_id, question.visit_id) == (author.id, visit.id)
    supervisor = make_person([Role.SUPERVISOR])
    db.session.commit()
    assert count_waiting(coordinator) == count_waiting(actor_for(supervisor)) == 1
    read = client_for(supervisor).get("honesty.show", question_id=question.id).main
    assert "企业反映该次走访没有来过" in read
    assert "当天厂里停产，没有人来" in read
    asked = client_for(author).get("honesty.answer", question_id=question.id).main
    assert "请核对该记录的企业、走访日期和参加人员。" in asked
    assert "停产" not in asked
    assert "没有来过" not in asked
    mine = client_for(author).get("honesty.mine").main
    assert "由企业对走访情况的反映引出的，专班办公室同时可见" in mine
    assert "停产" not in mine
    listed = client_for(supervisor).get("honesty.index")
    assert len(listed.rows) == 1
    assert "企业对走访情况的反映（即时列入）" in listed.main


def test_contacts_without_coming_are_neither_counted_nor_asked_about(visitor, address, firm, author):
    for mode in (VisitMode.PHONE, VisitMode.ONLINE):
        contact = make_visit(firm, author=author, mode=mode)
        db.session.commit()
        sent(visitor, address, form(contact), 404)
    page = visitor.get(address, status=200)
    assert len(page.root.all(class_="public-visit")) == 1
    assert "电话联系" not in page.main
    make_visit(firm, author=author, mode=VisitMode.SYMPOSIUM)
    db.session.commit()
    assert len(visitor.get(address, status=200).root.all(class_="public-visit")) == 2
    assert (answers(), denials()) == ([], [])


def test_that_somebody_came_asks_nobody_anything(visitor, address, visit):
    sent(visitor, address, form(visit, "yes"), 303)
    assert [(said.has_come, said.turn) for said in answers()] == [(True, 1)]
    assert denials() == []
    assert "您已答复：确实来过" in visitor.get(address, status=200).main


def test_one_change_of_mind_settles_or_raises(visitor, address, visit):
    sent(visitor, address, form(visit, "no"), 303)
    assert "再次提交未作任何更改" in sent(visitor, address, form(visit, "yes"), 410).main
    sent(visitor, address, form(visit, "yes", turn=2), 303)
    (question,) = denials()
    db.session.refresh(question)
    assert question.closing is Closing.BY_ITSELF
    for turn in (1, 2, 3, 0, 99, 999_999_999):
        sent(visitor, address, form(visit, "no", turn=turn), 410)
    assert [said.has_come for said in answers()] == [False, True]
    assert "修改答复" not in visitor.get(address, status=200).main


def test_a_first_yes_may_become_a_no(visitor, address, visit):
    sent(visitor, address, form(visit, "yes"), 303)
    sent(visitor, address, form(visit, "no", turn=2), 303)
    assert [question.closing for question in denials()] == [None]


def test_another_link_of_the_same_enterprise_gives_no_second_say(visitor, address, visit, office, firm):
    second = linked(office, make_issue(office, State.ASSIGNED, enterprise=firm)) + "/visits"
    sent(visitor, address, form(visit, "yes"), 303)
    sent(visitor, second, form(visit, "no"), 410)
    assert len(answers()) == 1


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"has_come": ""}, 422),
        ({"has_come": "maybe"}, 422),
        ({"words": "长" * 201}, 422),
        ({"visit": "x"}, 404),
        ({"visit": ""}, 404),
        ({"visit": "999999"}, 404),
        ({"visit": "9" * 40}, 404),
        ({"turn": "x"}, 410),
        ({"turn": ""}, 410),
    ],
)
def test_what_is_not_whole_records_nothing(visitor, address, visit, changes, status):
    page = sent(visitor, address, form(visit) | changes, status)
    if len(changes.get("words", "")) > 200:
        assert changes["words"] in page.response.text
    assert answers() == []
    sent(visitor, address, form(visit), 303)


def test_a_visit_to_another_enterprise_is_none_of_its_business(visitor, address, author):
    other = make_visit(make_enterprise(), author=author)
    old = make_visit(author=author, visited_on=date(2025, 1, 6))
    db.session.commit()
    for visit in (other, old):
        sent(visitor, address, form(visit), 404)
    assert answers() == []


def test_a_void_visit_is_neither_shown_nor_answered(visitor, address, visit, author):
    outreach.void_visit(actor_for(author), visit, "误录", {})
    db.session.commit()
    assert "没有走访记录" in visitor.get(address, status=200).main
    sent(visitor, address, form(visit), 404)


def test_a_wrong_old_or_replaced_link_answers_as_ever(visitor, address, visit, office, issue, at):
    assert OVER in sent(visitor, f"/r/{UNKNOWN}/visits", form(visit), 410).main
    sent(visitor, "/r/short/visits", form(visit), 404)
    linked(office, issue)
    for status in (visitor.get(address, status=410), sent(visitor, address, form(visit), 410)):
        assert OVER in status.main
    assert answers() == []


def test_what_an_enterprise_writes_is_text_only(visitor, address, visit, coordinator, client_for):
    hostile = "<script>alert(1)</script>'\"=1+1\u202e"
    sent(visitor, address, form(visit, words=hostile), 303)
    person = make_person([Role.SUPERVISOR])
    db.session.commit()
    page = client_for(person).get("honesty.show", question_id=denials()[0].id)
    assert "<script>alert" not in page.response.text
    assert "alert(1)" in page.main


def test_the_unit_that_handles_the_problem_never_learns_of_it(
    visitor, address, visit, office, issue, client_for, author, count_waiting
):
    sent(visitor, address, form(visit, words="没有人来过"), 303)
    (question,) = denials()
    both = make_person([Role.COORDINATOR, Role.HANDLER], office.unit)
    db.session.commit()
    assert count_waiting(actor_for(both)) == 0
    told = {question.id: "没有来过", visit.id: "没有人来过"}
    for person in (office.people["handler"], make_head(office), both):
        browser = client_for(person)
        for path in (f"/visits/{visit.id}", f"/issues/{issue.id}", "/", f"/questions/{question.id}"):
            page = browser.open(path)
            assert [words for words in told.values() if words in page.text] == []
        assert browser.open("/questions").text.count("没有来过") <= 1  # the filter's own label


def test_an_author_of_the_handling_unit_is_not_asked(visitor, office, firm, issue):
    insider = make_person([Role.CADRE], office.unit)
    visit = make_visit(firm, author=insider)
    sent(visitor, linked(office, issue) + "/visits", form(visit), 303)
    assert [question.asked_id for question in denials()] == [None]
    assert queries.to_answer(actor_for(insider)).rows() == []


def test_the_log_holds_no_words_of_the_enterprise(visitor, address, visit):
    sent(visitor, address, form(visit, words="没有人来过"), 303)
    entries = db.session.scalars(sa.select(AuditEntry)).all()
    assert "visit.answered" in [entry.action for entry in entries]
    assert all("没有人来过" not in json.dumps(entry.changes, ensure_ascii=False) for entry in entries)


def test_thirty_at_once_are_one(app, address, visit):
    data = form(visit)

    def send(_):
        return app.test_client().post(address, data=data).status_code

    assert sorted(side_by_side(send, range(30))) == [303] + [410] * 29
    db.session.expire_all()
    assert (len(answers()), len(denials())) == (1, 1)


def test_it_costs_few_statements_however_many_visits(visitor, address, firm, author, statements):
    costs = []
    for many in (1, 10):
        for _ in range(many):
            make_visit(firm, author=author)
        db.session.commit()
        with statements() as seen:
            visitor.get(address, status=200)
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 10


def test_a_stranger_sees_no_answer(author, visit):
    assert queries.about_visit(Actor(person_id=None), visit.id) == []
