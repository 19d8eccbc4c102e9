"""The enterprises of a programme's scope: who is due for a visit, the longest unvisited first."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.accounts.models import Person
from visits.core.authz import Actor, predicate_for
from visits.core.clock import today
from visits.core.filters import Picked
from visits.core.i18n import N_
from visits.core.listing import Column, Kind, Listing
from visits.core.permissions import Permission
from visits.coverage import facts
from visits.coverage.filters import Asked, DueFilters, Standing
from visits.enterprises.models import Enterprise, Tag, TagGrant
from visits.enterprises.queries import matching
from visits.issues.models import Issue
from visits.issues.states import OPEN
from visits.outreach.models import VisitPair
from visits.programmes import scope
from visits.programmes.models import Group, Link

Condition = sa.ColumnElement[bool]
officer = aliased(Person)


class Ground:
    """The parts that the list and the board are put together from, for what is asked.

    With `firms` only of these it is worked out what they are owed.
    """

    def __init__(self, asked: Asked, firms: Sequence[int] | None = None) -> None:
        known, self.asked = asked.programmes, asked
        periods = facts.ending_in(asked.span, asked.today) if asked.span else facts.running_on(asked.today)
        self.scoped = facts.once(facts.scoped(known, asked.scope_span), "scoped")
        self.owed = facts.once(facts.owed(known, periods, firms), "owed")

    def select(self, *columns: Any) -> Any:
        """A select from scope, register, what is owed and who answers today."""
        of_scope = self.scoped.join(Enterprise, Enterprise.id == self.scoped.c.enterprise_id)
        keys = ("programme_id", "enterprise_id")
        same = sa.and_(*(self.owed.c[key] == self.scoped.c[key] for key in keys))
        of_scope = of_scope.outerjoin(self.owed, same)
        of_scope = of_scope.outerjoin(Link, Link.id == self._link())
        return sa.select(*columns).select_from(of_scope)

    def _link(self) -> Any:
        """Who answers for an enterprise today: in this programme, else in another."""
        link = aliased(Link)
        return (
            sa.select(link.id)
            .where(
                link.enterprise_id == Enterprise.id,
                link.from_on <= today(),
                sa.or_(link.until_on.is_(None), link.until_on > today()),
            )
            .order_by(link.programme_id != self.scoped.c.programme_id, link.group_id.is_(None), link.id)
            .limit(1)
            .correlate(Enterprise, self.scoped)
            .scalar_subquery()
        )

    @property
    def visits(self) -> Any:
        """How many counted visits in the period."""
        span = self.asked.visit_span
        first = sa.true() if span.from_on is None else VisitPair.visited_on >= span.from_on
        return self._met(sa.func.count(), first).scalar_subquery()

    @property
    def last_on(self) -> Any:
        """The day of the last counted visit up to the end of the period."""
        latest = VisitPair.visited_on.desc()
        return self._met(VisitPair.visited_on).order_by(latest).limit(1).scalar_subquery()

    def _met(self, column: Any, *where: Condition) -> Any:
        up_to = VisitPair.visited_on <= self.asked.visit_span.to_on
        return facts.met(self.asked.programmes, self.scoped, column, up_to, *where)

    @property
    def required(self) -> Any:
        """How many visits are required."""
        return sa.func.coalesce(self.owed.c.required, 0)


def _columns(asked: Asked, shows_visits: bool) -> tuple[Column, ...]:
    def days_since(row: Any) -> int | None:
        return (asked.counted_to - row.last_on).days if row.last_on else None

    return (
        Column("name", N_("Enterprise"), fixed=True, look="main-cell", width=34),
        Column("tier", N_("Tier"), look="words"),
        Column("group", N_("Service group"), look="words", width=20),
        Column("officer", N_("Primary officer")),
        Column("park", N_("Park"), usual=False, width=20),
        Column("street", N_("Street"), usual=False, width=20),
        Column("required", N_("Visits required"), kind=Kind.NUMBER),
        Column("given", N_("Visits made"), kind=Kind.NUMBER),
        Column("until", N_("To be done by"), lambda row: row.until_on, Kind.DAY, look="nowrap"),
        Column(
            "last",
            N_("Last visit"),
            lambda row: row.last_on,
            Kind.DAY,
            usual=not shows_visits,
            look="nowrap",
        ),
        Column("since", N_("Days since the last visit"), days_since, Kind.NUMBER),
        Column("visits", N_("Visits in the period"), kind=Kind.NUMBER, usual=shows_visits),
        Column("problems", N_("Open problems"), kind=Kind.NUMBER),
        Column("code", N_("Credit code"), usual=False, look="code", width=21),
    )


def conditions(ground: Ground, filters: DueFilters) -> list[Condition]:
    """The SQL of the filters."""
    wanted = [
        picked.within(column, empty=empty)
        for picked, column, empty in (
            (filters.tier, ground.owed.c.tier, None),
            (filters.group, Link.group_id, None),
            (filters.officer, Link.officer_id, None),
            (filters.park, Enterprise.park, Enterprise.park == ""),
            (filters.street, Enterprise.street, Enterprise.street == ""),
        )
        if picked
    ]
    if filters.q:
        wanted.append(matching(filters.q))
    if filters.standing:
        wanted.append(sa.or_(*(_stands(ground, standing) for standing in filters.standing)))
    if filters.tag:
        wanted.append(_tagged(ground.asked, filters.tag))
    return wanted


def _stands(ground: Ground, standing: Standing) -> Condition:
    owed = ground.owed.c
    ways: dict[Standing, Condition] = {
        Standing.DUE: owed.is_short == 1,
        Standing.MET: owed.is_short == 0,
        Standing.FREE: owed.is_short.is_(None),
        Standing.VISITED: ground.visits > 0,
        Standing.UNVISITED: ground.visits == 0,
        Standing.NEVER: ground.last_on.is_(None),
    }
    return ways[standing]


def _tagged(asked: Asked, picked: Picked) -> Condition:
    held = tags_held(asked, TagGrant.enterprise_id)
    among = Enterprise.id.in_(held.where(Tag.name.in_(picked.values)))
    return sa.or_(among, Enterprise.id.not_in(held) if picked.nothing else sa.false())


def tags_held(asked: Asked, *columns: Any) -> Any:
    """Grants that hold on the last day looked at, one row per enterprise and tag."""
    day, grant = asked.counted_to, TagGrant
    return (
        sa.select(*columns)
        .select_from(grant)
        .join(Tag, Tag.id == grant.tag_id)
        .where(scope.is_held(grant, day, asked.programmes[0].as_of))
        .distinct()
    )


def within_reach(actor: Actor) -> Condition:
    """Enterprises whose visits are the actor's business."""
    return predicate_for(actor, Permission.COVERAGE_READ, Enterprise)


