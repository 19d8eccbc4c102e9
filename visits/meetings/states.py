"""How a coordination meeting runs its course: every move, from where, to where, by which permission."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from visits.core.errors import DomainError, Refused
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.core.states import Machine, Move

WRITE = Permission.MEETINGS_WRITE


class State(StrEnum):
    """Where a meeting stands."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


STATE_LABELS = {
    State.PLANNED: N_("Planned"),
    State.HELD: N_("Held"),
    State.CANCELLED: N_("Cancelled"),
}


@dataclass(frozen=True)
class CourseFacts:
    """What the guards must know of a meeting."""

    today: date
    meets_on: date


def day_has_come(facts: CourseFacts) -> DomainError | None:
    """A meeting was held on its day or earlier than today, not on a day to come."""
    if facts.meets_on <= facts.today:
        return None
    return Refused(
        N_("The meeting is planned for %(day)s. If it was held earlier, correct its day first."),
        day=facts.meets_on.isoformat(),
    )


_RUNNING = frozenset({State.PLANNED, State.HELD})
_PLANNED, _HELD = frozenset({State.PLANNED}), frozenset({State.HELD})

LIFE = Machine(
    [
        Move("call", frozenset(), State.PLANNED, WRITE, N_("Call a meeting")),
        Move("change", _RUNNING, None, WRITE, N_("Edit the meeting")),
        Move("arrange", _PLANNED, None, WRITE, N_("Arrange the agenda")),
        Move("hold", _PLANNED, State.HELD, WRITE, N_("Record that it was held"), day_has_come),
        Move("record", _HELD, None, WRITE, N_("Correct the record")),
        Move("conclude", _HELD, None, WRITE, N_("Record a conclusion")),
        Move("cancel", _PLANNED, State.CANCELLED, WRITE, N_("Cancel the meeting")),
    ]
)
