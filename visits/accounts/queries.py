"""Every reading of people, units and sign-ins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from visits.accounts import rules
from visits.accounts.models import Person, PersonRole, SignIn, SignInAttempt, Unit, UnitMembership
from visits.core.authz import Actor
from visits.core.clock import now, today
from visits.core.db import db
from visits.core.listing import Page, paginate
from visits.core.permissions import Role


@dataclass(frozen=True)
class SignedInPerson:
    """Who a session belongs to: what Flask-Login and the page frame need, read once per request."""

    person_id: int
    name: str
    username: str
    language: str | None
    token: str
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """The session's token, which the cookie carries."""
        return self.token


def get_signed_in(token: str, lifetime: timedelta) -> SignedInPerson | None:
    """The person of a live session; ended, too old and disabled ones are nobody."""
    row = db.session.execute(
        sa.select(Person.id, Person.name, Person.username, Person.language)
        .join(SignIn, SignIn.person_id == Person.id)
        .where(
            SignIn.token_hash == rules.token_hash(token),
            SignIn.ended_at.is_(None),
            SignIn.created_at > now() - lifetime,
            Person.disabled_at.is_(None),
        )
    ).first()
    return SignedInPerson(*row, token=token) if row else None


def person_of_ended_session(token: str) -> int | None:
    """Whose session a token was, live or not: only they get back what they had typed in it."""
    return db.session.scalar(
        sa.select(SignIn.person_id).where(SignIn.token_hash == rules.token_hash(token))
    )


def is_current(day: date) -> sa.ColumnElement[bool]:
    """Memberships that hold on a day."""
    return sa.and_(
        UnitMembership.from_on <= day,
        sa.or_(UnitMembership.until_on.is_(None), UnitMembership.until_on > day),
    )


def actor_of(person_id: int, name: str, groups: sa.Select[Any] | None = None) -> Actor:
    """The actor a person is today, in one statement; `groups` selects the ids of their groups."""
    parts = [
        sa.select(sa.literal("role"), sa.cast(PersonRole.role, sa.String), sa.literal(0)).where(
            PersonRole.person_id == person_id
        ),
        sa.select(sa.literal("unit"), sa.literal(""), UnitMembership.unit_id).where(
            UnitMembership.person_id == person_id, is_current(today())
        ),
    ]
    if groups is not None:
        chosen = groups.subquery()
        parts.append(sa.select(sa.literal("group"), sa.literal(""), *chosen.c))
    rows = db.session.execute(sa.union_all(*parts)).all()
    return Actor(
        person_id,
        name,
        roles=frozenset(Role(role) for kind, role, _ in rows if kind == "role"),
        unit_ids=frozenset(unit for kind, _, unit in rows if kind == "unit"),
        group_ids=frozenset(group for kind, _, group in rows if kind == "group"),
    )


def count_people() -> int:
    """How many people there are, disabled ones included."""
    return db.session.scalar(sa.select(sa.func.count(Person.id))) or 0


def get_person(person_id: int) -> Person | None:
    """One person."""
    return db.session.get(Person, person_id)


def get_person_by_username(username: str) -> Person | None:
    """The person of an account, however the name was typed."""
    return db.session.scalar(sa.select(Person).where(Person.username == rules.fold_username(username)))


def get_unit(unit_id: int) -> Unit | None:
    """One unit."""
    return db.session.get(Unit, unit_id)


def get_unit_by_name(name: str) -> Unit | None:
    """The unit of that exact name."""
    return db.session.scalar(sa.select(Unit).where(Unit.name == name.strip()))


def roles_of(person_id: int) -> list[Role]:
    """The roles a person holds."""
    return sorted(db.session.scalars(sa.select(PersonRole.role).where(PersonRole.person_id == person_id)))


def unit_of(person_id: int, day: date) -> Unit | None:
    """The unit a person belonged to on a day (the earliest joined, if several)."""
    return db.session.scalar(
        sa.select(Unit)
        .join(UnitMembership)
        .where(UnitMembership.person_id == person_id, is_current(day))
        .order_by(UnitMembership.from_on, UnitMembership.id)
        .limit(1)
    )


def units_of_people(person_ids: Sequence[int], day: date) -> dict[int, int]:
    """The unit of each of these people on a day, as {person: unit}."""
    rows = db.session.execute(
        sa.select(UnitMembership.person_id, UnitMembership.unit_id)
        .where(UnitMembership.person_id.in_(person_ids), is_current(day))
        .order_by(UnitMembership.from_on.desc(), UnitMembership.id.desc())
    ).all()
    return {row.person_id: row.unit_id for row in rows}


