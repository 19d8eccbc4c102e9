"""The list of questions that lie before the office: what it can be narrowed to, and its columns."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.accounts.models import Person
from visits.core.authz import Actor
from visits.core.filters import ALL_DAYS, ALL_VALUES, Days, Picked, narrowed
from visits.core.i18n import N_
from visits.core.listing import Column, Kind, Listing, parts
from visits.honesty import words
from visits.honesty.models import ANSWER_LABELS, CLOSING_LABELS, KIND_LABELS, RecordQuestion
from visits.honesty.queries import firms_met, for_office
from visits.outreach.finding import found_by
from visits.outreach.models import Visit


@dataclass(frozen=True)
class QuestionFilters:
    """What the list is narrowed to; empty parts do not narrow.

    Closed ones are left out unless they are asked for.
    """

    q: str = ""
    kind: Picked = ALL_VALUES
    answer: Picked = ALL_VALUES
    raised: Days = ALL_DAYS
    visited: Days = ALL_DAYS
    closed: bool = False


def _said(row: Any) -> str:
    return words.sentence_of(row, for_office=True)


def _answer(row: Any) -> str:
    return ANSWER_LABELS[row.answer] if row.answer else N_("Not answered")


def _state(row: Any) -> str:
    return CLOSING_LABELS[row.closing] if row.closing else N_("To be looked into")


COLUMNS = (
    Column("raised", N_("Asked on"), lambda row: row.raised_on, Kind.DAY, look="nowrap", width=12),
    Column(
        "kind",
        N_("What about"),
        lambda row: KIND_LABELS[row.kind],
        Kind.LABEL,
        fixed=True,
        look="words",
        width=20,
    ),
    Column("question", N_("Question"), _said, fixed=True, look="main-cell", width=50),
    Column("visited", N_("Visited on"), lambda row: row.visited_on, Kind.DAY, look="nowrap", width=12),
    Column("enterprises", N_("Enterprises"), lambda row: sorted(parts(row.firms)), look="words", width=30),
    Column("asked", N_("Author"), lambda row: row.asked or ""),
    Column("answer", N_("Answer"), _answer, Kind.LABEL, look="state-cell", width=16),
    Column("words", N_("The author's words"), usual=False, width=40),
    Column("state", N_("State"), _state, Kind.LABEL, look="state-cell", width=16),
    Column("note", N_("Note of the office"), usual=False, width=40),
    Column("closed", N_("Closed at"), lambda row: row.closed_at, Kind.MOMENT, usual=False, width=16),
    Column("closer", N_("Closed by"), usual=False),
)


def conditions(filters: QuestionFilters) -> list[sa.ColumnElement[bool]]:
    """The SQL of the filters."""
    wanted = narrowed(
        (filters.kind, RecordQuestion.kind),
        (filters.answer, RecordQuestion.answer),
        (filters.raised, RecordQuestion.raised_on),
        (filters.visited, Visit.visited_on),
    )
    if filters.q:
        wanted.append(found_by(filters.q))
    return wanted if filters.closed else [RecordQuestion.closed_at.is_(None), *wanted]


def of_questions(actor: Actor, filters: QuestionFilters) -> Listing:
    """The questions that lie before the office, narrowed."""
    asked, closer = aliased(Person), aliased(Person)
    names = ("id", "kind", "said", "raised_on", "due_on", "answer", "words", "answered_at")
    stmt = (
        sa.select(
            *(getattr(RecordQuestion, name) for name in names),
            *(getattr(RecordQuestion, name) for name in ("closing", "note", "closed_at")),
            Visit.visited_on,
            firms_met().label("firms"),
            asked.name.label("asked"),
            closer.name.label("closer"),
        )
        .join(Visit, Visit.id == RecordQuestion.visit_id)
        .outerjoin(asked, asked.id == RecordQuestion.asked_id)
        .outerjoin(closer, closer.id == RecordQuestion.closed_by_id)
    )
    sorts: dict[str, Any] = {
        "raised": RecordQuestion.raised_on,
        "kind": RecordQuestion.kind,
        "visited": Visit.visited_on,
        "id": RecordQuestion.id,
    }
    where = [for_office(actor), *conditions(filters)]
    return Listing("questions", N_("Questions about records"), stmt, sorts, "-raised", COLUMNS, where)
