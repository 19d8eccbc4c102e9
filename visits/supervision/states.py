"""The lives of an order and of a topic, as tables: which move leads where, who may make it."""

from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum

from visits.core.errors import DomainError, NotAllowed, Refused
from visits.core.i18n import N_
from visits.core.permissions import Permission as P
from visits.core.states import Guard, Machine, Move


class OrderState(StrEnum):
    """Where a supervision order stands."""

    ISSUED = "issued"
    REPLIED = "replied"
    SENT_BACK = "sent_back"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class TopicState(StrEnum):
    """Where a topic stands."""

    PROPOSED = "proposed"
    RUNNING = "running"
    CLOSED = "closed"


ORDER_STATE_LABELS = {
    OrderState.ISSUED: N_("Issued, reply awaited"),
    OrderState.REPLIED: N_("Replied, to be judged"),
    OrderState.SENT_BACK: N_("Sent back, reply awaited"),
    OrderState.CLOSED: N_("Order closed"),
    OrderState.WITHDRAWN: N_("Order withdrawn"),
}
TOPIC_STATE_LABELS = {
    TopicState.PROPOSED: N_("Proposed"),
    TopicState.RUNNING: N_("Being worked on"),
    TopicState.CLOSED: N_("Topic closed"),
}
AWAITING = frozenset({OrderState.ISSUED, OrderState.SENT_BACK})
RUNNING = AWAITING | {OrderState.REPLIED}
UNFINISHED = frozenset({TopicState.PROPOSED, TopicState.RUNNING})


Way = tuple[Set[StrEnum], StrEnum | None]


@dataclass(frozen=True)
class OrderFacts:
    """What a guard must know of who acts on an order."""

    in_unit: bool = False


def only_of_unit(facts: OrderFacts) -> DomainError | None:
    """A reply comes from the unit the order went to."""
    return None if facts.in_unit else NotAllowed()


def only_outsider(facts: OrderFacts) -> DomainError | None:
    """Nobody judges the reply of the own unit."""
    if facts.in_unit:
        return Refused(
            N_("You belong to the unit this order went to. Somebody of another unit judges its reply.")
        )
    return None


def _move(name: str, label: str, way: Way, who: P, guard: Guard | None = None) -> Move:
    """One row; the way leads from some states to one, or stays where it has no target."""
    origin, target = way
    return Move(name, frozenset(origin), target, who, label, guard)


S, T, ORDER, REPLY, TOPICS = (
    OrderState,
    TopicState,
    P.SUPERVISION_ORDER,
    P.SUPERVISION_REPLY,
    P.SUPERVISION_TOPICS,
)
# fmt: off
ORDER_LIFE = Machine([
    #     name         label                             way                         who    guard
    _move("issue",     N_("Issue a supervision order"),  (set(),       S.ISSUED),    ORDER),
    _move("reply",     N_("Reply to the order"),         (AWAITING,    S.REPLIED),   REPLY, only_of_unit),
    _move("accept",    N_("Accept the reply and close"), ({S.REPLIED}, S.CLOSED),    ORDER, only_outsider),
    _move("send_back", N_("Send the reply back"),        ({S.REPLIED}, S.SENT_BACK), ORDER, only_outsider),
    _move("withdraw",  N_("Withdraw the order"),         (RUNNING,     S.WITHDRAWN), ORDER, only_outsider),
])
TOPIC_LIFE = Machine([
    _move("propose",   N_("Propose a topic"),            (set(),        T.PROPOSED), TOPICS),
    _move("start",     N_("Start work on the topic"),    ({T.PROPOSED}, T.RUNNING),  TOPICS),
    _move("update",    N_("Edit the topic"),             (UNFINISHED,   None),       TOPICS),
    _move("link",      N_("Add problems"),               (UNFINISHED,   None),       TOPICS),
    _move("unlink",    N_("Take the problem out"),       (UNFINISHED,   None),       TOPICS),
    _move("measure",   N_("Add a measure"),              (UNFINISHED,   None),       TOPICS),
    _move("complete",  N_("Note as done"),               (UNFINISHED,   None),       TOPICS),
    _move("drop",      N_("Drop the measure"),           (UNFINISHED,   None),       TOPICS),
    _move("publish",   N_("Add a policy output"),        (set(T),       None),       TOPICS),
    _move("close",     N_("Close the topic"),            (UNFINISHED,   T.CLOSED),   TOPICS),
])
# fmt: on
