"""The list of meetings and the list of what meetings have set units to do."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Unit
from visits.core.authz import Actor
from visits.core.clock import today
from visits.core.db import db
from visits.core.filters import ALL_DAYS, ALL_VALUES, Days, Picked, narrowed
from visits.core.i18n import N_
from visits.core.listing import Column, Kind, Listing, joined, parts
from visits.enterprises.models import Enterprise
from visits.issues.confidence import firm_column, named_to
from visits.issues.models import Duty, Issue
from visits.issues.queries import visible_to as problems_visible_to
from visits.meetings.models import KIND_LABELS, AgendaItem, Meeting, MeetingUnit
from visits.meetings.queries import visible_to
from visits.meetings.states import STATE_LABELS

RUNNING, OVERDUE, DONE = "running", "overdue", "done"
DUTY_LABELS = {RUNNING: N_("Running"), OVERDUE: N_("Overdue"), DONE: N_("Done")}
Condition = sa.ColumnElement[bool]


@dataclass(frozen=True)
class MeetingFilters:
    """What the list of meetings is narrowed to; empty parts do not narrow."""

    q: str = ""
    kind: Picked = ALL_VALUES
    state: Picked = ALL_VALUES
    unit: Picked = ALL_VALUES
    meets: Days = ALL_DAYS


@dataclass(frozen=True)
class DutyFilters:
    """What the list of duties is narrowed to; without a standing, to those that are not done."""

    q: str = ""
    unit: Picked = ALL_VALUES
    standing: tuple[str, ...] = ()
    meeting_id: int | None = None
    due: Days = ALL_DAYS


def standing_of(row: Any) -> str:
    """How a duty stands today."""
    if row.done_at is not None:
        return DONE
    return OVERDUE if row.due_on < today() else RUNNING


MEETINGS = (
    Column("number", N_("Number"), fixed=True, look="code", width=18),
    Column("title", N_("Subject"), fixed=True, look="main-cell", width=36),
    Column(
        "kind",
        N_("Kind of meeting"),
        lambda row: KIND_LABELS[row.kind],
        Kind.LABEL,
        look="state-cell",
        width=16,
    ),
    Column("meets", N_("Day"), lambda row: row.meets_on, Kind.DAY, look="nowrap"),
    Column("time", N_("Time"), lambda row: f"{row.starts_at:%H:%M}", look="nowrap", width=8),
    Column("place", N_("Place"), width=24),
    Column("chair", N_("Chair"), width=14),
    Column("state", N_("State"), lambda row: STATE_LABELS[row.state], Kind.LABEL, look="nowrap"),
    Column("problems", N_("Problems"), kind=Kind.NUMBER, width=8),
    Column("duties", N_("Duties"), kind=Kind.NUMBER, width=8),
    Column("done", N_("Done"), kind=Kind.NUMBER, width=8),
    Column("overdue", N_("Overdue"), kind=Kind.NUMBER, width=8),
    Column(
        "units",
        N_("Units invited"),
        lambda row: sorted(filter(None, parts(row.units))),
        usual=False,
        width=40,
    ),
    Column("recorder", N_("Recorder"), usual=False),
)


def _count(model: Any, *where: Condition) -> Any:
    stmt = sa.select(sa.func.count(model.id)).where(model.meeting_id == Meeting.id, *where)
    return stmt.correlate(Meeting).scalar_subquery()


def _of_meeting(filters: MeetingFilters) -> list[Condition]:
    wanted = narrowed(
        (filters.kind, Meeting.kind), (filters.state, Meeting.state), (filters.meets, Meeting.meets_on)
    )
    if q := filters.q.strip():
        wanted.append(
            sa.or_(
                Meeting.title.contains(q, autoescape=True),
                Meeting.number.contains(q, autoescape=True),
                Meeting.chair.contains(q, autoescape=True),
            )
        )
    if filters.unit:
        invited = sa.select(MeetingUnit.meeting_id).where(MeetingUnit.unit_id.in_(filters.unit.values))
        wanted.append(Meeting.id.in_(invited))
    return wanted


def of_meetings(actor: Actor, filters: MeetingFilters) -> Listing:
    """The meetings a person may read, narrowed."""
    units = (
        sa.select(joined(Unit.name))
        .join(MeetingUnit, MeetingUnit.unit_id == Unit.id)
        .where(MeetingUnit.meeting_id == Meeting.id)
        .correlate(Meeting)
        .scalar_subquery()
    )
    standing = Duty.cancelled_at.is_(None)
    late = sa.and_(Duty.done_at.is_(None), Duty.due_on < today())
    names = (
        "id",
        "number",
        "title",
        "kind",
        "meets_on",
        "starts_at",
        "place",
        "chair",
        "recorder",
        "state",
    )
    stmt = sa.select(
        *(getattr(Meeting, name) for name in names),
        units.label("units"),
        _count(AgendaItem).label("problems"),
        _count(Duty, standing).label("duties"),
        _count(Duty, standing, Duty.done_at.is_not(None)).label("done"),
        _count(Duty, standing, late).label("overdue"),
    )
    sorts: dict[str, Any] = {
        "number": Meeting.number,
        "title": Meeting.title,
        "meets": Meeting.meets_on,
        "state": Meeting.state,
        "id": Meeting.id,
    }
    where = [visible_to(actor), *_of_meeting(filters)]
    return Listing("meetings", N_("Coordination meetings"), stmt, sorts, "-meets", MEETINGS, where=where)


DUTIES = (
    Column("due", N_("To be done by"), lambda row: row.due_on, Kind.DAY, fixed=True, look="nowrap"),
    Column("unit", N_("Responsible unit"), fixed=True, width=20),
    Column("text", N_("What was settled"), fixed=True, look="main-cell", width=50),
    Column("standing", N_("Now"), lambda row: DUTY_LABELS[standing_of(row)], Kind.LABEL, look="state-cell"),
    Column("problem", N_("Problem"), lambda row: row.problem, width=18),
    Column("title", N_("Problem in short"), usual=False, width=36),
    firm_column("enterprise"),
    Column("meeting", N_("Meeting"), width=18),
    Column("meets", N_("Day of the meeting"), lambda row: row.meets_on, Kind.DAY, usual=False),
    Column("done", N_("Done at"), lambda row: row.done_at, Kind.MOMENT, usual=False),
    Column("note", N_("What was done"), lambda row: row.done_note, usual=False, width=40),
)


STANDINGS: dict[str, Any] = {
    RUNNING: lambda: sa.and_(Duty.done_at.is_(None), Duty.due_on >= today()),
    OVERDUE: lambda: sa.and_(Duty.done_at.is_(None), Duty.due_on < today()),
    DONE: lambda: Duty.done_at.is_not(None),
}


def _of_duty(actor: Actor, filters: DutyFilters) -> list[Condition]:
    wanted = narrowed((filters.unit, Duty.unit_id), (filters.due, Duty.due_on))
    chosen = [STANDINGS[name]() for name in filters.standing if name in STANDINGS]
    wanted.append(sa.or_(*chosen) if chosen else Duty.done_at.is_(None))
    if q := filters.q.strip():
        wanted.append(
            sa.or_(Duty.text.contains(q, autoescape=True), Issue.number.contains(q, autoescape=True))
        )
    if filters.meeting_id is not None:
        wanted.append(Duty.meeting_id == filters.meeting_id)
    return [Duty.cancelled_at.is_(None), problems_visible_to(actor), visible_to(actor), *wanted]


def of_duties(actor: Actor, filters: DutyFilters) -> Listing:
    """What meetings have set units to do, of the problems a person may read."""
    stmt = (
        sa.select(
            Duty.id,
            *(
                getattr(Duty, name)
                for name in ("issue_id", "due_on", "text", "done_at", "done_note", "meeting_id")
            ),
            Unit.name.label("unit"),
            Issue.number.label("problem"),
            Issue.title,
            Issue.confidential,
            named_to(actor).label("enterprise"),
            Meeting.number.label("meeting"),
            Meeting.meets_on,
        )
        .join(Meeting, Meeting.id == Duty.meeting_id)
        .join(Issue, Issue.id == Duty.issue_id)
        .join(Unit, Unit.id == Duty.unit_id)
        .join(Enterprise, Enterprise.id == Issue.enterprise_id)
    )
    sorts: dict[str, Any] = {
        "due": Duty.due_on,
        "unit": Unit.name,
        "problem": Issue.number,
        "meeting": Meeting.number,
        "id": Duty.id,
    }
    return Listing(
        "meeting_duties",
        N_("Duties settled at meetings"),
        stmt,
        sorts,
        "due",
        DUTIES,
        where=_of_duty(actor, filters),
    )


def duties_by_unit(actor: Actor) -> list[Any]:
    """How many duties each unit has not done, and how many of them are overdue, the most overdue first."""
    late = sa.func.sum(sa.case((Duty.due_on < today(), 1), else_=0))
    stmt = (
        sa.select(Unit.id, Unit.name, sa.func.count(Duty.id).label("open"), late.label("overdue"))
        .select_from(Duty)
        .join(Meeting, Meeting.id == Duty.meeting_id)
        .join(Issue, Issue.id == Duty.issue_id)
        .join(Unit, Unit.id == Duty.unit_id)
        .where(*_of_duty(actor, DutyFilters()))
        .group_by(Unit.id, Unit.name)
        .order_by(late.desc(), sa.func.count(Duty.id).desc(), Unit.name)
    )
    return list(db.session.execute(stmt))
