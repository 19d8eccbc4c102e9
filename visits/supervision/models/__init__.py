"""Tables of supervision: orders to units, topics of common problems, samples."""

from visits.supervision.models.orders import (
    COLOUR_LABELS,
    Order,
    OrderCounter,
    OrderProblem,
    Reply,
    ReplyPart,
    Verdict,
)
from visits.supervision.models.samples import (
    HOW_LABELS,
    KIND_LABELS,
    RESULT_LABELS,
    How,
    Result,
    Sample,
    SampleItem,
)
from visits.supervision.models.topics import (
    AFTERMATH_LABELS,
    Aftermath,
    Measure,
    PolicyOutput,
    Topic,
    TopicProblem,
)

__all__ = [
    "AFTERMATH_LABELS",
    "COLOUR_LABELS",
    "HOW_LABELS",
    "KIND_LABELS",
    "RESULT_LABELS",
    "Aftermath",
    "How",
    "Measure",
    "Order",
    "OrderCounter",
    "OrderProblem",
    "PolicyOutput",
    "Reply",
    "ReplyPart",
    "Result",
    "Sample",
    "SampleItem",
    "Topic",
    "TopicProblem",
    "Verdict",
]
