"""What supervision asks of a person today: orders to answer and to judge, topics, samples."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from visits.core.authz import Actor, may
from visits.core.calendar import load_calendar
from visits.core.permissions import Permission as P
from visits.honesty import queries as honesty
from visits.supervision import queries as supervision
from visits.supervision.listing import shown_reply_light
from visits.supervision.states import AWAITING, OrderState

SHOWN = 8


@dataclass(frozen=True)
class Supervised:
    """What stands on the first page: orders with their lights, problems to ask about, visits, samples,
    questions about records.
    """

    to_reply: Sequence[tuple[Any, Any]] = ()
    to_judge: Sequence[tuple[Any, Any]] = ()
    to_ask: Sequence[Any] = ()
    marked: Sequence[Any] = ()
    unchecked: int = 0
    asked: Sequence[Any] = ()
    questions: int = 0

    def __bool__(self) -> bool:
        return any(getattr(self, part.name) for part in fields(self))


def my_supervision(actor: Actor) -> Supervised:
    """Gather what supervision asks of a person; parts that do not concern the person stay empty."""
    calendar = load_calendar()

    def orders(permission: P, states: Sequence[OrderState], *, mine: bool) -> list[tuple[Any, Any]]:
        if not may(actor, permission):
            return []
        rows = supervision.orders_waiting(actor, states, mine=mine, most=SHOWN)
        return [(row, shown_reply_light(row, calendar)) for row in rows]

    return Supervised(
        orders(P.SUPERVISION_REPLY, sorted(AWAITING), mine=True),
        orders(P.SUPERVISION_ORDER, [OrderState.REPLIED], mine=False),
        supervision.topics_to_ask_about(actor, SHOWN) if may(actor, P.SUPERVISION_FOLLOW) else (),
        supervision.marked_visits(actor, SHOWN) if may(actor, P.SUPERVISION_SETTLE) else (),
        supervision.count_unchecked(actor) if may(actor, P.SUPERVISION_CHECK) else 0,
        honesty.to_answer(actor, SHOWN) if may(actor, P.HONESTY_ANSWER) else (),
        honesty.count_waiting(actor) if may(actor, P.HONESTY_CLOSE) else 0,
    )
