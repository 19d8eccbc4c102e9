"""Handovers from the side of whoever takes over: accepted or declined, thing by thing or all at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from visits.core import audit
from visits.core.authz import Actor
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.handover import queries
from visits.handover.models import Handover, HandoverItem
from visits.handover.notifications import notify_answered
from visits.handover.operations.fitting import why_unfit
from visits.handover.operations.moving import Step, begin, move_item, set_aside
from visits.handover.operations.opening import chosen
from visits.handover.operations.settling import settle
from visits.handover.states import ItemState


@dataclass(frozen=True)
class Accepted:
    """How many things somebody took over, and those that a rule kept from it."""

    taken: int
    aside: Sequence[HandoverItem] = ()


def accept(
    actor: Actor, handover: Handover, item_ids: Iterable[int], revision: int | None = None
) -> Accepted:
    """Take things over: from the handover's day on, or from today where that is over."""
    return _accept(actor, handover, chosen(handover, item_ids), revision)


def accept_all(actor: Actor, handover: Handover, revision: int | None = None) -> Accepted:
    """Take over everything that is offered to me and can be mine."""
    offered = queries.items_of(handover.id, ItemState.OFFERED)
    mine = [item for item in offered if item.receiver_id == actor.person_id]
    if not mine:
        handover.require_revision(revision)
        raise Refused(N_("Nothing of this handover waits for you any more."))
    return _accept(actor, handover, mine, revision)


def _accept(
    actor: Actor, handover: Handover, items: Iterable[HandoverItem], revision: int | None
) -> Accepted:
    """Take over what can be taken; what a rule keeps from the receiver goes back without the rest."""
    step = begin(actor, handover)
    taken: list[HandoverItem] = []
    aside: list[HandoverItem] = []
    for item in _answered(step, items, "accept", revision):
        if reason := why_unfit(item, item.receiver_id, handover.from_on):
            set_aside(step, item, reason)
        (aside if item.is_set_aside else taken).append(item)
    names = {"items": [item.name for item in taken], "set_aside": [item.name for item in aside]}
    audit.record(actor, "handover.accepted", handover, rows=len(taken), **names)
    if taken:
        notify_answered(actor, handover, taken, is_accepted=True)
    if aside:
        notify_answered(actor, handover, aside, is_accepted=False)
    settle(step, taken)
    return Accepted(len(taken), aside)


def decline(
    actor: Actor,
    handover: Handover,
    item_ids: Iterable[int],
    reason: str,
    revision: int | None = None,
) -> int:
    """Send things back to whoever leads the handover, with the reason; return how many."""
    if not reason.strip():
        raise Refused(
            N_("Write why you do not take it over, so that the office finds somebody."), field="reason"
        )
    step, items = begin(actor, handover), chosen(handover, item_ids)
    for item in items:
        item.reason = reason
    declined = _answered(step, items, "decline", revision)
    audit.record(
        actor,
        "handover.declined",
        handover,
        reason=reason,
        rows=len(declined),
        items=[item.name for item in declined],
    )
    notify_answered(actor, handover, declined, is_accepted=False)
    return len(declined)


def _answered(
    step: Step, items: Iterable[HandoverItem], name: str, revision: int | None
) -> list[HandoverItem]:
    """Note the receiver's answer to each thing; of a pack changed since, to none."""
    step.handover.require_revision(revision)
    given = list(items)
    for item in given:
        item.answered_at = step.at
        move_item(step, item, name)
    return given
