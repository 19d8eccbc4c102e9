"""The rows behind a figure: one list per kind of thing that sets count."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Person, Unit
from visits.core.listing import Page, paginate
from visits.enterprises.models import Enterprise
from visits.issues.models import Category, Dispatch, Issue, IssueMove
from visits.outreach.models import Attendance, Visit, VisitPair
from visits.programmes.models import Group
from visits.reports.queries import Sheet
from visits.reports.sets import SETS

Sorts = dict[str, Any]
Listing = tuple[Any, Any, Sorts]  # a select, the column of what sets count, and how it sorts


@dataclass(frozen=True)
class Rows:
    """A page of rows and which kind of thing they are."""

    kind: str
    page: Page


def _pairs() -> Listing:
    stmt = (
        sa.select(
            Visit.id,
            VisitPair.visited_on,
            Visit.recorded_on,
            VisitPair.mode,
            Enterprise.name,
            Group.name.label("group"),
        )
        .select_from(VisitPair)
        .join(Visit, Visit.id == VisitPair.visit_id)
        .join(Enterprise, Enterprise.id == VisitPair.enterprise_id)
        .outerjoin(Group, Group.id == VisitPair.group_id)
    )
    sorts = {
        "day": VisitPair.visited_on,
        "recorded": Visit.recorded_on,
        "name": Enterprise.pinyin,
        "id": VisitPair.id,
    }
    return stmt, VisitPair.id, sorts


def _visits() -> Listing:
    stmt = (
        sa.select(
            Visit.id,
            Visit.visited_on,
            Visit.recorded_on,
            Visit.mode,
            Person.name,
            Group.name.label("group"),
        )
        .join(Person, Person.id == Visit.author_id)
        .outerjoin(Group, Group.id == Visit.group_id)
    )
    sorts = {"day": Visit.visited_on, "recorded": Visit.recorded_on, "name": Person.name, "id": Visit.id}
    return stmt, Visit.id, sorts


def _participants() -> Listing:
    unit = sa.func.coalesce(Unit.name, Attendance.unit_name)
    stmt = (
        sa.select(
            Attendance.visit_id.label("id"),
            Attendance.visited_on,
            Attendance.mode,
            Attendance.name,
            unit.label("unit"),
        )
        .select_from(Attendance)
        .outerjoin(Unit, Unit.id == Attendance.unit_id)
    )
    sorts = {"day": Attendance.visited_on, "name": Attendance.name, "unit": unit, "id": Attendance.id}
    return stmt, Attendance.id, sorts


def _enterprises() -> Listing:
    stmt = sa.select(
        Enterprise.id, Enterprise.name, Enterprise.code, Enterprise.street, Enterprise.district
    )
    return stmt, Enterprise.id, {"name": Enterprise.pinyin, "code": Enterprise.code, "id": Enterprise.id}


def _of_issue(*columns: Any) -> sa.Select[Any]:
    return sa.select(
        Issue.id, Issue.number, Issue.title, Issue.state, Enterprise.name.label("enterprise"), *columns
    )


def _issues() -> Listing:
    stmt = (
        _of_issue(
            Issue.registered_on,
            Issue.closed_on,
            Issue.outcome,
            Category.name.label("category"),
            Unit.name.label("unit"),
        )
        .join(Enterprise, Enterprise.id == Issue.enterprise_id)
        .join(Category, Category.id == Issue.category_id)
        .outerjoin(Unit, Unit.id == Issue.lead_unit_id)
    )
    sorts = {
        "day": Issue.registered_on,
        "closed": Issue.closed_on,
        "number": Issue.number,
        "name": Enterprise.pinyin,
        "id": Issue.id,
    }
    return stmt, Issue.id, sorts


def _dispatches() -> Listing:
    stamps = (Dispatch.sign_due, Dispatch.signed_at, Dispatch.contact_due, Dispatch.contacted_at)
    stmt = (
        _of_issue(*stamps, Dispatch.due_on, Dispatch.answered_at, Unit.name.label("unit"))
        .select_from(Dispatch)
        .join(Issue, Issue.id == Dispatch.issue_id)
        .join(Enterprise, Enterprise.id == Issue.enterprise_id)
        .join(Unit, Unit.id == Dispatch.unit_id)
    )
    sorts = {"day": Dispatch.due_on, "number": Issue.number, "unit": Unit.name, "id": Dispatch.id}
    return stmt, Dispatch.id, sorts


def _moves() -> Listing:
    stmt = (
        _of_issue(IssueMove.happened_at, IssueMove.from_state, IssueMove.to_state)
        .select_from(IssueMove)
        .join(Issue, Issue.id == IssueMove.issue_id)
        .join(Enterprise, Enterprise.id == Issue.enterprise_id)
    )
    return stmt, IssueMove.id, {"day": IssueMove.happened_at, "number": Issue.number, "id": IssueMove.id}


LISTS: dict[tuple[str, str], Callable[[], Listing]] = {
    ("pairs", "id"): _pairs,
    ("pairs", "enterprise_id"): _enterprises,
    ("pairs", "visit_id"): _visits,
    ("participants", "id"): _participants,
    ("enterprises", "id"): _enterprises,
    ("issues", "id"): _issues,
    ("dispatches", "id"): _dispatches,
    ("moves", "id"): _moves,
}


def list_rows(sheet: Sheet, set_name: str, args: Mapping[str, str]) -> Rows:
    """A page of what one set counts; its total is the figure."""
    wanted = SETS[set_name]
    make = LISTS[wanted.fact, wanted.counts]
    stmt, key, sorts = make()
    page = paginate(
        stmt.where(key.in_(sheet.keys_of(set_name))), args, sorts, "-day" if "day" in sorts else "name"
    )
    return Rows(make.__name__.removeprefix("_"), page)
