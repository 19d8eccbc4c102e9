"""Readings of contact points and of the outbox."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Person, Unit
from visits.core.db import db
from visits.inbox.models import Channel, ContactPoint, Delivery, DeliveryState

SORTS: dict[str, Any] = {"id": Delivery.id}


def get_point(person_id: int | None, unit_id: int | None, channel: Channel) -> ContactPoint | None:
    """The place where a person or unit is told by a channel; one taken out has no address."""
    return db.session.scalar(
        sa.select(ContactPoint).where(_of(person_id, unit_id), ContactPoint.channel == channel)
    )


def points_of(person_id: int | None, unit_id: int | None) -> dict[Channel, ContactPoint]:
    """Where a person or unit is told, by channel."""
    rows = db.session.scalars(
        sa.select(ContactPoint).where(_of(person_id, unit_id), ContactPoint.address != "")
    )
    return {point.channel: point for point in rows}


def _of(person_id: int | None, unit_id: int | None) -> sa.ColumnElement[bool]:
    return ContactPoint.unit_id == unit_id if unit_id is not None else ContactPoint.person_id == person_id


def last_deliveries(point_ids: Sequence[int]) -> dict[int, Delivery]:
    """The latest message to each of these places."""
    latest = (
        sa.select(sa.func.max(Delivery.id))
        .where(Delivery.contact_point_id.in_(point_ids))
        .group_by(Delivery.contact_point_id)
    )
    rows = db.session.scalars(sa.select(Delivery).where(Delivery.id.in_(latest)))
    return {delivery.contact_point_id: delivery for delivery in rows}


def count_since(point_id: int, event: str, since: datetime) -> int:
    """How many messages of events that begin so were put into the outbox for a place since then."""
    stmt = sa.select(sa.func.count()).where(
        Delivery.contact_point_id == point_id,
        Delivery.event.startswith(event),
        Delivery.created_at >= since,
    )
    return db.session.scalar(stmt) or 0


def busy_points(point_ids: Sequence[int], since: datetime, most: int) -> set[int]:
    """Which of these places got as many messages since then as they should, or more."""
    stmt = (
        sa.select(Delivery.contact_point_id)
        .where(Delivery.contact_point_id.in_(point_ids), Delivery.created_at >= since)
        .group_by(Delivery.contact_point_id)
        .having(sa.func.count() >= most)
    )
    return set(db.session.scalars(stmt))


def languages_of(person_ids: Sequence[int]) -> dict[int, str | None]:
    """The language each of these people has chosen."""
    rows = db.session.execute(sa.select(Person.id, Person.language).where(Person.id.in_(person_ids)))
    return {row.id: row.language for row in rows}


def outbox_of(state: DeliveryState) -> sa.Select[Any]:
    """The messages in a state, with where they go to and for whom; nothing of what they say."""
    return (
        sa.select(
            *(getattr(Delivery, name) for name in ("id", "subject", "state", "tries", "last_error")),
            Delivery.created_at,
            Delivery.next_at,
            Delivery.ended_at,
            ContactPoint.channel,
            ContactPoint.address,
            Person.name.label("person"),
            Unit.name.label("unit"),
        )
        .join(ContactPoint, ContactPoint.id == Delivery.contact_point_id)
        .outerjoin(Person, Person.id == ContactPoint.person_id)
        .outerjoin(Unit, Unit.id == ContactPoint.unit_id)
        .where(Delivery.state == state)
    )


def counts_by_state() -> dict[DeliveryState, int]:
    """How many messages are in each state."""
    stmt = sa.select(Delivery.state, sa.func.count()).group_by(Delivery.state)
    return {row.state: row[1] for row in db.session.execute(stmt)}


def count_failing() -> int:
    """How many messages were tried, were not taken, and are tried again."""
    stmt = sa.select(sa.func.count()).where(
        Delivery.state == DeliveryState.WAITING, Delivery.tries > 0, Delivery.last_error != ""
    )
    return db.session.scalar(stmt) or 0


def get_delivery(delivery_id: int) -> Delivery | None:
    """One message."""
    return db.session.get(Delivery, delivery_id)


def longest_due() -> datetime | None:
    """Since when the message that waits longest has been due."""
    return db.session.scalar(
        sa.select(sa.func.min(Delivery.next_at, type_=Delivery.next_at.type)).where(
            Delivery.state == DeliveryState.WAITING
        )
    )
