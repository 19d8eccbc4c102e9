"""The list of promises: what it can be narrowed to, and its columns."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.accounts.models import Person
from visits.core.authz import Actor
from visits.core.clock import today
from visits.core.filters import ALL_DAYS, ALL_VALUES, Days, Picked, narrowed
from visits.core.i18n import N_
from visits.core.listing import Column, Kind, Listing
from visits.enterprises.models import Enterprise
from visits.enterprises.queries import matching
from visits.issues.models import FINDING_LABELS, Finding
from visits.outreach.models import Promise, Visit, VisitCheck
from visits.outreach.queries.promises import is_open, mine, of_my_groups, readable_by
from visits.programmes.models import Group

Condition = sa.ColumnElement[bool]
OPEN, OVERDUE, KEPT, WITHDRAWN = "open", "overdue", "kept", "withdrawn"
STANDING_LABELS = {
    OPEN: N_("Not kept yet"),
    OVERDUE: N_("Overdue"),
    KEPT: N_("Kept"),
    WITHDRAWN: N_("Withdrawn"),
}
WHOSE_LABELS = {"mine": N_("Mine to keep"), "group": N_("Of my groups")}


@dataclass(frozen=True)
class PromiseFilters:
    """What the list of promises is narrowed to; of no standing, open ones show."""

    q: str = ""
    standing: tuple[str, ...] = ()
    whose: tuple[str, ...] = ()
    group: Picked = ALL_VALUES
    due: Days = ALL_DAYS
    kept: Days = ALL_DAYS
    enterprise_id: int | None = None


def standing_of(row: Any) -> str:
    """How it stands with a promise, or a row of one, today."""
    if row.withdrawn_on is not None:
        return WITHDRAWN
    if row.kept_on is not None:
        return KEPT
    return OVERDUE if row.due_on is not None and row.due_on < today() else OPEN


def _standings() -> dict[str, Condition]:
    return {
        OPEN: is_open(),
        OVERDUE: sa.and_(is_open(), Promise.due_on < today()),
        KEPT: Promise.kept_on.is_not(None),
        WITHDRAWN: Promise.withdrawn_on.is_not(None),
    }


def _conditions(actor: Actor, filters: PromiseFilters) -> list[Condition]:
    known, whose = _standings(), {"mine": mine, "group": of_my_groups}
    wanted = [sa.or_(*(known[name] for name in filters.standing))] if filters.standing else [is_open()]
    if filters.whose:
        wanted.append(sa.or_(*(whose[name](actor) for name in filters.whose)))
    if filters.enterprise_id is not None:
        wanted.append(Promise.enterprise_id == filters.enterprise_id)
    if q := filters.q.strip():
        firms = sa.select(Enterprise.id).where(matching(q))
        words = (Promise.text.contains(q, autoescape=True), Promise.owner.contains(q, autoescape=True))
        wanted.append(sa.or_(*words, Promise.enterprise_id.in_(firms)))
    days = narrowed(
        (filters.due, Promise.due_on), (filters.kept, Promise.kept_on), (filters.group, Visit.group_id)
    )
    return [Visit.voided_at.is_(None), *wanted, *days]


def _said_last(column: Any) -> Any:
    last = sa.select(column).where(VisitCheck.promise_id == Promise.id, VisitCheck.superseded_at.is_(None))
    return last.order_by(VisitCheck.id.desc()).limit(1).correlate(Promise).scalar_subquery()


COLUMNS = (
    Column("due", N_("By when"), lambda row: row.due_on, Kind.DAY, fixed=True, look="nowrap", width=12),
    Column("text", N_("What was promised"), fixed=True, look="main-cell", width=44),
    Column("enterprise", N_("Enterprise"), fixed=True, width=30),
    Column("owner", N_("Who does it"), lambda row: row.owner_name or row.owner, width=14),
    Column("standing", N_("Now"), lambda row: STANDING_LABELS[standing_of(row)], Kind.LABEL, width=10),
    Column(
        "said",
        N_("The enterprise said last"),
        lambda row: FINDING_LABELS[Finding(row.said)] if row.said else None,
        Kind.LABEL,
        width=12,
    ),
    Column("promised", N_("Promised on"), lambda row: row.visited_on, Kind.DAY, width=12),
    Column("author", N_("Visit written by"), usual=False, width=14),
    Column("group", N_("Group"), usual=False, width=20),
    Column("kept", N_("Kept on"), lambda row: row.kept_on, Kind.DAY, usual=False, width=12),
    Column("reason", N_("Why it was withdrawn"), lambda row: row.withdraw_reason, usual=False, width=30),
)


def of_promises(actor: Actor, filters: PromiseFilters) -> Listing:
    """The promises a person may read, narrowed."""
    author = aliased(Person)
    stmt = (
        sa.select(
            Promise.id,
            Promise.visit_id,
            Promise.enterprise_id,
            Promise.text,
            Promise.owner,
            Promise.due_on,
            Promise.kept_on,
            Promise.withdrawn_on,
            Promise.withdraw_reason,
            Visit.visited_on,
            Enterprise.name.label("enterprise"),
            Person.name.label("owner_name"),
            author.name.label("author"),
            Group.name.label("group"),
            _said_last(VisitCheck.finding).label("said"),
        )
        .join(Visit, Visit.id == Promise.visit_id)
        .join(Enterprise, Enterprise.id == Promise.enterprise_id)
        .join(author, author.id == Visit.author_id)
        .outerjoin(Person, Person.id == Promise.owner_id)
        .outerjoin(Group, Group.id == Visit.group_id)
    )
    sorts: dict[str, Any] = {
        "due": sa.func.coalesce(Promise.due_on, date.max),
        "enterprise": Enterprise.pinyin,
        "promised": Visit.visited_on,
        "id": Promise.id,
    }
    where = [readable_by(actor), *_conditions(actor, filters)]
    return Listing("promises", N_("Promises"), stmt, sorts, "due", COLUMNS, where=where)
