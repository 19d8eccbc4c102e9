"""Who stands in for whom while somebody is away, and the address of a person's calendar."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.accounts.models import Delegation, Person
from visits.accounts.rules import link_hash
from visits.core.authz import Actor
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import NotFound
from visits.outreach.models import CalendarFeed

PURPOSE = "calendar"


def delegations_of(actor: Actor) -> Sequence[Any]:
    """The absences, present and to come, of a person and of those the person stands in for."""
    person, deputy = aliased(Person), aliased(Person)
    columns = (Delegation.id, Delegation.person_id, Delegation.from_on, Delegation.until_on)
    concerns = sa.or_(Delegation.person_id == actor.person_id, Delegation.deputy_id == actor.person_id)
    return db.session.execute(
        sa.select(*columns, Delegation.reason, person.name.label("person"), deputy.name.label("deputy"))
        .join(person, person.id == Delegation.person_id)
        .join(deputy, deputy.id == Delegation.deputy_id)
        .where(concerns, Delegation.until_on > today())
        .order_by(Delegation.from_on, Delegation.id)
    ).all()


def absent_between(person_id: int, from_on: date, until_on: date) -> Delegation | None:
    """An absence of a person that shares a day with these, the last not counted."""
    shares = (Delegation.from_on < until_on, Delegation.until_on > from_on)
    stmt = sa.select(Delegation).where(Delegation.person_id == person_id, *shares)
    return db.session.scalars(stmt.order_by(Delegation.from_on).limit(1)).first()


def stood_in_for(deputy_id: int, from_on: date, until_on: date) -> list[str]:
    """The names of those for whom a person stands in on some of these days."""
    shares = (Delegation.from_on < until_on, Delegation.until_on > from_on)
    rows = db.session.scalars(
        sa.select(Person.name)
        .join(Delegation, Delegation.person_id == Person.id)
        .where(Delegation.deputy_id == deputy_id, *shares)
        .order_by(Delegation.from_on, Delegation.id)
    )
    return list(rows)


def get_delegation(actor: Actor, delegation_id: int) -> Delegation:
    """One of the actor's own absences; raise NotFound for others."""
    found = db.session.get(Delegation, delegation_id, with_for_update=True)
    if found is None or found.person_id != actor.person_id:
        raise NotFound()
    return found


def open_feeds_of(person_id: int | None) -> Sequence[CalendarFeed]:
    """The addresses of a person's calendar that are in use: one at most."""
    wanted = (CalendarFeed.person_id == person_id, CalendarFeed.revoked_at.is_(None))
    return db.session.scalars(sa.select(CalendarFeed).where(*wanted)).all()


def owner_of_feed(code: str) -> Any:
    """Whose calendar a code opens, as (id, name); None for any other code and for accounts not in use."""
    return db.session.execute(
        sa.select(Person.id, Person.name)
        .join(CalendarFeed, CalendarFeed.person_id == Person.id)
        .where(
            CalendarFeed.token_hash == link_hash(PURPOSE, code),
            CalendarFeed.revoked_at.is_(None),
            Person.disabled_at.is_(None),
        )
    ).first()


def was_feed(code: str) -> bool:
    """Whether a code ever opened a calendar."""
    stmt = sa.select(CalendarFeed.id).where(CalendarFeed.token_hash == link_hash(PURPOSE, code))
    return db.session.scalar(stmt) is not None
