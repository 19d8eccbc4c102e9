"""Meetings as the office calls, holds and concludes them; what they leave on the problems."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.factories import meetings as make
from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_issue, make_office
from tests.factories.programmes import join, make_group
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import NotAllowed, NotFound, Refused, Stale, WrongState
from visits.core.health import Weight
from visits.core.permissions import Role
from visits.enterprises.operations import MergeEntry, merge_enterprises, undo_merge
from visits.issues import operations as issues
from visits.issues.models import Conclusion, Duty, IssueMove, Level, Outcome, Solved
from visits.issues.operations import AssignEntry
from visits.issues.states import State as Problem
from visits.meetings import operations, queries
from visits.meetings.integrity import find_broken_records
from visits.meetings.models import AgendaItem, Attendee, Meeting, MeetingFirm, Presence
from visits.meetings.operations import ConclusionEntry
from visits.meetings.rules import Guest
from visits.meetings.states import State


@pytest.fixture(autouse=True)
def _day(at):
    at("2026-11-27")


@pytest.fixture
def office(database):
    return make_office()


@pytest.fixture
def issue(office):
    return make_issue(office, Problem.IN_PROGRESS, title="北路出入口拥堵")


@pytest.fixture
def held(office, issue):
    """A meeting that was held on the problem."""
    return make.hold(office.coordinator, make.make_meeting(office.coordinator, [issue]))


def moves(issue):
    return list(
        db.session.scalars(
            sa.select(IssueMove).where(IssueMove.issue_id == issue.id).order_by(IssueMove.seq)
        )
    )


def test_numbers_count_up_by_day(office, at):
    numbers = [make.make_meeting(office.coordinator).number for _ in range(2)]
    at("2026-11-30")
    assert [*numbers, make.make_meeting(office.coordinator).number] == [
        "DJH20261127-01",
        "DJH20261127-02",
        "DJH20261130-01",
    ]


def test_a_problem_goes_on_an_agenda_with_its_brief_and_whom_it_concerns(office):
    firm = make_enterprise("湖畔精密机械有限公司")
    issue = make_issue(
        office, enterprise=firm, title="夜间断电", description="每周三夜间断电。", wish="双回路供电"
    )
    issues.assign(office.coordinator, issue, AssignEntry(office.unit.id, [office.other_unit.id]))
    issues.sign(office.handler, issue)
    issues.add_progress(office.handler, issue, "已与供电公司会商。")
    meeting = make.make_meeting(office.coordinator, [issue])
    (item,) = make.items_of(meeting)
    for words in (
        "湖畔精密机械有限公司",
        "夜间断电",
        office.unit.name,
        office.other_unit.name,
        "已与供电公司会商",
        "双回路供电",
    ):
        assert words in item.brief
    assert str(issue.due_on) in item.brief
    invited = queries.invited_ids(meeting.id)
    assert invited.units == {office.unit.id, office.other_unit.id}
    assert invited.firms == {firm.id}
    last = moves(issue)[-1]
    assert (last.move, last.details["meeting"]) == ("put_on_agenda", f"{meeting.number} {meeting.title}")


def test_an_enterprise_that_wants_its_name_kept_is_named_nowhere(office):
    firm = make_enterprise("湖畔精密机械有限公司")
    issue = make_issue(
        office, Problem.ASSIGNED, enterprise=firm, description="湖畔精密机械有限公司门口积水"
    )
    issue.confidential = True
    meeting = make.make_meeting(office.coordinator, [issue])
    (item,) = make.items_of(meeting)
    assert firm.name not in item.brief
    assert "某企业（要求保密）" in item.brief
    assert queries.invited_ids(meeting.id).firms == set()


def test_a_problem_stands_on_an_agenda_once(office, issue):
    meeting = make.make_meeting(office.coordinator, [issue])
    assert operations.put_on_agenda(office.coordinator, meeting, [issue.id]) == []
    assert len(make.items_of(meeting)) == 1


def test_closed_problems_and_those_out_of_reach_stay_off(office):
    closed, foreign = make_issue(office, Problem.CLOSED), make_issue(office)
    meeting = make.make_meeting(office.coordinator)
    with pytest.raises(WrongState):
        operations.put_on_agenda(office.coordinator, meeting, [closed.id])
    leader = make_person([Role.GROUP_LEADER])
    group = make_group()
    join(group, leader)
    own = make.make_meeting(actor_for(leader), group_id=group.id)
    with pytest.raises(NotFound):
        operations.put_on_agenda(actor_for(leader), own, [foreign.id])
    with pytest.raises(NotAllowed):
        operations.put_on_agenda(actor_for(leader), meeting, [])


def test_the_order_changes_and_items_leave(office):
    problems = [make_issue(office, Problem.ASSIGNED) for _ in range(3)]
    meeting = make.make_meeting(office.coordinator, problems)
    first, second, third = make.items_of(meeting)
    operations.move_item(office.coordinator, meeting, third, up=True)
    operations.move_item(office.coordinator, meeting, first, up=True)
    assert make.items_of(meeting) == [first, third, second]
    operations.take_off_agenda(office.coordinator, meeting, third)
    assert [(item, item.position) for item in make.items_of(meeting)] == [(first, 1), (second, 2)]


def test_what_was_settled_is_a_duty_on_the_timeline_and_moves_no_due_date(office, issue, held):
    due = issue.due_on
    (item,) = make.items_of(held)
    make.conclude(
        office.coordinator, held, item, Conclusion.SETTLED, office.other_unit, "三日内到现场办公。", days=90
    )
    duty = db.session.get(Duty, item.duty_id)
    assert (duty.issue_id, duty.unit_id, duty.meeting_id) == (issue.id, office.other_unit.id, held.id)
    assert (duty.due_on, duty.text) == (today() + timedelta(days=90), "三日内到现场办公。")
    last = moves(issue)[-1]
    assert (last.move, last.details["conclusion"], last.details["meeting_id"]) == (
        "conclude",
        "settled",
        held.id,
    )
    assert last.details["duty_unit"] == office.other_unit.name
    assert issue.due_on == due
    assert [finding.weight for finding in find_broken_records()] == [Weight.FINE] * 2


def test_to_be_studied_sets_a_duty_only_with_a_unit(office, issue, held):
    (item,) = make.items_of(held)
    make.conclude(office.coordinator, held, item, Conclusion.STUDY)
    assert (item.duty_id, issue.escalation) == (None, 0)


def test_escalated_raises_the_problem_once(office, issue, held):
    (item,) = make.items_of(held)
    make.conclude(office.coordinator, held, item, Conclusion.ESCALATE)
    make.conclude(
        office.coordinator, held, item, Conclusion.ESCALATE, text="报市级协调。", amended_for="补充"
    )
    assert issue.escalation == 1
    assert [move.move for move in moves(issue)][-3:] == ["conclude", "escalate", "conclude"]


def test_duties_follow_an_amended_conclusion(office, issue, held):
    (item,) = make.items_of(held)
    make.conclude(office.coordinator, held, item, Conclusion.SETTLED, office.unit)
    first = db.session.get(Duty, item.duty_id)
    with pytest.raises(Refused, match="why the conclusion"):
        make.conclude(office.coordinator, held, item, Conclusion.SETTLED, office.other_unit)
    make.conclude(office.coordinator, held, item, Conclusion.SETTLED, office.unit, amended_for="措辞不变")
    assert item.duty_id == first.id
    make.conclude(
        office.coordinator, held, item, Conclusion.SETTLED, office.other_unit, amended_for="改由另一单位"
    )
    second = db.session.get(Duty, item.duty_id)
    assert first.cancelled_at is not None
    assert (second.unit_id, second.cancelled_at) == (office.other_unit.id, None)
    issues.complete_duty(office.other_handler, issue, second.id, "已办结。")
    make.conclude(office.coordinator, held, item, Conclusion.STUDY, amended_for="情况有变")
    assert (item.duty_id, second.cancelled_at) == (None, None)
    assert second.done_at is not None
    assert moves(issue)[-1].details["amended_for"] == "情况有变"


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (ConclusionEntry(Conclusion.SETTLED, " "), "what was concluded"),
        (ConclusionEntry(Conclusion.SETTLED, "做"), "Choose the unit"),
        (ConclusionEntry(Conclusion.SETTLED, "做", 0), "by when"),
        (ConclusionEntry(Conclusion.STUDY, "做", None, "day"), "binds nobody"),
        (ConclusionEntry(Conclusion.SETTLED, "做", 0, "before"), "on or after"),
        (ConclusionEntry(Conclusion.SETTLED, "做", 0, "late"), "on or after"),
        (ConclusionEntry(Conclusion.SETTLED, "做", 999_999, "day"), "in use"),
        (ConclusionEntry(Conclusion.SETTLED, "做", -1, "day"), "can sign"),
    ],
)
def test_a_conclusion_that_says_too_little_is_refused(office, issue, held, entry, sentence):
    days = {"day": today(), "before": today() - timedelta(days=1), "late": today() + timedelta(days=400)}
    units = {0: office.unit.id, -1: make_unit().id}
    wanted = ConclusionEntry(
        entry.verdict, entry.text, units.get(entry.unit_id, entry.unit_id), days.get(entry.due_on)
    )
    before = len(moves(issue))
    with pytest.raises(Refused, match=sentence):
        operations.conclude(office.coordinator, held, make.items_of(held)[0], wanted)
    assert len(moves(issue)) == before
    assert db.session.scalar(sa.select(sa.func.count(Duty.id))) == 0


def test_a_closed_problem_is_settled_but_not_escalated(office, held, issue):
    (item,) = make.items_of(held)
    issues.report(office.handler, issue, issues.ReportEntry(Outcome.SOLVED, "已修复。", "已告知。"))
    issues.pass_review(office.coordinator, issue)
    issues.record_evaluation(
        office.callback, issue, issues.EvaluationEntry(Solved.SOLVED, Level.SATISFIED, evaluator="王总")
    )
    with pytest.raises(Refused, match="closed"):
        make.conclude(office.coordinator, held, item, Conclusion.ESCALATE)
    make.conclude(office.coordinator, held, item, Conclusion.SETTLED, office.unit)
    assert item.duty_id is not None


def test_nothing_is_concluded_before_it_was_held_nor_on_a_void_problem(office, issue):
    meeting = make.make_meeting(office.coordinator, [issue])
    (item,) = make.items_of(meeting)
    with pytest.raises(WrongState):
        make.conclude(office.coordinator, meeting, item, Conclusion.STUDY)
    make.hold(office.coordinator, meeting)
    issues.void(office.coordinator, issue, "重复登记")
    with pytest.raises(WrongState, match="voided"):
        make.conclude(office.coordinator, meeting, item, Conclusion.STUDY)


def test_the_course_of_a_meeting(office):
    meeting = make.make_meeting(office.coordinator, meets_on=today() + timedelta(days=1))
    with pytest.raises(Refused, match="2026-11-28"):
        make.hold(office.coordinator, meeting)
    entry = make.make_entry(title="改期的会")
    operations.update_meeting(office.coordinator, meeting, entry)
    with pytest.raises(Refused, match="present"):
        make.hold(office.coordinator, meeting, guests={Presence.OBSERVER: [Guest("企业", "王总")]})
    make.hold(office.coordinator, meeting)
    assert (meeting.state, meeting.title) == (State.HELD, "改期的会")
    make.hold(
        office.coordinator, meeting, guests={Presence.PRESENT: [Guest("招商局", "赵强")]}, demands="抓紧。"
    )
    people = list(db.session.scalars(sa.select(Attendee.name).where(Attendee.meeting_id == meeting.id)))
    assert (people, meeting.demands) == (["赵强"], "抓紧。")
    with pytest.raises(WrongState):
        operations.cancel_meeting(office.coordinator, meeting, "不开了")
    with pytest.raises(WrongState):
        operations.put_on_agenda(office.coordinator, meeting, [])


def test_a_cancelled_meeting_says_why_and_rests(office, issue):
    meeting = make.make_meeting(office.coordinator, [issue])
    with pytest.raises(Refused):
        operations.cancel_meeting(office.coordinator, meeting, " ")
    operations.cancel_meeting(office.coordinator, meeting, "主持人出差")
    assert (meeting.state, meeting.cancel_reason, issue.state) == (
        State.CANCELLED,
        "主持人出差",
        Problem.IN_PROGRESS,
    )
    for deed in (
        lambda: operations.update_meeting(office.coordinator, meeting, make.make_entry()),
        lambda: make.hold(office.coordinator, meeting),
    ):
        with pytest.raises(WrongState):
            deed()


def test_two_people_do_not_write_over_each_other(office, issue, held):
    (item,) = make.items_of(held)
    seen, revision = held.revision, item.revision
    operations.update_meeting(office.coordinator, held, make.make_entry(title="新题目"), seen)
    with pytest.raises(Stale):
        operations.update_meeting(office.coordinator, held, make.make_entry(title="另一题目"), seen)
    make.conclude(office.coordinator, held, item, Conclusion.STUDY)
    with pytest.raises(Stale):
        operations.conclude(
            office.coordinator,
            held,
            item,
            ConclusionEntry(Conclusion.STUDY, "再", amended_for="改"),
            revision,
        )


def test_group_leaders_call_meetings_of_their_groups_only(office):
    leader, group, other = make_person([Role.GROUP_LEADER]), make_group(), make_group()
    join(group, leader)
    actor = actor_for(leader)
    assert make.make_meeting(actor, group_id=group.id).group_id == group.id
    for wrong in (None, other.id):
        with pytest.raises(Refused, match="group"):
            make.make_meeting(actor, group_id=wrong)
    with pytest.raises(NotAllowed):
        make.make_meeting(office.handler)


def test_merging_enterprises_carries_invitations_along_and_back(office):
    winner, loser = make_enterprise(), make_enterprise()
    both = make.make_meeting(office.coordinator, firm_ids=[winner.id, loser.id])
    one = make.make_meeting(office.coordinator, firm_ids=[loser.id])

    def invited():
        rows = db.session.execute(sa.select(MeetingFirm.meeting_id, MeetingFirm.enterprise_id))
        return sorted(map(tuple, rows))

    before = invited()
    merge = merge_enterprises(office.coordinator, MergeEntry(loser.id, winner.id, "同一企业"))
    assert invited() == [(both.id, winner.id), (one.id, winner.id)]
    undo_merge(office.coordinator, merge, "弄错了")
    assert invited() == before


def test_the_doctor_finds_conclusions_without_duties(office, issue, held):
    (item,) = make.items_of(held)
    make.conclude(office.coordinator, held, item, Conclusion.SETTLED, office.unit)
    db.session.execute(sa.update(AgendaItem).values(duty_id=None))
    db.session.execute(sa.update(Duty).values(meeting_id=999))
    finding = find_broken_records()[0]
    assert (finding.weight, finding.params["lost"]) == (Weight.WRONG, 1)
    assert held.number in finding.params["numbers"]
    db.session.execute(sa.update(Meeting).values(state="planned", held_at=None))
    assert find_broken_records()[1].weight is Weight.WRONG
