"""What is done by itself: records of late are looked at, and what a correction has settled is closed."""

from collections.abc import Sequence
from datetime import date

from visits.core.i18n import N_
from visits.core.scheduling import Job, Piece
from visits.honesty import looking, operations, queries
from visits.honesty.rules import Doubt


def _settled(_on: date) -> Sequence[Piece]:
    return [(question.id, question.key) for question in looking.settled(queries.unclosed())]


def _settle(question_id: int, _on: date) -> bool:
    return operations.settle_one(question_id)


def _doubts(on: date) -> Sequence[Piece]:
    return [(doubt, doubt.key) for doubt in looking.doubts_lately(on)]


def _raise(doubt: Doubt, _on: date) -> bool:
    return operations.raise_one(doubt)


JOBS = (
    Job(
        "honesty.look",
        _settled,
        _settle,
        N_("Closes questions about records that a correction has settled."),
        N_("Questions settled by a correction: %(count)d"),
    ),
    Job(
        "honesty.look",
        _doubts,
        _raise,
        N_("Looks at the visits recorded of late and asks their authors what is worth asking."),
        N_("Questions put to authors: %(count)d"),
    ),
)
