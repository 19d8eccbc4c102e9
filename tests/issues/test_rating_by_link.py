"""What an enterprise answers by its link: once, in time, with one change of mind."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.issues import advance, make_issue, make_office
from tests.support.links import BAD, GOOD, OVER, SECOND, TELEPHONED, UNKNOWN, linked, moves, ratings, sent
from visits.core.errors import NotAllowed, Refused
from visits.core.permissions import Role
from visits.issues import operations as do
from visits.issues.models import IssueMove, Level, Outcome, RatingRight
from visits.issues.operations import EvaluationEntry, ReportEntry
from visits.issues.rules import Solved
from visits.issues.states import State


@pytest.fixture
def office(db, at):
    at("2026-11-23")
    return make_office()


@pytest.fixture
def visitor(client_for, office):
    return client_for(None)


def test_a_good_rating_closes_and_a_second_one_is_refused(office, visitor, db):
    issue = make_issue(office, State.EVALUATING)
    address = linked(office, issue)
    page = visitor.get(address, status=200)
    assert [box for box in page.root.all("input") if box["type"] == "radio" and "checked" in box] == []
    sent(visitor, address, GOOD, 303)
    db.session.refresh(issue)
    (said,) = ratings(issue)
    assert (issue.state, said.channel, said.is_proxy, said.recorded_by_id) == (
        State.CLOSED, "link", False, None,
    )  # fmt: skip
    assert moves(issue)[-2:] == ["record_evaluation", "close_evaluated"]
    assert "您的评价" in visitor.get(address, status=200).main


@pytest.mark.parametrize("said", [GOOD, BAD])
def test_a_rating_sent_twice_is_told_that_it_is_recorded(office, visitor, said):
    issue = make_issue(office, State.EVALUATING)
    address = linked(office, issue)
    form = {**said, "turn": "1.1"}
    sent(visitor, address, form, 303)
    again = sent(visitor, address, form, 410).main
    assert "评价已提交" in again
    assert OVER not in again
    assert len(ratings(issue)) == 1
    assert OVER in sent(visitor, f"/r/{UNKNOWN}", form, 410).main


@pytest.mark.parametrize("again", [{"solved": "solved", "level": "basically"}, GOOD])
def test_one_change_of_mind_and_both_are_kept(office, visitor, db, again):
    issue = make_issue(office, State.EVALUATING)
    address = linked(office, issue)
    asked = visitor.get(address, status=200).main
    assert "还可重新评价一次" in asked
    assert "不能修改" not in asked
    sent(visitor, address, GOOD, 303)
    assert "可以重新评价一次" in visitor.get(address, status=200).main
    sent(visitor, address, again, 410)  # the same form again is no change of mind
    sent(visitor, address, again | SECOND, 303)
    db.session.refresh(issue)
    assert issue.state == State.CLOSED
    assert [said.level for said in ratings(issue)] == ["satisfied", again["level"]]
    for turn in ("1.1", "1.2", "1.3", "2.1", "1", "x.y", "9999999999.1"):
        sent(visitor, address, BAD | {"turn": turn}, 410)
    assert "提交评价" not in visitor.get(address, status=200).main


def test_a_bad_change_of_mind_takes_the_problem_up_again(office, visitor, db):
    issue = make_issue(office, State.EVALUATING)
    address = linked(office, issue)
    sent(visitor, address, GOOD, 303)
    sent(visitor, address, BAD | SECOND, 303)
    db.session.refresh(issue)
    assert (issue.state, issue.round, issue.closed_on) == (State.IN_PROGRESS, 2, None)
    assert moves(issue)[-2:] == ["rate_later", "reopen"]
    assert "正在重新办理" in visitor.get(address, status=200).main
    sent(visitor, address, GOOD, 410)


def test_a_bad_rating_begins_the_next_round_and_its_own_right(office, visitor, db):
    issue = make_issue(office, State.EVALUATING)
    address = linked(office, issue)
    sent(visitor, address, BAD, 303)
    db.session.refresh(issue)
    assert (issue.state, issue.round) == (State.IN_PROGRESS, 2)
    sent(visitor, address, GOOD, 410)
    advance(office, issue, State.EVALUATING)
    db.session.commit()
    sent(visitor, address, GOOD, 303)
    rights = db.session.scalars(sa.select(RatingRight).order_by(RatingRight.id)).all()
    assert [(right.round, right.turn, right.used_at is not None) for right in rights] == [
        (1, 1, True), (2, 1, True), (2, 2, False),
    ]  # fmt: skip


def test_the_plan_is_asked_about_when_the_outcome_is_one(office, visitor):
    issue = make_issue(office, State.IN_PROGRESS)
    do.report(
        office.handler, issue, ReportEntry(Outcome.PLANNED, "列入计划", "明年三月完成", date(2027, 3, 1))
    )
    do.pass_review(office.coordinator, issue)
    address = linked(office, issue)
    asked = visitor.get(address, status=200).main
    assert "对办理安排或解释说明是否认可" in asked
    assert "承诺完成日期 2027-03-01" in asked
    page = sent(visitor, address, {"solved": "partly", "level": "satisfied"}, 422)
    assert page.errors == ["请选择一项。"]
    sent(visitor, address, {"solved": "partly", "level": "satisfied", "accepts": "yes"}, 303)
    assert [said.accepts for said in ratings(issue)] == [True]


@pytest.mark.parametrize(("accepts", "said"), [("yes", "认可"), ("no", "不认可")])
def test_what_the_enterprise_answered_stands_whole_on_its_page(office, visitor, accepts, said):
    issue = make_issue(office, State.IN_PROGRESS)
    do.report(office.handler, issue, ReportEntry(Outcome.EXPLAINED, "条件不具备", "已当面说明原因"))
    do.pass_review(office.coordinator, issue)
    address = linked(office, issue)
    sent(visitor, address, GOOD | {"accepts": accepts}, 303)
    root = visitor.get(address, status=200).root
    facts = {dt.text: dd.text for dt, dd in zip(root.all("dt"), root.all("dd"), strict=True)}
    assert facts["您对办理安排或解释说明是否认可？"] == said
    assert facts["您还有什么意见或建议？"] == GOOD["comment"]


def test_who_rated_by_phone_uses_the_link_s_turn_up(office, visitor, db):
    issue = make_issue(office, State.EVALUATING)
    address = linked(office, issue)
    do.record_evaluation(office.callback, issue, TELEPHONED)
    db.session.commit()
    assert "可以重新评价一次" in visitor.get(address, status=200).main
    assert "电话回访" in visitor.get(address, status=200).main


def test_unrated_closings_are_rated_late_by_link_or_callback(at, office, visitor, db):
    by_link, by_phone = make_issue(office, State.EVALUATING), make_issue(office, State.EVALUATING)
    address = linked(office, by_link)
    for day in ("2026-11-23", "2026-11-24", "2026-11-25"):
        at(day)
        for issue in (by_link, by_phone):
            do.log_attempt(office.callback, issue, "无人接听")
    for issue in (by_link, by_phone):
        do.close_unreached(office.coordinator, issue, "三次未接通")
    db.session.commit()
    at("2026-12-20")  # the 14 days of the first asking are over, the 30 after the closing are not
    sent(visitor, address, GOOD, 303)
    do.rate_later(office.callback, by_phone, TELEPHONED)
    assert [len(ratings(issue)) for issue in (by_link, by_phone)] == [1, 1]
    db.session.refresh(by_link)
    assert (by_link.state, by_phone.state) == (State.CLOSED, State.CLOSED)


def test_somebody_of_the_unit_that_had_it_records_no_later_rating(office):
    issue = make_issue(office, State.CLOSED)
    insider = actor_for(make_person([Role.CALLBACK], office.unit))
    with pytest.raises(NotAllowed, match="Your unit handles"):
        do.rate_later(insider, issue, TELEPHONED)


def test_a_later_rating_needs_words_for_the_unit_when_it_is_bad(office):
    issue = make_issue(office, State.CLOSED)
    bad = EvaluationEntry(Solved.UNSOLVED, Level.DISSATISFIED, evaluator="王经理")
    with pytest.raises(Refused) as refusal:
        do.rate_later(office.callback, issue, bad)
    assert refusal.value.field == "to_unit"
    assert issue.state == State.CLOSED


def test_the_enterprise_has_a_closed_problem_taken_up_again(office, visitor, db):
    issue = make_issue(office, State.CLOSED)
    address = linked(office, issue)
    page = sent(visitor, f"{address}/reopening", {"why": " "}, 422)
    assert page.errors == ["此项必填。"]
    sent(visitor, f"{address}/reopening", {"why": "雨后又积水了"}, 303)
    db.session.refresh(issue)
    assert (issue.state, issue.round) == (State.IN_PROGRESS, 2)
    last = db.session.scalars(sa.select(IssueMove).order_by(IssueMove.id.desc()).limit(1)).one()
    assert (last.move, last.acted_as, last.note) == ("reopen", "enterprise", "雨后又积水了")
    sent(visitor, f"{address}/reopening", {"why": "雨后又积水了"}, 410)


def test_the_enterprise_asks_to_withdraw_and_the_callback_officer_decides(office, visitor, db):
    issue = make_issue(office, State.IN_PROGRESS)
    address = linked(office, issue)
    assert "撤回" in visitor.get(address, status=200).main
    sent(visitor, f"{address}/withdrawal", {"why": "长" * 501}, 422)
    sent(visitor, f"{address}/withdrawal", {"why": "已自行解决"}, 303)
    db.session.refresh(issue)
    assert (issue.state, issue.withdrawal_asked) == (State.IN_PROGRESS, True)
    page = visitor.get(address, status=200)
    assert "您申请撤回，我们会电话核实" in page.main
    assert page.root.first("details") is None


def test_what_is_not_open_cannot_be_withdrawn_nor_what_is_open_taken_up_again(office, visitor, at):
    handled, closed = make_issue(office, State.IN_PROGRESS), make_issue(office, State.CLOSED)
    sent(visitor, linked(office, handled) + "/reopening", {"why": "再来一次"}, 410)
    address = linked(office, closed)
    sent(visitor, address + "/withdrawal", {"why": "不要了"}, 410)
    at("2026-12-24")
    sent(visitor, address + "/reopening", {"why": "再来一次"}, 410)
    for wish in ("withdrawal", "reopening"):
        sent(visitor, f"/r/{'x' * 32}/{wish}", {"why": "无此链接"}, 410)
        sent(visitor, f"/r/short/{wish}", {"why": "无此链接"}, 404)
