"""Every change to handovers; `moving` holds the one function that writes a state."""

from visits.handover.operations.answering import Accepted, accept, accept_all, decline
from visits.handover.operations.opening import (
    HandoverEntry,
    gather,
    open_handover,
    redirect_items,
    withdraw,
)
from visits.handover.operations.settling import settle_due

__all__ = [
    "Accepted",
    "HandoverEntry",
    "accept",
    "accept_all",
    "decline",
    "gather",
    "open_handover",
    "redirect_items",
    "settle_due",
    "withdraw",
]
