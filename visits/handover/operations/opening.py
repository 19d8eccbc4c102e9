"""Handovers from the side of whoever leads them: opened, completed, sent on, withdrawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from visits.accounts import queries as accounts
from visits.accounts.models import Person
from visits.core import audit
from visits.core.authz import Actor, require
from visits.core.clock import today
from visits.core.db import db, lock_name
from visits.core.errors import NotAllowed, Refused
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.handover import queries
from visits.handover.models import Handover, HandoverItem, Kind
from visits.handover.notifications import notify_offered, notify_withdrawn
from visits.handover.operations.fitting import why_unfit
from visits.handover.operations.moving import (
    Step,
    begin,
    begin_new,
    move_handover,
    move_item,
    set_aside,
)
from visits.handover.states import UNSETTLED

FARTHEST = timedelta(days=366)


@dataclass(frozen=True)
class HandoverEntry:
    """Who hands over to whom, from which day on, and why."""

    from_id: int
    to_id: int
    from_on: date
    reason: str


def open_handover(actor: Actor, entry: HandoverEntry) -> Handover:
    """Offer all that somebody answers for to somebody else; each thing may be sent on to another."""
    require(actor, Permission.HANDOVER_OPEN)
    if entry.from_id != actor.person_id and not queries.opens_for_all(actor):
        raise NotAllowed(N_("You hand over your own work. For others the office opens a handover."))
    if accounts.get_person(entry.from_id) is None:
        raise Refused(N_("This person does not exist. Choose another."), field="from_id")
    require_receiver(entry.to_id, entry.from_id, "to_id")
    if not today() <= entry.from_on <= today() + FARTHEST:
        raise Refused(N_("Choose a day from today on, within a year."), field="from_on")
    lock_name(f"handover {entry.from_id}")
    if queries.running_from(entry.from_id) is not None:
        raise Refused(
            N_("A handover of this person is under way already. Complete that one."), field="from_id"
        )
    pack = queries.pack_of(entry.from_id, entry.from_on)
    if not pack:
        raise Refused(N_("This person answers for nothing from that day on."), field="from_id")
    handover = Handover(
        from_id=entry.from_id,
        to_id=entry.to_id,
        from_on=entry.from_on,
        reason=entry.reason,
        opened_by_id=actor.person_id,
    )
    step = begin_new(actor, handover)
    move_handover(step, "open")
    db.session.flush()  # the items need its id
    offered = _offer(step, pack)
    audit.record(
        actor,
        "handover.opened",
        handover,
        person=[entry.from_id, entry.to_id],
        from_on=entry.from_on.isoformat(),
        reason=entry.reason,
        rows=len(pack),
    )
    notify_offered(actor, handover, handover.to_id, offered)
    return handover


def require_receiver(person_id: int | None, from_id: int, field: str) -> Person:
    """Who is to take over; refuse one who cannot sign in, or who is the leaver."""
    if person_id is None:
        raise Refused(N_("Choose who is to take it over."), field=field)
    person = accounts.get_person(person_id)
    if person is None or person.disabled_at is not None:
        raise Refused(N_("This account is disabled or does not exist. Choose somebody else."), field=field)
    if person_id == from_id:
        raise Refused(N_("Nobody hands over to oneself. Choose somebody else."), field=field)
    return person


def _offer(step: Step, pack: Iterable[Any]) -> int:
    """Offer things of the pack to the other party, but for what a rule keeps from it; return how many."""
    handover = step.handover
    items = [
        HandoverItem(
            handover_id=handover.id,
            kind=Kind(row.kind),
            record_id=row.record_id,
            name=row.name[:300],
            word=row.word[:80],
            page_id=row.page_id,
            enterprise_id=row.enterprise_id,
            due_on=row.due_on,
            receiver_id=handover.to_id,
        )
        for row in pack
    ]
    for item in items:
        move_item(step, item, "offer")
    db.session.flush()  # what is set aside was offered
    for item in items:
        if reason := why_unfit(item, item.receiver_id, handover.from_on):
            set_aside(step, item, reason)
    db.session.flush()
    return sum(not item.is_set_aside for item in items)


def gather(actor: Actor, handover: Handover, revision: int | None = None) -> int:
    """Add what the leaver has taken on since the handover was opened; return how much that is."""
    step = begin(actor, handover)
    move_handover(step, "gather", revision)
    known = {(item.kind, item.record_id) for item in queries.items_of(handover.id)}
    new = [
        row
        for row in queries.pack_of(handover.from_id, handover.from_on)
        if (Kind(row.kind), row.record_id) not in known
    ]
    offered = _offer(step, new)
    audit.record(actor, "handover.gathered", handover, rows=len(new))
    notify_offered(actor, handover, handover.to_id, offered)
    return len(new)


def redirect_items(
    actor: Actor,
    handover: Handover,
    item_ids: Iterable[int],
    receiver_id: int | None,
    revision: int | None = None,
) -> int:
    """Offer things of a handover to somebody else: what was declined, or what a third one should take."""
    step = begin(actor, handover)
    move_handover(step, "gather", revision)
    receiver = require_receiver(receiver_id, handover.from_id, "receiver_id")
    items = chosen(handover, item_ids)
    for item in items:
        if why_unfit(item, receiver.id, handover.from_on):
            raise Refused(
                N_(
                    "%(name)s cannot stand in for %(who)s: that is the absent person, or somebody who is "
                    "away too or does other work. Choose somebody else for this."
                ),
                field="receiver_id",
                name=receiver.name,
                who=item.name,
            )
        item.receiver_id, item.reason, item.answered_at = receiver.id, "", None
        move_item(step, item, "redirect")
    audit.record(actor, "handover.redirected", handover, person=receiver_id, rows=len(items))
    notify_offered(actor, handover, receiver.id, len(items))
    return len(items)


def chosen(handover: Handover, item_ids: Iterable[int]) -> Sequence[HandoverItem]:
    """The things of a handover with these ids; refuse when there are none, or some of another handover."""
    wanted = set(item_ids)
    items = [item for item in queries.items_of(handover.id) if item.id in wanted]
    if not wanted or len(items) != len(wanted):
        raise Refused(N_("Tick what it is about, from the list as it stands now."), field="item_ids")
    return items


def withdraw(actor: Actor, handover: Handover, reason: str, revision: int | None = None) -> None:
    """Take a handover back; what was taken over already stays with who took it."""
    step = begin(actor, handover)
    move_handover(step, "withdraw", revision)
    handover.end_reason = reason
    waiting = queries.items_of(handover.id, *UNSETTLED)
    for item in waiting:
        move_item(step, item, "take_back")
    audit.record(actor, "handover.withdrawn", handover, reason=reason)
    notify_withdrawn(actor, handover, {item.receiver_id for item in waiting})
