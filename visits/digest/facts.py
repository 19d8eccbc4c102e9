"""The parts a digest is made of: which rows stand in each, for whom, and where all of them are shown.

A part is written for one actor, with the conditions of desks, boards and lists. `each_of` is an actor that
stands for every person of a statement at once, so that all people's rows are found by one statement.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import UnitMembership
from visits.accounts.queries import is_current
from visits.core.authz import Actor
from visits.core.clock import today
from visits.core.permissions import Permission, Role
from visits.core.workdays import Calendar
from visits.issues.boards import Condition, Days
from visits.issues.models import Issue
from visits.issues.states import State
from visits.programmes.queries import group_ids_of

WHO: Any = sa.literal_column("who.id", sa.Integer)
AT_WORK = (State.ASSIGNED, State.IN_PROGRESS)  # on the desk of the unit in charge, which can act
WorksFor = Callable[[frozenset[Role]], bool]


def each_of(roles: frozenset[Role]) -> Actor:
    """The actor of each row of `who`, a relation of people who all hold these roles.

    What depends on the person, the units and the groups is a column or a select for IN.
    """
    units = sa.select(UnitMembership.unit_id).where(UnitMembership.person_id == WHO, is_current(today()))
    groups: Any = group_ids_of(WHO, today())
    return Actor(WHO, "", roles, units.correlate(None), groups.correlate(None))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Ground:
    """What the parts are cut by today, made once: the calendar, the board's days and lists.

    `short` selects the enterprises that lack visits of a period that ends soon.
    """

    calendar: Calendar
    days: Days
    boards: Mapping[str, Condition]
    short: Any


@dataclass(frozen=True)
class Rows:
    """Where a part's rows come from: a table with its joins, what is shown, which, in what order."""

    table: Any
    ref: Any
    name: Any
    where: Condition
    number: Any = field(default_factory=lambda: sa.literal("", sa.String))
    due: Any = field(default_factory=lambda: sa.cast(sa.null(), sa.Date))
    is_confidential: Any = field(default_factory=sa.false)
    joins: tuple[tuple[Any, Condition], ...] = ()
    order: tuple[Any, ...] = ()


def everybody(_roles: frozenset[Role]) -> bool:
    """Whoever holds the right."""
    return True


@dataclass(frozen=True)
class Part:
    """One section of a digest.

    `rights` are those of which one is needed; `works_for` says to which of their holders it speaks.
    `page` is the endpoint of one row and the name of its id, `shown_at` the endpoint and query of the list
    that shows all. `for_deputy` says whether an absent person's rows are told to the deputy too.
    """

    key: str
    title: str
    rights: tuple[Permission, ...]
    rows: Callable[[Actor, Ground], Rows]
    page: tuple[str, str]
    shown_at: tuple[str, dict[str, str]]
    works_for: WorksFor = everybody
    for_deputy: bool = True


@dataclass(frozen=True)
class Item:
    """One row of a section."""

    ref: int
    number: str
    name: str
    due: date | None
    is_confidential: bool = False


@dataclass(frozen=True)
class Section:
    """What one part says to one person: how many rows, and the first; `behalf` is the absent colleague."""

    key: str
    total: int
    items: tuple[Item, ...]
    behalf: str = ""


def problems(which: Condition, *order: Any, due: Any = Issue.due_on) -> Rows:
    """Rows of problems, by default the one due first at the top."""
    return Rows(
        Issue,
        Issue.id,
        Issue.title,
        which,
        number=Issue.number,
        due=due,
        is_confidential=Issue.confidential,
        order=(*(order or (due.is_(None), due)), Issue.id),
    )
