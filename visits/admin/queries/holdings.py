"""What a person or a unit still has in hand, before an account or a unit is closed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.accounts.models import Person, PersonRole, UnitMembership
from visits.accounts.queries import HANDLERS, holding, is_current
from visits.core.authz import Actor, may
from visits.core.clock import today
from visits.core.db import db
from visits.core.i18n import N_
from visits.core.permissions import Permission as P
from visits.core.permissions import Role
from visits.handover import queries as handover
from visits.handover.models import KIND_LABELS
from visits.handover.models import Kind as Part
from visits.issues.models import Dispatch, Issue
from visits.issues.states import ON_UNIT_DESK
from visits.programmes.models import Group

SHOWN = 8
DESK = N_("Open problems of units in which nobody else can sign")
ENTERPRISE = ("home.enterprise_file", "enterprise_id")
GROUP = ("programmes.group", "group_id")
ISSUE = ("issues.show", "issue_id")
VISIT = ("outreach.show", "visit_id")
HANDOVER = ("handover.show", "handover_id")
OFFERED = N_("Offered by a handover and not settled")
# what must not stay with a disabled account: where one of it is read, and the right to see its name
PARTS: dict[Part, tuple[tuple[str, str] | None, P]] = {
    Part.LINK: (ENTERPRISE, P.ENTERPRISES_READ),
    Part.MEMBERSHIP: (GROUP, P.PROGRAMMES_READ),
    Part.ISSUE: (ISSUE, P.ISSUES_READ),
    Part.PROMISE: (VISIT, P.OUTREACH_READ),
    Part.PLAN: (ENTERPRISE, P.ENTERPRISES_READ),
    Part.COMPANION: (ENTERPRISE, P.ENTERPRISES_READ),
    Part.DEPUTY: (None, P.ACCOUNTS_ADMIN),
    Part.VIEW: (None, P.ENTERPRISES_READ),
}


@dataclass(frozen=True)
class Holding:
    """One kind of thing in hand: how many, and the first of them, each as (name, record id).

    `page` is the endpoint of one of them and its parameter; none where the reader may not open it.
    """

    label: str
    count: int
    first: Sequence[tuple[str, int]] = field(default_factory=tuple)
    page: tuple[str, str] | None = None


@dataclass(frozen=True)
class Kind:
    """How a kind of holding is read: heading, (name, id) rows, the page of one and the right to open it.

    Without the right the reader sees how many there are, and no names.
    """

    label: str
    stmt: sa.Select[*tuple[Any, ...]]
    page: tuple[str, str] | None
    permission: P


def holdings_of(actor: Actor, person_id: int) -> list[Holding]:
    """What a person holds today, in one statement; kinds of which there is nothing are left out."""
    return [held for held in _read(actor, _kinds(person_id)) if held.count]


def _read(actor: Actor, kinds: Sequence[Kind]) -> list[Holding]:
    parts = [_first_of(kind, number) for number, kind in enumerate(kinds)]
    found: dict[int, list[Any]] = {number: [] for number in range(len(kinds))}
    for row in db.session.execute(sa.union_all(*parts)):
        found[row.kind].append(row)
    return [_holding(actor, kind, found[number]) for number, kind in enumerate(kinds)]


def _first_of(kind: Kind, number: int) -> Any:
    """The first rows of a kind, each with how many there are in all."""
    total = sa.func.count().over().label("total")
    rows = kind.stmt.add_columns(total).limit(SHOWN).subquery()
    columns = list(rows.c)
    return sa.select(
        sa.literal(number).label("kind"), columns[0].label("name"), columns[1].label("id"), columns[2]
    )


def _holding(actor: Actor, kind: Kind, rows: Sequence[Any]) -> Holding:
    may_open = may(actor, kind.permission)
    return Holding(
        kind.label,
        count=rows[0].total if rows else 0,
        first=sorted((row.name, row.id) for row in rows) if may_open else (),
        page=kind.page if may_open else None,
    )


def _kinds(person_id: int) -> list[Kind]:
    desk = desk_of_units(sole_units(person_id))
    drafts, offered = handover.drafts_of(person_id), handover.offered_to(person_id)
    return [
        *(
            Kind(KIND_LABELS[kind], handover.part_of(kind, person_id), page, permission)
            for kind, (page, permission) in PARTS.items()
        ),
        Kind(DESK, desk, ISSUE, P.ISSUES_READ),
        Kind(OFFERED, offered, HANDOVER, P.ENTERPRISES_READ),
        Kind(N_("Visits begun and not finished"), drafts, None, P.OUTREACH_READ),
    ]


def sole_units(person_id: int) -> sa.Select[*tuple[Any, ...]]:
    """The ids of units in which this person signs for problems today and nobody else could."""
    other = aliased(UnitMembership)
    others = (
        sa.select(other.unit_id)
        .join(Person, Person.id == other.person_id)
        .where(
            other.person_id != person_id,
            other.from_on <= today(),
            sa.or_(other.until_on.is_(None), other.until_on > today()),
            Person.disabled_at.is_(None),
            Person.id.in_(holding(*HANDLERS)),
        )
    )
    return sa.select(UnitMembership.unit_id).where(
        UnitMembership.person_id == person_id,
        is_current(today()),
        UnitMembership.person_id.in_(holding(*HANDLERS)),
        UnitMembership.unit_id.not_in(others),
    )


def desk_of_units(unit_ids: sa.Select[*tuple[Any, ...]]) -> sa.Select[*tuple[Any, ...]]:
    """Problems on the desks of these units, as lead or as co-unit that has not answered."""
    waiting = sa.select(Dispatch.issue_id).where(
        Dispatch.unit_id.in_(unit_ids),
        Dispatch.ended_at.is_(None),
        Dispatch.answered_at.is_(None),
        Dispatch.waived_at.is_(None),
    )
    return (
        sa.select(Issue.number, Issue.id)
        .where(Issue.id.in_(waiting), Issue.state.in_(ON_UNIT_DESK))
        .order_by(Issue.due_on, Issue.id)
    )


def leaves_a_desk(person_id: int) -> bool:
    """Say whether problems lie on a desk where nobody but this person could sign."""
    return db.session.execute(desk_of_units(sole_units(person_id)).limit(1)).first() is not None


def sole_roles(person_id: int) -> list[Role]:
    """The roles that nobody but this person holds among those who can sign in."""
    holders = (
        sa.select(PersonRole.role)
        .join(Person, Person.id == PersonRole.person_id)
        .where(Person.disabled_at.is_(None), Person.id != person_id)
    )
    return list(
        db.session.scalars(
            sa.select(PersonRole.role)
            .where(PersonRole.person_id == person_id, PersonRole.role.not_in(holders))
            .order_by(PersonRole.role)
        )
    )


def open_in_unit(actor: Actor, unit_id: int) -> Holding:
    """The problems a unit has not ended its task with, whatever their state."""
    mine = sa.select(Dispatch.issue_id).where(Dispatch.unit_id == unit_id, Dispatch.ended_at.is_(None))
    stmt = sa.select(Issue.number, Issue.id).where(Issue.id.in_(mine)).order_by(Issue.id)
    return _read(actor, [Kind(N_("Open problems of the unit"), stmt, ISSUE, P.ISSUES_READ)])[0]


def groups_led_by(unit_id: int) -> int:
    """How many service groups in use a unit leads."""
    return (
        db.session.scalar(
            sa.select(sa.func.count(Group.id)).where(
                Group.lead_unit_id == unit_id, Group.closed_on.is_(None)
            )
        )
        or 0
    )