def open_units() -> list[tuple[int, str]]:
    """Units that are not closed, as (id, name), by name."""
    return [
        (unit_id, name)
        for unit_id, name in db.session.execute(
            sa.select(Unit.id, Unit.name).where(Unit.closed_on.is_(None)).order_by(Unit.name)
        )
    ]


def active_people(*roles: Role) -> list[tuple[int, str]]:
    """People not disabled, as (id, name and unit), by name; only those with one of the roles, if given."""
    stmt = (
        sa.select(Person.id, Person.name, Unit.name)
        .outerjoin(UnitMembership, sa.and_(UnitMembership.person_id == Person.id, is_current(today())))
        .outerjoin(Unit, Unit.id == UnitMembership.unit_id)
        .where(Person.disabled_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    if roles:
        stmt = stmt.where(Person.id.in_(sa.select(PersonRole.person_id).where(PersonRole.role.in_(roles))))
    labels: dict[int, str] = {}
    for person_id, name, unit in db.session.execute(stmt):
        labels.setdefault(person_id, f"{name}（{unit}）" if unit else name)
    return list(labels.items())


def units_with_handler(day: date) -> set[int]:
    """Units where somebody not disabled may sign and report problems."""
    return set(
        db.session.scalars(
            sa.select(UnitMembership.unit_id)
            .join(Person, Person.id == UnitMembership.person_id)
            .join(PersonRole, PersonRole.person_id == Person.id)
            .where(
                is_current(day),
                Person.disabled_at.is_(None),
                PersonRole.role.in_([Role.HANDLER, Role.UNIT_HEAD]),
            )
        )
    )


def attempts_in_window(username: str, address: str) -> tuple[int, int]:
    """Password checks begun in the throttle window: from this address, and on the account in all."""
    since = now() - rules.THROTTLE_WINDOW
    row = db.session.execute(
        sa.select(
            sa.func.count(SignInAttempt.id).filter(SignInAttempt.address == address),
            sa.func.count(SignInAttempt.id),
        ).where(SignInAttempt.username == username, SignInAttempt.at > since)
    ).one()
    return row[0], row[1]


def list_people(args: Mapping[str, str]) -> Page:
    """A page of people with their unit, filtered by `q`."""
    stmt = (
        sa.select(
            Person.id,
            Person.username,
            Person.name,
            Person.post,
            Person.disabled_at,
            Unit.name.label("unit"),
        )
        .outerjoin(UnitMembership, sa.and_(UnitMembership.person_id == Person.id, is_current(today())))
        .outerjoin(Unit, Unit.id == UnitMembership.unit_id)
    )
    if q := args.get("q", "").strip():
        stmt = stmt.where(
            sa.or_(
                Person.name.contains(q, autoescape=True),
                Person.username.contains(rules.fold_username(q), autoescape=True),
            )
        )
    sorts: dict[str, Any] = {
        "name": Person.name,
        "username": Person.username,
        "unit": Unit.name,
        "id": Person.id,
    }
    return paginate(stmt, args, sorts, "username")


def roles_by_person(person_ids: Sequence[int]) -> dict[int, list[Role]]:
    """The roles of each of these people."""
    found: dict[int, list[Role]] = {person_id: [] for person_id in person_ids}
    for person_id, role in db.session.execute(
        sa.select(PersonRole.person_id, PersonRole.role).where(PersonRole.person_id.in_(person_ids))
    ):
        found[person_id].append(role)
    return found


def list_units() -> Sequence[Any]:
    """All units with how many people belong to each today."""
    people = sa.func.count(UnitMembership.id).label("people")
    return db.session.execute(
        sa.select(Unit.id, Unit.name, Unit.head_confirms, Unit.closed_on, people)
        .outerjoin(UnitMembership, sa.and_(UnitMembership.unit_id == Unit.id, is_current(today())))
        .group_by(Unit.id)
        .order_by(Unit.closed_on.is_not(None), Unit.name)
    ).all()


def other_active_admins(person_id: int) -> int:
    """How many administrators not disabled there are besides this person."""
    return (
        db.session.scalar(
            sa.select(sa.func.count(Person.id))
            .join(PersonRole, PersonRole.person_id == Person.id)
            .where(PersonRole.role == Role.ADMIN, Person.disabled_at.is_(None), Person.id != person_id)
        )
        or 0
    )


def live_sign_ins(person_id: int) -> Sequence[tuple[int, datetime, str]]:
    """A person's sessions not ended, newest first."""
    return [
        (sign_in_id, created_at, address)
        for sign_in_id, created_at, address in db.session.execute(
            sa.select(SignIn.id, SignIn.created_at, SignIn.address)
            .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
            .order_by(SignIn.id.desc())
        )
    ]
