"""What a rule keeps from a receiver, whatever both parties want."""

from datetime import date

from visits.accounts import queries as accounts
from visits.accounts.models import Delegation
from visits.core.clock import today
from visits.core.db import db
from visits.handover.models import HandoverItem, Kind


def why_unfit(item: HandoverItem, receiver_id: int, from_on: date) -> str | None:
    """Why a thing cannot go to somebody from a day on; None when it can, or is there no more."""
    if item.kind is not Kind.DEPUTY:
        return None
    absence = db.session.get(Delegation, item.record_id)
    day = max(from_on, today())
    if absence is None or absence.until_on <= day:
        return None  # it lapses when it is taken over
    return accounts.why_not_stand_in(absence, receiver_id, day)
