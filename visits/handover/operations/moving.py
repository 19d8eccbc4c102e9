"""How a handover and its items move: the check before, and the one writer of their states."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from visits.core.authz import Actor, may, permitted
from visits.core.clock import now
from visits.core.db import db
from visits.core.errors import DomainError
from visits.core.permissions import Permission
from visits.core.states import Move
from visits.handover.models import Handover, HandoverItem
from visits.handover.states import ENDED, HANDOVER_LIFE, ITEM_LIFE, ItemFacts

EVERY = HANDOVER_LIFE.permissions | ITEM_LIFE.permissions


@dataclass(frozen=True)
class Step:
    """What one person does with one handover at one moment; `held` are the rights for it."""

    actor: Actor
    handover: Handover
    at: datetime
    held: frozenset[Permission] = field(default_factory=frozenset)


def begin(actor: Actor, handover: Handover) -> Step:
    """A person's step with a handover that is there."""
    held = EVERY if actor.is_system else permitted(actor, EVERY, handover)
    return Step(actor, handover, now(), held)


def begin_new(actor: Actor, handover: Handover) -> Step:
    """The step that brings a handover into being."""
    return Step(actor, handover, now(), frozenset(p for p in EVERY if may(actor, p)))


def move_handover(step: Step, name: str, revision: int | None = None) -> None:
    """Check a move of a handover and make it; raise Stale, NotAllowed or what the machine raises."""
    handover = step.handover
    state = handover.state if handover.id is not None else None
    try:
        move = (
            HANDOVER_LIFE.check_state(name, state, None)
            if HANDOVER_LIFE[name].system
            else HANDOVER_LIFE.check(name, step.held, state, None)
        )
    except DomainError:
        handover.require_revision(revision, is_open=False)  # that it was overtaken says more
        raise
    handover.require_revision(revision)
    if move.target in ENDED:
        handover.ended_at = step.at
    make_step(handover, move)


def move_item(step: Step, item: HandoverItem, name: str) -> None:
    """Check a move of one thing handed over and make it."""
    facts = ItemFacts(is_receiver=item.receiver_id == step.actor.person_id)
    state = item.state if item.id is not None else None
    move = (
        ITEM_LIFE.check_state(name, state, facts)
        if ITEM_LIFE[name].system
        else ITEM_LIFE.check(name, step.held, state, facts)
    )
    make_step(item, move)


def set_aside(step: Step, item: HandoverItem, reason: str) -> None:
    """Offer a thing to nobody, since a rule keeps it from its receiver; whoever leads finds somebody."""
    item.reason, item.answered_at = reason, None
    move_item(step, item, "set_aside")


def make_step(record: Any, move: Move) -> None:
    """Write the state that a checked move of a handover or an item leads to; nothing else writes one."""
    record.state = move.target or record.state
    db.session.add(record)
    if move.origin:
        flag_modified(record, "state")  # a move that stays in its state still makes a new revision
