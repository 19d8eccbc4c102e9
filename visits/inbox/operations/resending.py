"""Sending again what was given up, and at once what waits for its next try."""

import sqlalchemy as sa

from visits.core import audit
from visits.core.authz import Actor, require
from visits.core.clock import now
from visits.core.db import db
from visits.core.errors import WrongState
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.inbox.models import ContactPoint, Delivery, DeliveryState

NOT_DEAD = N_("This message has been put on its way again, or has arrived meanwhile.")


def resend(actor: Actor, delivery: Delivery) -> None:
    """Try a message that was given up, or waits for another try, from the beginning, under its own id."""
    require(actor, Permission.INBOX_DELIVER)
    if not _begin_again(Delivery.id == delivery.id):
        raise WrongState(NOT_DEAD)
    audit.record(actor, "delivery.resent", delivery, name=delivery.subject)


def resend_all(actor: Actor) -> int:
    """Try all such messages from the beginning, but those whose address was taken out."""
    require(actor, Permission.INBOX_DELIVER)
    count = _begin_again(
        Delivery.contact_point_id.in_(sa.select(ContactPoint.id).where(ContactPoint.address != ""))
    )
    audit.record(actor, "deliveries.resent", count=count)
    return count


def _begin_again(which: sa.ColumnElement[bool]) -> int:
    failing = (Delivery.state == DeliveryState.WAITING, Delivery.tries > 0, Delivery.token.is_(None))
    stmt = sa.update(Delivery).where(sa.or_(Delivery.state == DeliveryState.DEAD, sa.and_(*failing)), which)
    fresh = {"state": DeliveryState.WAITING, "ended_at": None, "tries": 0, "next_at": now()}
    return len(db.session.scalars(stmt.values(**fresh).returning(Delivery.id)).all())
