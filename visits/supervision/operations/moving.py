"""How an order or a topic moves: the check before, and the one writer of its state."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from visits.core import audit
from visits.core.authz import Actor, may, permitted
from visits.core.clock import now
from visits.core.db import db
from visits.core.errors import DomainError, Refused
from visits.core.states import Machine, Move
from visits.supervision.models import Order, Topic
from visits.supervision.states import ORDER_LIFE, TOPIC_LIFE


@dataclass(frozen=True)
class Step:
    """A move that was checked and may be made: on which order or topic, by whom, when."""

    actor: Actor
    record: Any
    move: Move
    at: datetime


def require_text(text: str, field: str, sentence: str) -> None:
    """Refuse an empty text with the sentence that says what belongs there."""
    if not text.strip():
        raise Refused(sentence, field=field)


def _life_of(record: Order | Topic) -> Machine:
    return ORDER_LIFE if isinstance(record, Order) else TOPIC_LIFE


def open_step(
    actor: Actor, record: Order | Topic, name: str, revision: int | None, facts: Any = None
) -> Step:
    """Check that this person may make this move now; raise Stale, NotAllowed or what the machine raises."""
    try:
        move = _checked(actor, record, name, facts)
    except DomainError:
        record.require_revision(revision, is_open=False)  # that it was overtaken says more
        raise
    record.require_revision(revision)
    return Step(actor, record, move, now())


def _checked(actor: Actor, record: Order | Topic, name: str, facts: Any) -> Move:
    life = _life_of(record)
    if actor.is_system:
        return life.check_state(name, record.state, facts)
    permission = life[name].permission
    held = permitted(actor, {permission} if permission else (), record)
    return life.check(name, held, record.state, facts)


def first_step(actor: Actor, record: Order | Topic, name: str) -> Step:
    """The move that brings an order or topic into being; raise NotAllowed."""
    life = _life_of(record)
    permission = life[name].permission
    held = frozenset({permission}) if permission and may(actor, permission) else frozenset()
    move = life.check_state(name, None, None) if actor.is_system else life.check(name, held, None, None)
    return Step(actor, record, move, now())


def make_step(step: Step, **changes: Any) -> None:
    """Write state and audit row of one move; nothing else writes the state of an order or topic."""
    record = step.record
    record.state = step.move.target or record.state
    db.session.add(record)
    flag_modified(record, "state")  # a move that stays in its state still makes a new revision
    db.session.flush()
    kind = "supervision_order" if isinstance(record, Order) else "topic"
    audit.record(step.actor, f"{kind}.{step.move.name}", record, **changes)
