"""Readings of notices and of who is told."""

from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa

from visits.accounts import queries as accounts
from visits.accounts.models import Person
from visits.core.db import db
from visits.inbox.models import ContactPoint, Notice, NoticeKind, NoticeSwitch


def receivers(
    people: Collection[int], kind: NoticeKind, event: str, day: date
) -> list[tuple[int, int | None]]:
    """Who of these people and their deputies is to be told, as (person, on whose behalf).

    Left out are people disabled, who switched the kind off, or who were told of the event.
    """
    if not people:
        return []
    behalf: dict[int, int | None] = {}
    for absent, deputy in accounts.deputies_on(day, people):
        behalf.setdefault(deputy, absent)
    behalf |= dict.fromkeys(people)
    switched = sa.select(NoticeSwitch.person_id).where(NoticeSwitch.kind == kind)
    told = sa.select(Notice.person_id).where(Notice.event == event)
    stmt = (
        sa.select(Person.id)
        .where(Person.id.in_(behalf), Person.disabled_at.is_(None))
        .where(Person.id.not_in(switched), Person.id.not_in(told))
        .order_by(Person.id)
    )
    return [(person_id, behalf[person_id]) for person_id in db.session.scalars(stmt)]


def unread_count(person_id: int) -> int:
    """How many notices a person has not read."""
    stmt = sa.select(sa.func.count()).where(Notice.person_id == person_id, Notice.read_at.is_(None))
    return db.session.scalar(stmt) or 0


def points_of_people(person_ids: Collection[int]) -> Sequence[ContactPoint]:
    """Where these people are told beside their inboxes; people disabled are told nowhere."""
    stmt = (
        sa.select(ContactPoint)
        .join(Person, Person.id == ContactPoint.person_id)
        .where(ContactPoint.person_id.in_(person_ids), ContactPoint.address != "")
        .where(Person.disabled_at.is_(None))
    )
    return db.session.scalars(stmt.order_by(ContactPoint.id)).all()


def points_of_units(unit_ids: Collection[int]) -> Sequence[ContactPoint]:
    """Where these units are told."""
    stmt = sa.select(ContactPoint).where(ContactPoint.unit_id.in_(unit_ids), ContactPoint.address != "")
    return db.session.scalars(stmt.order_by(ContactPoint.id)).all()