def of_scope(actor: Actor, asked: Asked, filters: DueFilters) -> Listing:
    """The enterprises in the scope of one programme, narrowed; the longest unvisited first."""
    ground = Ground(asked)
    sorts: dict[str, Any] = {
        "since": sa.func.coalesce(ground.last_on, sa.literal(date.min, sa.Date)),
        "name": Enterprise.pinyin,
        "required": ground.required,
        "until": ground.owed.c.until_on,
        "visits": ground.visits,
        "problems": _open_problems(ground),
        "id": ground.scoped.c.enterprise_id,
    }
    where = [within_reach(actor), *conditions(ground, filters)]
    columns = _columns(asked, asked.span is not None or Standing.VISITED in filters.standing)
    return Listing(
        "due",
        N_("Due for a visit"),
        _rows(ground),
        sorts,
        "since",
        columns,
        where=where,
        rows_of=lambda firms: _rows_of(asked, firms),
    )


def _open_problems(ground: Ground) -> Any:
    of_firm = Issue.enterprise_id == ground.scoped.c.enterprise_id
    stmt = sa.select(sa.func.count(Issue.id)).where(
        of_firm, Issue.state.in_(OPEN), Issue.confidential.is_(False)
    )
    return stmt.correlate(ground.scoped).scalar_subquery()


def _rows(ground: Ground) -> Any:
    owed = ground.owed.c
    selected = (
        (Enterprise.id, Enterprise.name, Enterprise.code, Link.group_id),
        (Enterprise.park, Enterprise.street, owed.tier, owed.until_on),
        (ground.last_on.label("last_on"), Group.name.label("group"), officer.name.label("officer")),
        (ground.required.label("required"), sa.func.coalesce(owed.given, 0).label("given")),
        (ground.visits.label("visits"), _open_problems(ground).label("problems")),
    )
    return (
        ground.select(*(column for part in selected for column in part))
        .outerjoin(Group, Group.id == Link.group_id)
        .outerjoin(officer, officer.id == Link.officer_id)
    )


def _rows_of(asked: Asked, firms: Sequence[int]) -> Any:
    """The rows of one page: what is owed is worked out for these enterprises only."""
    ground = Ground(asked, firms)
    return _rows(ground).where(ground.scoped.c.enterprise_id.in_(firms))
