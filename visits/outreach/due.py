"""Lists of enterprises by how lately they were visited: whose turn it is, and who has it too often."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from visits.core.authz import Actor, reaches
from visits.core.clock import today
from visits.core.db import db
from visits.core.filters import ALL_VALUES, Picked
from visits.core.i18n import N_
from visits.core.listing import Column, Kind, Listing, joined, parts
from visits.core.permissions import Permission, Reach
from visits.enterprises.models import Enterprise, EnterpriseStatus
from visits.enterprises.queries import is_living, matching
from visits.issues.models import Issue
from visits.issues.queries import visible_to as problems_visible_to
from visits.issues.states import OPEN
from visits.outreach.entries import VisitKind
from visits.outreach.models import Attendance, PlanState, Visit, VisitPair, VisitPlan
from visits.outreach.queries import is_counted_visit, present_cap
from visits.programmes import queries as programmes

Condition = sa.ColumnElement[bool]
NEVER = date(1900, 1, 1)


@dataclass(frozen=True)
class DueFilters:
    """What the lists are narrowed to; `unplanned` leaves out enterprises that somebody means to visit."""

    q: str = ""
    street: Picked = ALL_VALUES
    park: Picked = ALL_VALUES
    unplanned: bool = False


def conditions(filters: DueFilters) -> list[Condition]:
    """The SQL of the filters."""
    wanted: list[Condition] = [is_living(), matching(filters.q)]
    for picked, column in ((filters.street, Enterprise.street), (filters.park, Enterprise.park)):
        if picked:
            wanted.append(picked.within(column, empty=column == ""))
    if filters.unplanned:
        wanted.append(sa.not_(sa.exists().where(*_planned()).correlate(Enterprise)))
    return wanted


def _planned() -> tuple[Condition, ...]:
    return (
        VisitPlan.enterprise_id == Enterprise.id,
        VisitPlan.state == PlanState.PLANNED,
        VisitPlan.planned_on >= today(),
    )


def _met(column: Any, *where: Condition) -> Any:
    stmt = sa.select(column).select_from(VisitPair).join(Visit, Visit.id == VisitPair.visit_id)
    held = (VisitPair.enterprise_id == Enterprise.id, VisitPair.is_current(), Visit.voided_at.is_(None))
    return stmt.where(*held, *where).correlate(Enterprise).scalar_subquery()


def _next_plan() -> Any:
    stmt = sa.select(sa.func.min(VisitPlan.planned_on)).where(*_planned())
    return stmt.correlate(Enterprise).scalar_subquery()


def _area(row: Any) -> str:
    return " ".join(part for part in (row.park, row.street) if part)


def _days_since(row: Any) -> int | None:
    return (today() - row.last_visit).days if row.last_visit else None


DUE_COLUMNS = (
    Column("name", N_("Enterprise"), fixed=True, look="main-cell", width=34),
    Column("area", N_("Park and street"), _area, width=20),
    Column("visited", N_("Last visited"), lambda row: row.last_visit, Kind.DAY, width=12),
    Column("days", N_("Days since"), _days_since, Kind.NUMBER, width=10),
    Column("contact", N_("Last contact by phone or online"), lambda row: row.last_contact, Kind.DAY),
    Column("problems", N_("Open problems"), lambda row: row.problems or None, Kind.NUMBER, width=8),
    Column("plan", N_("Next planned for"), lambda row: row.next_plan, Kind.DAY, width=12),
    Column("address", N_("Address"), usual=False, width=34),
)


def answered_for(actor: Actor) -> Condition:
    """Enterprises a person answers for, as primary officer or through a group; the office for all."""
    if Reach.ALL in reaches(actor.roles, Permission.OUTREACH_PLAN):
        return sa.true()
    own = programmes.linked_enterprise_ids(actor.person_id, today())
    of_groups = programmes.enterprise_ids_of_groups(actor.group_ids, today())
    return sa.or_(Enterprise.id.in_(own), Enterprise.id.in_(of_groups))


def of_due(actor: Actor, filters: DueFilters) -> Listing:
    """The enterprises a person answers for, the longest unvisited first."""
    last = _met(sa.func.max(Visit.visited_on), is_counted_visit())
    open_ones = sa.select(sa.func.count(Issue.id)).where(
        Issue.enterprise_id == Enterprise.id, Issue.state.in_(OPEN), problems_visible_to(actor)
    )
    problems = open_ones.correlate(Enterprise).scalar_subquery()
    stmt = sa.select(
        *(getattr(Enterprise, name) for name in ("id", "name", "park", "street", "address")),
        last.label("last_visit"),
        _met(sa.func.max(Visit.visited_on), sa.not_(is_counted_visit())).label("last_contact"),
        problems.label("problems"),
        _next_plan().label("next_plan"),
    )
    sorts: dict[str, Any] = {
        "visited": sa.func.coalesce(last, NEVER),
        "name": Enterprise.pinyin,
        "area": Enterprise.park + Enterprise.street,
        "problems": problems,
        "id": Enterprise.id,
    }
    where = [*conditions(filters), answered_for(actor), Enterprise.status == EnterpriseStatus.NORMAL]
    return Listing("due_visits", N_("Whom to visit next"), stmt, sorts, "visited", DUE_COLUMNS, where=where)


OFTEN_COLUMNS = (
    Column("name", N_("Enterprise"), fixed=True, look="main-cell", width=34),
    Column("area", N_("Park and street"), _area, width=20),
    Column("visits", N_("Visits that count"), kind=Kind.NUMBER, width=10),
    Column("invited", N_("Besides at its invitation"), lambda row: row.invited or None, Kind.NUMBER),
    Column("visited", N_("Last visited"), lambda row: row.last_visit, Kind.DAY, width=12),
    Column("units", N_("Units that were there"), lambda row: sorted({*parts(row.units)}), width=30),
    Column("reasons", N_("Reasons given"), lambda row: sorted({*parts(row.reasons)}), width=40),
    Column("plan", N_("Next planned for"), lambda row: row.next_plan, Kind.DAY, width=12),
)


def of_often(filters: DueFilters) -> Listing:
    """The enterprises with more visits than the cap allows in its days up to today."""
    cap = present_cap()
    since = Visit.visited_on.between(today() - timedelta(days=cap.days - 1), today())
    counted = (is_counted_visit(), since)
    asked = (*counted, Visit.kind != VisitKind.INVITED)
    visits = _met(sa.func.count(VisitPair.id), *asked)
    units = (
        sa.select(joined(Attendance.unit_name))
        .select_from(VisitPair)
        .join(Visit, Visit.id == VisitPair.visit_id)
        .join(Attendance, sa.and_(Attendance.visit_id == Visit.id, Attendance.is_current()))
        .where(VisitPair.enterprise_id == Enterprise.id, VisitPair.is_current(), *counted)
        .where(Attendance.unit_name != "")
    )
    stmt = sa.select(
        *(getattr(Enterprise, name) for name in ("id", "name", "park", "street")),
        visits.label("visits"),
        _met(sa.func.count(VisitPair.id), *counted, Visit.kind == VisitKind.INVITED).label("invited"),
        _met(sa.func.max(Visit.visited_on), *counted).label("last_visit"),
        units.correlate(Enterprise).scalar_subquery().label("units"),
        _met(joined(Visit.frequency_reason), *counted, Visit.frequency_reason != "").label("reasons"),
        _next_plan().label("next_plan"),
    )
    sorts: dict[str, Any] = {"visits": visits, "name": Enterprise.pinyin, "id": Enterprise.id}
    where = [*conditions(filters), visits > cap.visits]
    return Listing(
        "frequent_visits", N_("Visited too often"), stmt, sorts, "-visits", OFTEN_COLUMNS, where=where
    )


def offered_places() -> dict[str, list[str]]:
    """The streets and parks in use, in one statement."""
    stmts = [
        sa.select(sa.literal(name), column).where(column != "", is_living()).distinct()
        for name, column in (("street", Enterprise.street), ("park", Enterprise.park))
    ]
    found: dict[str, list[str]] = {"street": [], "park": []}
    for name, text in sorted(map(tuple, db.session.execute(sa.union_all(*stmts)))):
        found[name].append(text)
    return found
