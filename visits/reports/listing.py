"""The rows behind a figure: one list per kind of thing that sets count."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Person, Unit
from visits.core.authz import Actor
from visits.core.i18n import N_
from visits.core.listing import Column, Kind, Listing, Page
from visits.enterprises.models import Enterprise
from visits.issues.confidence import firm_column, named_to, unless_kept
from visits.issues.models import FLAG_LABELS, OUTCOME_LABELS, Category, Dispatch, Issue, IssueMove
from visits.issues.states import STATE_LABELS
from visits.outreach.models import Attendance, Visit, VisitPair
from visits.programmes.models import MODE_LABELS, Group, Programme
from visits.reports.queries import Sheet
from visits.reports.sets import SETS
from visits.supervision.models import HOW_LABELS, RESULT_LABELS, SampleItem, Topic

Sorts = dict[str, Any]
Source = tuple[Any, Any, Sorts]  # a select, the column of what sets count, and how it sorts


@dataclass(frozen=True)
class Rows:
    """A page of rows and which kind of thing they are."""

    kind: str
    page: Page


def _state(name: str) -> Any:
    return lambda row: STATE_LABELS.get(getattr(row, name))


def _state_and_outcome(row: Any) -> list[str]:
    said = [STATE_LABELS[row.state], OUTCOME_LABELS.get(row.outcome)]
    return [label for label in said if label]


NUMBER = Column("number", N_("Number"), fixed=True, look="code", width=17)
PROBLEM = Column("title", N_("Problem"), fixed=True, look="main-cell", width=36)
FIRM = Column("name", N_("Enterprise"), fixed=True, look="main-cell", width=34)
VISITED = Column("day", N_("Visited on"), lambda row: row.visited_on, Kind.DAY, fixed=True, look="nowrap")
MANNER = Column("mode", N_("Manner"), lambda row: MODE_LABELS[row.mode], Kind.LABEL)
GROUP = Column("group", N_("Service group"), width=20)
RECORDED = Column("recorded", N_("Recorded on"), lambda row: row.recorded_on, Kind.DAY, look="nowrap")
FOUND = (
    Column("result", N_("Found"), lambda row: RESULT_LABELS.get(row.result), Kind.LABEL),
    Column("how", N_("How"), lambda row: HOW_LABELS.get(row.how), Kind.LABEL),
)
COLUMNS: dict[str, tuple[Column, ...]] = {
    "pairs": (VISITED, FIRM, MANNER, GROUP, RECORDED),
    "visits": (VISITED, Column("name", N_("Recorded by"), fixed=True), MANNER, GROUP, RECORDED),
    "participants": (
        VISITED,
        Column("name", N_("Participant"), fixed=True),
        Column("unit", N_("Unit"), width=24),
        MANNER,
    ),
    "enterprises": (
        FIRM,
        Column("code", N_("Credit code"), look="code", width=21),
        Column("street", N_("Street"), lambda row: row.street or row.district),
    ),
    "duties": (
        FIRM,
        Column("programme", N_("Programme")),
        Column("tier", N_("Tier")),
        Column("day", N_("From day"), lambda row: row.first_on, Kind.DAY, look="nowrap"),
        Column("until", N_("Up to and including"), lambda row: row.last_on, Kind.DAY, look="nowrap"),
        Column("required", N_("Visits required"), kind=Kind.NUMBER),
        Column("given", N_("Visits made"), kind=Kind.NUMBER),
    ),
    "issues": (
        NUMBER,
        PROBLEM,
        firm_column("name"),
        Column("category", N_("Category")),
        Column("unit", N_("Unit in charge"), width=20),
        Column("day", N_("Day of registration"), lambda row: row.registered_on, Kind.DAY, look="nowrap"),
        Column("closed", N_("Closed on"), lambda row: row.closed_on, Kind.DAY, look="nowrap"),
        Column("state", N_("State now"), _state_and_outcome, Kind.LABEL, width=20),
    ),
    "dispatches": (
        NUMBER,
        PROBLEM,
        firm_column("enterprise"),
        Column("unit", N_("Unit"), width=20),
        Column("sign_due", N_("Sign by"), kind=Kind.DAY, look="nowrap"),
        Column("signed", N_("Signed at"), lambda row: row.signed_at, Kind.MOMENT, width=17),
        Column("contact_due", N_("Contact by"), kind=Kind.DAY, look="nowrap"),
        Column("contacted", N_("Contacted"), lambda row: row.contacted_at, Kind.MOMENT, width=17),
        Column("day", N_("Due on"), lambda row: row.due_on, Kind.DAY, look="nowrap"),
        Column("answered", N_("Reported at"), lambda row: row.answered_at, Kind.MOMENT, width=17),
    ),
    "flags": (
        Column("day", N_("When"), lambda row: row.happened_at, Kind.MOMENT, fixed=True, width=17),
        NUMBER,
        PROBLEM,
        firm_column("enterprise"),
        Column("red_flag", N_("Red flag"), lambda row: FLAG_LABELS.get(row.red_flag), Kind.LABEL, width=18),
        Column("state", N_("State now"), _state("state"), Kind.LABEL, width=18),
    ),
    "checks": (
        Column("day", N_("Checked on"), lambda row: row.checked_on, Kind.DAY, fixed=True, look="nowrap"),
        NUMBER,
        PROBLEM,
        firm_column("enterprise"),
        *FOUND,
    ),
    "visit_checks": (
        Column("day", N_("Checked on"), lambda row: row.checked_on, Kind.DAY, fixed=True, look="nowrap"),
        Column("visited", N_("Visited on"), lambda row: row.visited_on, Kind.DAY, look="nowrap"),
        Column("name", N_("Recorded by"), fixed=True),
        *FOUND,
    ),
    "topics": (
        Column("name", N_("Topic"), fixed=True, look="main-cell", width=36),
        Column("category", N_("Category")),
        Column("unit", N_("Unit in charge"), width=20),
        Column("day", N_("Closed on"), lambda row: row.closed_on, Kind.DAY, look="nowrap"),
    ),
    "moves": (
        Column("day", N_("When"), lambda row: row.happened_at, Kind.MOMENT, fixed=True, width=17),
        NUMBER,
        PROBLEM,
        firm_column("enterprise"),
        Column("from", N_("From state"), _state("from_state"), Kind.LABEL, width=18),
        Column("to", N_("To state"), _state("to_state"), Kind.LABEL, width=18),
    ),
}


def _pairs(_actor: Actor) -> Source:
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


def _visits(_actor: Actor) -> Source:
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


def _participants(_actor: Actor) -> Source:
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


def _enterprises(_actor: Actor) -> Source:
    stmt = sa.select(
        Enterprise.id, Enterprise.name, Enterprise.code, Enterprise.street, Enterprise.district
    )
    return stmt, Enterprise.id, {"name": Enterprise.pinyin, "code": Enterprise.code, "id": Enterprise.id}


def _duties(sheet: Sheet) -> Source:
    owed = sheet.marked["duties"]
    names = ("id", "enterprise_id", "tier", "first_on", "last_on", "required", "given", "credited")
    stmt = (
        sa.select(*(owed.c[name] for name in names), Enterprise.name, Programme.name.label("programme"))
        .join(Enterprise, Enterprise.id == owed.c.enterprise_id)
        .join(Programme, Programme.id == owed.c.programme_id)
    )
    sorts = {"day": owed.c.first_on, "name": Enterprise.pinyin, "given": owed.c.given, "id": owed.c.id}
    return stmt, owed.c.id, sorts


def _named(actor: Actor) -> tuple[Any, Any]:
    return named_to(actor).label("enterprise"), Issue.confidential


def _of_issue(actor: Actor, *columns: Any) -> sa.Select[Any]:
    return sa.select(Issue.id, Issue.number, Issue.title, Issue.state, *_named(actor), *columns)


def _issues(actor: Actor) -> Source:
    stmt = (
        _of_issue(
            actor,
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
        "name": unless_kept(actor, Enterprise.pinyin, ""),
        "id": Issue.id,
    }
    return stmt, Issue.id, sorts


def _dispatches(actor: Actor) -> Source:
    stamps = (Dispatch.sign_due, Dispatch.signed_at, Dispatch.contact_due, Dispatch.contacted_at)
    stmt = (
        _of_issue(actor, *stamps, Dispatch.due_on, Dispatch.answered_at, Unit.name.label("unit"))
        .select_from(Dispatch)
        .join(Issue, Issue.id == Dispatch.issue_id)
        .join(Enterprise, Enterprise.id == Issue.enterprise_id)
        .join(Unit, Unit.id == Dispatch.unit_id)
    )
    sorts = {"day": Dispatch.due_on, "number": Issue.number, "unit": Unit.name, "id": Dispatch.id}
    return stmt, Dispatch.id, sorts


def _moves(actor: Actor) -> Source:
    stmt = (
        _of_issue(actor, IssueMove.happened_at, IssueMove.from_state, IssueMove.to_state)
        .select_from(IssueMove)
        .join(Issue, Issue.id == IssueMove.issue_id)
        .join(Enterprise, Enterprise.id == Issue.enterprise_id)
    )
    return stmt, IssueMove.id, {"day": IssueMove.happened_at, "number": Issue.number, "id": IssueMove.id}


def _flags(actor: Actor) -> Source:
    flag = IssueMove.details["red_flag"].as_string().label("red_flag")
    stmt = (
        _of_issue(actor, IssueMove.happened_at, flag)
        .select_from(IssueMove)
        .join(Issue, Issue.id == IssueMove.issue_id)
        .join(Enterprise, Enterprise.id == Issue.enterprise_id)
    )
    return stmt, IssueMove.id, {"day": IssueMove.happened_at, "number": Issue.number, "id": IssueMove.id}


def _checks(actor: Actor) -> Source:
    stmt = (
        _of_issue(actor, SampleItem.checked_on, SampleItem.result, SampleItem.how)
        .select_from(SampleItem)
        .join(Issue, Issue.id == SampleItem.issue_id)
        .join(Enterprise, Enterprise.id == Issue.enterprise_id)
    )
    return stmt, SampleItem.id, {"day": SampleItem.checked_on, "number": Issue.number, "id": SampleItem.id}


def _visit_checks(_actor: Actor) -> Source:
    stmt = (
        sa.select(
            Visit.id,
            Visit.visited_on,
            Person.name,
            SampleItem.checked_on,
            SampleItem.result,
            SampleItem.how,
        )
        .select_from(SampleItem)
        .join(Visit, Visit.id == SampleItem.visit_id)
        .join(Person, Person.id == Visit.author_id)
    )
    sorts = {"day": SampleItem.checked_on, "name": Person.name, "id": SampleItem.id}
    return stmt, SampleItem.id, sorts


def _topics(_actor: Actor) -> Source:
    names = (Topic.title.label("name"), Category.name.label("category"), Unit.name.label("unit"))
    stmt = (
        sa.select(Topic.id, Topic.closed_on, *names)
        .join(Category, Category.id == Topic.category_id)
        .join(Unit, Unit.id == Topic.lead_unit_id)
    )
    return stmt, Topic.id, {"day": Topic.closed_on, "name": Topic.title, "id": Topic.id}


LISTS: dict[tuple[str, str], Callable[[Any], Source]] = {
    ("duties", "id"): _duties,
    ("duties", "enterprise_id"): _enterprises,
    ("pairs", "id"): _pairs,
    ("pairs", "enterprise_id"): _enterprises,
    ("pairs", "visit_id"): _visits,
    ("participants", "id"): _participants,
    ("enterprises", "enterprise_id"): _enterprises,
    ("issues", "id"): _issues,
    ("dispatches", "id"): _dispatches,
    ("moves", "id"): _moves,
    ("flags", "id"): _flags,
    ("checks", "id"): _checks,
    ("visit_checks", "id"): _visit_checks,
    ("topics", "id"): _topics,
}


def rows_of(sheet: Sheet, set_name: str, title: str) -> tuple[str, Listing]:
    """The list of what one set counts, and which kind of thing that is; `title` is an English msgid."""
    wanted = SETS[set_name]
    make = LISTS[wanted.fact, wanted.counts]
    kind = make.__name__.removeprefix("_")
    stmt, key, sorts = make(sheet if make is _duties else sheet.question.actor)
    default = "-day" if "day" in sorts else "name"
    where = [key.in_(sheet.keys_of(set_name))]
    return kind, Listing(f"totals.{set_name}", title, stmt, sorts, default, COLUMNS[kind], where=where)


def list_rows(
    sheet: Sheet, set_name: str, args: Mapping[str, str], keys: Iterable[str] = (), title: str = ""
) -> Rows:
    """A page of what one set counts; its total is the figure."""
    kind, listing = rows_of(sheet, set_name, title)
    return Rows(kind, listing.page(args, keys))
