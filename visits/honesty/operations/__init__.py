"""Every change to questions about records and to what enterprises say of visits."""

from visits.honesty.operations.answering import AnswerEntry, answer, close
from visits.honesty.operations.hearing import SaidEntry, answer_by_link
from visits.honesty.operations.raising import (
    look_at,
    raise_one,
    raise_questions,
    settle_all,
    settle_one,
)

__all__ = [
    "AnswerEntry",
    "SaidEntry",
    "answer",
    "answer_by_link",
    "close",
    "look_at",
    "raise_one",
    "raise_questions",
    "settle_all",
    "settle_one",
]
