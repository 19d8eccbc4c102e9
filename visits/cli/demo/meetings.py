"""The coordination meetings of the demo office: one long held, one lately, one to come."""

from datetime import date, time, timedelta

from sqlalchemy import select

from visits.cli.demo.handling import Timetable
from visits.cli.demo.office import Office
from visits.core.calendar import load_calendar
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Role
from visits.core.workdays import add_workdays
from visits.issues import operations as issues
from visits.issues.models import Conclusion, Duty, Issue
from visits.issues.states import State
from visits.meetings import operations, queries
from visits.meetings.models import Meeting, MeetingKind, Presence
from visits.meetings.operations import ConclusionEntry, MeetingEntry, RecordEntry
from visits.meetings.rules import Guest

EACH = 3
VERDICTS = (Conclusion.SETTLED, Conclusion.SETTLED, Conclusion.STUDY)
TITLES = ("园区道路和配套问题专题对接会", "重点企业用工和融资问题专题对接会", "企业反映集中问题专题对接会")
CHAIR, PLACE = "管委会分管领导", "管委会三楼会议室"


def plan_meetings(office: Office, timetable: Timetable, last: date) -> None:
    """Put the three meetings on the timetable of the last four weeks."""
    for number, days in enumerate((24, 10)):
        _plan(office, timetable, number, last - timedelta(days=days))
    timetable.on(last, lambda: _call(office, 2, _after(last, 3)))


def _after(day: date, workdays: int) -> date:
    return add_workdays(day, workdays, load_calendar())


def _plan(office: Office, timetable: Timetable, number: int, day: date) -> None:
    meets_on = _after(day, 2)
    timetable.on(day, lambda: _call(office, number, meets_on))
    timetable.on(meets_on, lambda: _hold(office, number))
    timetable.on(_after(meets_on, 3), lambda: _report_one(office, number))


def _call(office: Office, number: int, meets_on: date) -> None:
    taken = select(Issue).where(Issue.state.in_([State.IN_PROGRESS, State.ASSIGNED]))
    problems = db.session.scalars(
        taken.order_by(Issue.return_count.desc(), Issue.due_on, Issue.id).limit(EACH)
    )
    actor = office.actor(office.with_role(Role.COORDINATOR)[0])
    ids = [problem.id for problem in problems]
    entry = MeetingEntry(
        TITLES[number],
        meets_on,
        time(9, 30),
        PLACE,
        CHAIR,
        kind=MeetingKind.COORDINATION,
        ends_at=time(11),
        recorder=actor.name,
    )
    operations.put_on_agenda(actor, operations.call_meeting(actor, entry), ids)


def _meeting(number: int) -> Meeting | None:
    """The meeting of that turn, by the order in which they were called."""
    return db.session.scalars(select(Meeting).order_by(Meeting.id).offset(number).limit(1)).first()


def _hold(office: Office, number: int) -> None:
    meeting = _meeting(number)
    if meeting is None or meeting.meets_on > today():
        return
    coordinator = office.with_role(Role.COORDINATOR)[0]
    actor = office.actor(coordinator)
    invited = queries.invited_to(meeting)["unit"]
    record = RecordEntry(
        {Presence.PRESENT: _guests(office, coordinator, dict(invited))},
        opening="会议听取了企业诉求和各单位办理情况汇报，逐项研究了解决办法。",
        demands="各责任单位按时限办理，办理结果及时告知企业并报专班办公室。",
        distribution="、".join(name for _, name in invited)[:300],
    )
    operations.record_meeting(actor, meeting, record)
    for item, verdict in zip(queries.items_in_order(meeting.id), VERDICTS, strict=False):
        issue = db.session.get_one(Issue, item.issue_id)
        if issue.state not in {State.REJECTED, State.MERGED, State.WITHDRAWN, State.VOID}:
            unit = issue.lead_unit_id if verdict is Conclusion.SETTLED else None
            due_on = meeting.meets_on + timedelta(days=7) if unit else None
            text = office.pick("progress")
            kind = verdict if unit else Conclusion.STUDY
            operations.conclude(actor, meeting, item, ConclusionEntry(kind, text, unit, due_on))


def _guests(office: Office, coordinator: str, invited: dict[int, str]) -> list[Guest]:
    """Who was there: the coordinator, and of each invited unit its first person."""
    own = next(unit for unit in office.units.values() if coordinator in office.unit_people.get(unit.id, ()))
    names = {own.id: own.name} | invited
    going = {unit_id: office.unit_people.get(unit_id, []) for unit_id in names} | {own.id: [coordinator]}
    return [Guest(names[unit_id], office.people[who[0]].name) for unit_id, who in going.items() if who]


def _report_one(office: Office, number: int) -> None:
    meeting = _meeting(number)
    first = select(Duty).where(Duty.meeting_id == (meeting.id if meeting else 0)).order_by(Duty.id).limit(1)
    if duty := db.session.scalar(first):
        actor = office.actor(office.with_role(Role.COORDINATOR)[0])
        issue = db.session.get_one(Issue, duty.issue_id)
        if issue.state not in {State.REJECTED, State.MERGED, State.WITHDRAWN, State.VOID}:
            issues.complete_duty(actor, issue, duty.id, office.pick("progress"))
