"""Which notices and messages nobody needs any more."""

from datetime import timedelta

from visits.core.clock import now
from visits.core.erasing import Spent
from visits.core.i18n import N_
from visits.inbox.models import Delivery, DeliveryState, Notice

READ_KEPT = timedelta(days=180)
SENT_KEPT = timedelta(days=90)


def spent() -> list[Spent]:
    """Notices read and messages sent so long ago; those unread, waiting or given up stay."""
    is_sent = (Delivery.state == DeliveryState.SENT, Delivery.ended_at < now() - SENT_KEPT)
    return [
        Spent(N_("notices read"), Notice, (Notice.read_at < now() - READ_KEPT,)),
        Spent(N_("messages sent"), Delivery, is_sent),
    ]
