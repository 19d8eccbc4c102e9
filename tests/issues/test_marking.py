"""Withdrawals, flags, reminders, levels, followers and duties, against the database."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.issues import make_issue, make_office
from visits.core.authz import ENTERPRISE
from visits.core.errors import NotAllowed, NotFound, Refused, WrongState
from visits.core.permissions import Role
from visits.issues import operations as do
from visits.issues import queries
from visits.issues.models import Dispatch, Duty, RedFlag
from visits.issues.operations import DutyEntry, WithdrawalAnswer
from visits.issues.states import State

FREE = WithdrawalAnswer("王经理", is_free=True, said="已自行解决，不再需要。")
NOT_FREE = WithdrawalAnswer("王经理", is_free=False, said="单位让我们撤的，问题还在。")


@pytest.fixture
def office(db, at):
    at("2026-11-23")
    return make_office()


@pytest.fixture
def officer(office):
    return actor_for(make_person([Role.OFFICER]))


@pytest.fixture
def supervisor(office):
    return actor_for(make_person([Role.SUPERVISOR]))


def last(issue):
    return queries.moves_of(issue.id)[-1].IssueMove


def ask(officer, issue):
    do.watch(officer, issue)
    do.ask_withdrawal(officer, issue, "企业来电说不再需要")
    return issue


@pytest.mark.parametrize("state", [State.REGISTERED, State.RETURNED, State.REPORTED, State.EVALUATING])
def test_a_withdrawal_leaves_the_pool_only_after_somebody_else_asked(db, office, officer, state):
    issue = ask(officer, make_issue(office, state))
    assert (issue.state, issue.withdrawal_asked) == (state, True)
    do.withdraw(office.callback, issue, FREE, issue.revision)
    db.session.expire_all()
    assert (issue.state, issue.withdrawal_asked, issue.outcome) == (State.WITHDRAWN, False, None)
    request = queries.requests_of(issue.id)[0].IssueRequest
    assert (request.decision, request.decided_by_id) == ("granted", office.callback.person_id)
    assert last(issue).details == {"evaluator": "王经理", "is_free": True}
    running = sa.select(Dispatch.id).where(Dispatch.issue_id == issue.id, Dispatch.ended_at.is_(None))
    assert db.session.scalars(running).all() == []


def test_an_enterprise_asks_for_itself(db, office):
    issue = make_issue(office, State.IN_PROGRESS)
    do.ask_withdrawal(ENTERPRISE, issue, "不再需要")
    assert (last(issue).acted_as, issue.withdrawal_asked) == ("enterprise", True)


def test_denied_the_problem_goes_on_and_the_denial_stays(db, office, officer):
    issue = ask(officer, make_issue(office, State.IN_PROGRESS))
    do.refuse_withdrawal(office.callback, issue, NOT_FREE)
    assert (issue.state, issue.withdrawal_asked) == (State.IN_PROGRESS, False)
    assert queries.requests_of(issue.id)[0].IssueRequest.decision == "refused"
    do.ask_withdrawal(officer, issue, "企业又来电")
    assert issue.withdrawal_asked is True


def test_what_holds_a_withdrawal_back(db, office, officer):
    issue = make_issue(office, State.IN_PROGRESS)
    with pytest.raises(Refused, match="No withdrawal is asked"):
        do.withdraw(office.callback, issue, FREE)
    with pytest.raises(NotAllowed):
        do.ask_withdrawal(office.handler, issue, "企业不要了")
    with pytest.raises(NotAllowed):
        do.ask_withdrawal(officer, issue, "企业不要了")  # of another officer's enterprise
    ask(officer, issue)
    with pytest.raises(Refused, match="already"):
        do.ask_withdrawal(officer, issue, "企业不要了")
    for actor in (office.handler, office.coordinator, officer, office.leader):
        with pytest.raises(NotAllowed):
            do.withdraw(actor, issue, FREE)
    of_the_unit = actor_for(make_person([Role.CALLBACK], office.unit))
    with pytest.raises(NotAllowed):
        do.withdraw(of_the_unit, issue, FREE)
    with pytest.raises(Refused, match="own free will"):
        do.withdraw(office.callback, issue, NOT_FREE)
    with pytest.raises(Refused, match="who answered"):
        do.withdraw(office.callback, issue, WithdrawalAnswer(" ", is_free=True))
    with pytest.raises(Refused, match="what the enterprise said"):
        do.refuse_withdrawal(office.callback, issue, WithdrawalAnswer("王经理", is_free=False))
    with pytest.raises(WrongState):
        ask(officer, make_issue(office, State.CLOSED))
    assert (issue.state, issue.withdrawal_asked) == (State.IN_PROGRESS, True)


def test_a_flag_goes_up_and_down(db, office, supervisor):
    issue = make_issue(office)
    do.raise_flag(office.cadre, issue, RedFlag.MOVING_OUT, "企业在外地看地")
    assert issue.red_flag is RedFlag.MOVING_OUT
    with pytest.raises(Refused, match="raised already"):
        do.raise_flag(supervisor, issue, RedFlag.SAFETY, "再报")
    with pytest.raises(NotAllowed):
        do.lower_flag(office.cadre, issue, "没事了")
    do.lower_flag(office.coordinator, issue, "已落实用地，企业不外迁")
    assert issue.red_flag is None
    assert last(issue).details == {"red_flag": "moving_out"}
    with pytest.raises(Refused, match="Choose what"):
        do.raise_flag(supervisor, issue, None, "再报")


def test_the_name_is_kept_and_shown_by_author_and_office(db, office):
    issue = make_issue(office)
    do.hide_enterprise(office.cadre, issue, "企业要求保密")
    assert issue.confidential is True
    with pytest.raises(NotAllowed):
        do.show_enterprise(actor_for(make_person([Role.CADRE])), issue, "企业同意")
    do.show_enterprise(office.coordinator, issue, "王经理电话同意")
    assert issue.confidential is False
    for actor in (office.handler, office.leader):
        with pytest.raises(NotAllowed):
            do.hide_enterprise(actor, issue, "企业要求保密")


def test_levels_rise_to_the_highest(db, office, supervisor):
    issue = make_issue(office, State.ASSIGNED)
    for level in (1, 2, 3):
        do.escalate(supervisor, issue, "超期未办")
        assert (issue.escalation, last(issue).details) == (level, {"escalation": level})
    with pytest.raises(Refused, match="highest"):
        do.escalate(supervisor, issue, "超期未办")


def test_who_reminds_and_who_instructs(db, office, supervisor):
    issue = make_issue(office, State.IN_PROGRESS)
    do.remind(supervisor, issue, "请于明日反馈")
    do.instruct(office.leader, issue, "请经发局牵头，一周内解决")
    assert [row.IssueMove.move for row in queries.moves_of(issue.id)][-2:] == ["remind", "instruct"]
    assert issue.state is State.IN_PROGRESS
    with pytest.raises(NotAllowed):
        do.remind(office.handler, issue, "请反馈")
    for actor in (office.coordinator, supervisor):
        with pytest.raises(NotAllowed):
            do.instruct(actor, issue, "请办理")
    for move in (do.remind, do.instruct):
        with pytest.raises(Refused, match="Write"):
            move(office.leader, issue, "")


def test_who_follows_a_problem_may_read_it_until_he_no_longer_does(db, office, officer):
    issue = make_issue(office)
    do.watch(officer, issue)
    do.watch(officer, issue)
    revision = issue.revision
    assert queries.get_visible(officer, issue.id) is issue
    do.unwatch(officer, issue)
    do.unwatch(officer, issue)
    with pytest.raises(NotFound):
        queries.get_visible(officer, issue.id)
    assert issue.revision == revision


def entry(unit, **values):
    return DutyEntry(
        **{"unit_id": unit.id, "text": "完成管网改造方案", "due_on": date(2026, 12, 1)} | values
    )


def test_a_duty_is_set_and_done_by_its_unit_which_reads_the_problem_for_it(db, office):
    issue, helper = make_issue(office, State.ASSIGNED), make_unit()
    hand = actor_for(make_person([Role.HANDLER], helper))
    with pytest.raises(NotFound):
        queries.get_visible(hand, issue.id)
    duty = do.set_duty(office.coordinator, issue, entry(helper), issue.revision)
    assert queries.get_visible(hand, issue.id) is issue
    with pytest.raises(Refused, match="what was done"):
        do.complete_duty(hand, issue, duty.id, " ")
    do.complete_duty(hand, issue, duty.id, "方案已报送")
    db.session.expire_all()
    assert (duty.done_note, duty.done_by_id, duty.done_at is not None) == (
        "方案已报送",
        hand.person_id,
        True,
    )
    with pytest.raises(Refused):
        do.complete_duty(hand, issue, duty.id, "再报一次")
    assert last(issue).details["duty"] == "完成管网改造方案"


def test_a_unit_reports_its_own_duties_only(db, office):
    issue = make_issue(office, State.ASSIGNED)
    own = do.set_duty(office.coordinator, issue, entry(office.unit))
    theirs = do.set_duty(office.coordinator, issue, entry(office.other_unit))
    with pytest.raises(NotAllowed, match="another unit"):
        do.complete_duty(office.handler, issue, theirs.id, "做完了")
    do.complete_duty(office.handler, issue, own.id, "做完了")
    do.complete_duty(office.coordinator, issue, theirs.id, "电话报告已完成")
    other = make_issue(office, State.ASSIGNED)
    foreign = do.set_duty(office.coordinator, other, entry(office.unit))
    third = do.set_duty(office.coordinator, issue, entry(office.unit))
    with pytest.raises(Refused, match="of this problem"):
        do.complete_duty(office.handler, issue, foreign.id, "做完了")
    do.cancel_duty(office.coordinator, issue, third.id, "方案改变")
    with pytest.raises(Refused):
        do.complete_duty(office.handler, issue, third.id, "做完了")
    assert db.session.get(Duty, third.id).cancelled_at is not None


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"text": " "}, "what the unit has to do"),
        ({"unit_id": 999_999}, "unit that is in use"),
        ({"due_on": None}, "from today on"),
        ({"due_on": date(2026, 11, 22)}, "from today on"),
    ],
)
def test_duties_that_cannot_be_set(db, office, values, words):
    issue = make_issue(office)
    with pytest.raises(Refused, match=words):
        do.set_duty(office.coordinator, issue, entry(office.unit, **values))
    assert db.session.scalars(sa.select(Duty)).all() == []
