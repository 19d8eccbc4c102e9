"""The lives of a handover and of each thing handed over, as tables."""

from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum

from visits.core.errors import DomainError, NotAllowed
from visits.core.i18n import N_
from visits.core.permissions import Permission as P
from visits.core.states import Guard, Machine, Move


class HandoverState(StrEnum):
    """Where a handover stands."""

    RUNNING = "running"
    FINISHED = "finished"
    WITHDRAWN = "withdrawn"


class ItemState(StrEnum):
    """Where one thing handed over stands; it lapses when the leaver has it no more."""

    OFFERED = "offered"
    DECLINED = "declined"
    ACCEPTED = "accepted"
    DONE = "done"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


HANDOVER_STATE_LABELS = {
    HandoverState.RUNNING: N_("Handover under way"),
    HandoverState.FINISHED: N_("Handover finished"),
    HandoverState.WITHDRAWN: N_("Handover withdrawn"),
}
ITEM_STATE_LABELS = {
    ItemState.OFFERED: N_("To be taken over"),
    ItemState.DECLINED: N_("Sent back"),
    ItemState.ACCEPTED: N_("Accepted, from the day on"),
    ItemState.DONE: N_("Taken over"),
    ItemState.LAPSED: N_("No longer in hand"),
    ItemState.WITHDRAWN: N_("Withdrawn with the handover"),
}


@dataclass(frozen=True)
class ItemFacts:
    """What a guard must know of who acts on an item."""

    is_receiver: bool = False


def only_receiver(facts: ItemFacts) -> DomainError | None:
    """Nobody takes over, or declines, for somebody else."""
    return None if facts.is_receiver else NotAllowed(N_("Only the person it is offered to can say so."))


Way = tuple[Set[StrEnum], StrEnum | None]


def _move(name: str, label: str, way: Way, who: P | None, guard: Guard | None = None) -> Move:
    """One row; the way leads from some states to one. Only the system makes a move that needs no right."""
    origin, target = way
    return Move(name, frozenset(origin), target, who, label, guard, system=who is None)


H, S, OPEN, READ, SYSTEM = HandoverState, ItemState, P.HANDOVER_OPEN, P.HANDOVER_READ, None
ENDED = frozenset({H.FINISHED, H.WITHDRAWN})
TAKABLE = frozenset({S.OFFERED, S.ACCEPTED})
OFFERABLE = frozenset({S.OFFERED, S.DECLINED})
UNSETTLED = OFFERABLE | {S.ACCEPTED}
DROPPED = frozenset({S.LAPSED, S.WITHDRAWN})
# fmt: off
HANDOVER_LIFE = Machine([
    #     name         label                               way                        who
    _move("open",      N_("Open a handover"),              (set(),        H.RUNNING),  OPEN),
    _move("gather",    N_("Add what came since"),          ({H.RUNNING},  None),       OPEN),
    _move("withdraw",  N_("Withdraw the handover"),        ({H.RUNNING},  H.WITHDRAWN), OPEN),
    _move("finish",    N_("Everything is settled"),        ({H.RUNNING},  H.FINISHED), SYSTEM),
])
ITEM_LIFE = Machine([
    _move("offer",     N_("Offer to somebody"),            (set(),        S.OFFERED),  OPEN),
    _move("accept",    N_("Take over"),                    ({S.OFFERED},  S.ACCEPTED), READ, only_receiver),
    _move("decline",   N_("Decline"),                      ({S.OFFERED},  S.DECLINED), READ, only_receiver),
    _move("redirect",  N_("Offer to somebody else"),       (OFFERABLE,    S.OFFERED),  OPEN),
    _move("set_aside", N_("Cannot go to whom it is offered"), (TAKABLE,  S.DECLINED), SYSTEM),
    _move("apply",     N_("It goes over"),                 ({S.ACCEPTED}, S.DONE),     SYSTEM),
    _move("lapse",     N_("The leaver has it no more"),    (UNSETTLED,    S.LAPSED),   SYSTEM),
    _move("take_back", N_("Taken back with the handover"),(UNSETTLED,    S.WITHDRAWN), SYSTEM),
])
# fmt: on
