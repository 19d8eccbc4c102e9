"""What supervision does to a problem: an order over it, the unit's answers, the order's end."""

from dataclasses import dataclass, field
from typing import Any

from visits.core.authz import Actor
from visits.issues.models import Issue, IssueMove
from visits.issues.operations.moving import _move, open_step


@dataclass(frozen=True)
class OrderNote:
    """Which order it is about, what is said of it, and what else stands in the log."""

    order_id: int
    number: str
    unit_id: int
    text: str
    details: dict[str, Any] = field(default_factory=dict)


def _noted(actor: Actor, issue: Issue, move: str, note: OrderNote) -> IssueMove:
    step = open_step(actor, issue, move, None)
    order = {"order_id": note.order_id, "order": note.number, "order_unit_id": note.unit_id}
    return _move(step, note.text, **order, **note.details)


def order_supervision(actor: Actor, issue: Issue, note: OrderNote) -> IssueMove:
    """Put a problem under supervision: an order on it went out."""
    issue.supervised = True
    return _noted(actor, issue, "order_supervision", note)


def answer_supervision(actor: Actor, issue: Issue, note: OrderNote) -> IssueMove:
    """Write down that the unit answered the order on a problem."""
    return _noted(actor, issue, "answer_supervision", note)


def send_back_supervision(actor: Actor, issue: Issue, note: OrderNote) -> IssueMove:
    """Write down that the unit's answer to the order was not good enough."""
    return _noted(actor, issue, "send_back_supervision", note)


def end_supervision(actor: Actor, issue: Issue, note: OrderNote, *, is_over: bool) -> IssueMove:
    """Write down that the order on a problem ended; `is_over` says that no other one is under way."""
    issue.supervised = not is_over
    return _noted(actor, issue, "end_supervision", note)
