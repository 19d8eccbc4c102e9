"""Putting messages into the outbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

import sqlalchemy as sa

from visits.core.clock import now
from visits.core.db import db
from visits.inbox.models import ContactPoint, Delivery


@dataclass(frozen=True)
class Message:
    """What is sent: plain text for every channel, and the same as HTML for those that show it."""

    subject: str
    text: str
    html: str = ""


def queue_message(points: Sequence[ContactPoint], event: str, message: Message) -> list[Delivery]:
    """Put one message per contact point and event into the outbox, in the running transaction."""
    queued = sa.select(Delivery.contact_point_id).where(Delivery.event == event)
    done = set(db.session.scalars(queued))
    deliveries = [_delivery(point, event, message) for point in points if point.id not in done]
    db.session.add_all(deliveries)
    return deliveries


def _delivery(point: ContactPoint, event: str, message: Message) -> Delivery:
    return Delivery(
        contact_point_id=point.id,
        event=event,
        message_id=str(uuid4()),
        subject=message.subject,
        text=message.text,
        html=message.html,
        next_at=now(),
    )
