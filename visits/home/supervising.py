"""What supervision asks of a person today: orders to answer and to judge, topics, samples."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from visits.core.authz import Actor
from visits.core.together import Few
from visits.core.workdays import Calendar
from visits.honesty import queries as honesty
from visits.supervision import queries as supervision
from visits.supervision.listing import shown_reply_light
from visits.supervision.states import AWAITING, OrderState

SHOWN = 8
Lit = Sequence[tuple[Any, Any]]


@dataclass(frozen=True)
class Supervised:
    """What stands on the first page: orders with their lights, problems to ask about, visits, samples,
    questions about records.
    """

    to_reply: Lit = ()
    to_judge: Lit = ()
    to_ask: Sequence[Any] = ()
    marked: Sequence[Any] = ()
    unchecked: int = 0
    asked: Sequence[Any] = ()
    questions: int = 0

    def __bool__(self) -> bool:
        return any(getattr(self, part.name) for part in fields(self))

    @classmethod
    def of(
        cls, found: Mapping[str, Sequence[Any]], present: Mapping[str, int], calendar: Calendar
    ) -> "Supervised":
        """Put together what was read of its lists and what was counted."""

        def lit(part: str) -> Lit:
            return [(row, shown_reply_light(row, calendar)) for row in found.get(part, ())]

        return cls(
            lit("to_reply"),
            lit("to_judge"),
            found.get("to_ask", ()),
            found.get("marked", ()),
            present.get("unchecked", 0),
            found.get("asked", ()),
            present.get("questions", 0),
        )


def supervised_lists(actor: Actor, present: Mapping[str, int]) -> dict[str, Few]:
    """The lists that hold something."""
    waiting = supervision.orders_waiting
    lists: dict[str, Callable[[], Few]] = {
        "to_reply": lambda: waiting(actor, sorted(AWAITING), mine=True, most=SHOWN),
        "to_judge": lambda: waiting(actor, [OrderState.REPLIED], mine=False, most=SHOWN),
        "to_ask": lambda: supervision.topics_to_ask_about(actor, SHOWN),
        "marked": lambda: supervision.marked_visits(actor, SHOWN),
        "asked": lambda: honesty.to_answer(actor, SHOWN),
    }
    return {name: of() for name, of in lists.items() if name in present}
