"""What supervision asks of a person today: orders to answer and to judge, topics, samples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from visits.core.authz import Actor
from visits.core.calendar import load_calendar
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


def my_supervision(actor: Actor, present: Mapping[str, int]) -> Supervised:
    """Gather what supervision asks of a person; parts that are not present stay empty."""
    calendar = load_calendar()

    def orders(part: str, states: Sequence[OrderState], *, mine: bool) -> list[tuple[Any, Any]]:
        if part not in present:
            return []
        rows = supervision.orders_waiting(actor, states, mine=mine, most=SHOWN)
        return [(row, shown_reply_light(row, calendar)) for row in rows]

    return Supervised(
        orders("to_reply", sorted(AWAITING), mine=True),
        orders("to_judge", [OrderState.REPLIED], mine=False),
        supervision.topics_to_ask_about(actor, SHOWN) if "to_ask" in present else (),
        supervision.marked_visits(actor, SHOWN) if "marked" in present else (),
        present.get("unchecked", 0),
        honesty.to_answer(actor, SHOWN) if "asked" in present else (),
        present.get("questions", 0),
    )
