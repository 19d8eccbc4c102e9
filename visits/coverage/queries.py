"""The board: what the enterprises of each part of a scope come to."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from visits.core.authz import Actor, reaches
from visits.core.clock import now, today
from visits.core.db import db
from visits.core.filters import NOTHING
from visits.core.i18n import N_
from visits.core.permissions import Permission, Reach, Role
from visits.core.workdays import Calendar, add_workdays
from visits.coverage import rules
from visits.coverage.filters import Asked
from visits.coverage.listing import Ground, tags_held, within_reach
from visits.coverage.rules import Firm, Line
from visits.enterprises.models import Enterprise, Tag, TagGrant
from visits.programmes.models import Group, GroupMember, Link
from visits.programmes.queries import on_day
from visits.programmes.scope import Scope, scopes

PERIOD_ENDS = 5  # working days before the end of a period in which visits still to be made are named


class By(StrEnum):
    """What the board is broken down by."""

    PROGRAMME = "programme"
    GROUP = "group"
    PARK = "park"
    STREET = "street"
    TAG = "tag"
    TIER = "tier"


BY_LABELS = {
    By.PROGRAMME: N_("By programme"),
    By.GROUP: N_("By group"),
    By.PARK: N_("By park"),
    By.STREET: N_("By street"),
    By.TAG: N_("By tag"),
    By.TIER: N_("By tier"),
}


NOTHING_LABELS = {
    By.GROUP: N_("No group"),
    By.PARK: N_("No park"),
    By.STREET: N_("No street"),
    By.TAG: N_("No tag"),
    By.TIER: N_("No visit required"),
}


@dataclass(frozen=True)
class Part:
    """One line of the board; `key` is what a list is narrowed to by it, NOTHING where nothing is named."""

    key: str
    name: str
    line: Line


@dataclass(frozen=True)
class Board:
    """The lines, longest unvisited first, and all enterprises together."""

    parts: list[Part]
    whole: Line


def get_board(actor: Actor, asked: Asked, by: By) -> Board:
    """Put the enterprises within the actor's reach together, in two statements at most."""
    ground = Ground(asked)
    owed = ground.owed.c
    stmt = ground.select(
        ground.scoped.c.programme_id,
        Enterprise.id,
        Enterprise.park,
        Enterprise.street,
        Link.group_id,
        Group.name.label("group"),
        ground.visits.label("visits"),
        ground.last_on.label("last_on"),
        ground.required.label("required"),
        owed.credited,
        owed.is_short,
        owed.tier,
    )
    stmt = stmt.outerjoin(Group, Group.id == Link.group_id).where(within_reach(actor))
    rows = [(row, _firm(row)) for row in db.session.execute(stmt)]
    found: dict[tuple[str, str], list[Firm]] = defaultdict(list)
    for key, firm in _placed(rows, asked, by):
        found[key].append(firm)
    day = asked.counted_to
    parts = [Part(key, name, rules.line_of(firms, day)) for (key, name), firms in found.items()]
    whole = rules.line_of([firm for _, firm in rows], day)
    return Board(sorted(parts, key=lambda part: (part.line.urgency, part.name)), whole)


def _firm(row: Any) -> Firm:
    return Firm(row.visits, row.last_on, row.required, row.credited or 0, bool(row.is_short))


def _placed(rows: list[Any], asked: Asked, by: By) -> Iterable[tuple[tuple[str, str], Firm]]:
    """Each enterprise with the part it stands in; with several tags in several."""
    if by is By.TAG:
        held = defaultdict(list)
        for firm_id, name in db.session.execute(tags_held(asked, TagGrant.enterprise_id, Tag.name)):
            held[firm_id].append((name, name))
        for row, firm in rows:
            for key in held.get(row.id) or [(NOTHING, "")]:
                yield key, firm
        return
    names = {known.programme_id: known.scope.name for known in asked.programmes}
    read: dict[By, Callable[[Any], tuple[str, str]]] = {
        By.PROGRAMME: lambda row: (str(row.programme_id), names[row.programme_id]),
        By.GROUP: lambda row: (str(row.group_id or NOTHING), row.group or ""),
        By.PARK: lambda row: (row.park or NOTHING, row.park),
        By.STREET: lambda row: (row.street or NOTHING, row.street),
        By.TIER: lambda row: (row.tier or NOTHING, row.tier or ""),
    }
    for row, firm in rows:
        yield read[by](row), firm


def due_scope() -> Scope | None:
    """The programme of the list of those due: the first that requires visits, else the first."""
    found = scopes()
    requiring = [scope for scope in found if any(version.tiers for version in scope.versions)]
    return next(iter([*requiring, *found]), None)


def short_of_visits(scope: Scope | None, day: date, calendar: Calendar) -> Any:
    """Enterprises that still lack visits of a period about to end, of the programme of the due list."""
    programmes = (scope.known_at(now()),) if scope else ()
    ground = Ground(Asked(programmes, None, day))
    owed = ground.owed.c
    last = add_workdays(day, PERIOD_ENDS, calendar)
    found = ground.select(Enterprise.id, Enterprise.name, owed.until_on)
    return found.where(owed.is_short == 1, owed.until_on.between(day, last)).subquery("short")


def answering(roles: frozenset[Role]) -> Any:
    """Who answers for which enterprise today, as far as these roles look at coverage: person, enterprise.

    The same as `within_reach`, as a relation: asked pair by pair it takes minutes.
    """
    held, day = reaches(roles, Permission.COVERAGE_READ), today()
    of_groups = (
        sa.select(GroupMember.person_id.label("person_id"), Link.enterprise_id)
        .join(Link, Link.group_id == GroupMember.group_id)
        .where(on_day(GroupMember, day), on_day(Link, day))
    )
    of_officers = sa.select(Link.officer_id.label("person_id"), Link.enterprise_id).where(on_day(Link, day))
    ways = {Reach.GROUP: of_groups, Reach.OWN: of_officers}
    return sa.union(*(ways[reach] for reach in ways if reach in held)).subquery()


def answers_for_some(roles: frozenset[Role]) -> bool:
    """Say whether these roles answer for some enterprises, not as the office does for all of them."""
    held = reaches(roles, Permission.COVERAGE_READ)
    return bool(held - {Reach.NONE}) and Reach.ALL not in held


def still_to_visit(
    people: Sequence[Actor], calendar: Calendar, most: int
) -> dict[int | None, tuple[Sequence[Any], int]]:
    """The enterprises of each of these people that lack visits of a period about to end, and how many."""
    visiting = [one for one in people if answers_for_some(one.roles)]
    if not visiting:
        return {}
    short = short_of_visits(due_scope(), today(), calendar)
    every = sa.union_all(*(_of_one(one, short, most) for one in visiting))
    found: dict[int | None, list[Any]] = defaultdict(list)
    for row in db.session.execute(every.order_by("whose", "place")):
        found[row.whose].append(row)
    return {whose: (rows, rows[0].total) for whose, rows in found.items()}


def _of_one(whose: Actor, short: Any, most: int) -> sa.Select[Any]:
    firms = answering(whose.roles)
    every = (
        sa.select(
            short.c.id,
            short.c.name,
            sa.type_coerce(short.c.until_on, sa.Date).label("until_on"),
            sa.func.count().over().label("total"),
            sa.func.row_number().over(order_by=(short.c.until_on, short.c.id)).label("place"),
            sa.literal(whose.person_id).label("whose"),
        )
        .join(firms, firms.c.enterprise_id == short.c.id)
        .where(firms.c.person_id == whose.person_id)
        .subquery()
    )
    return sa.select(every).where(every.c.place <= most)
