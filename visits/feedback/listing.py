"""The list of all suggestions for who answers them: what it can be narrowed to, and its columns."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Person
from visits.core.authz import Actor
from visits.core.filters import ALL_DAYS, ALL_VALUES, Days, Picked, narrowed
from visits.core.i18n import N_
from visits.core.listing import Column, Kind, Listing
from visits.core.periods import end_of, start_of
from visits.feedback.models import STATE_LABELS, Suggestion, SuggestionState
from visits.feedback.queries import latest_reply, readable_by, reply_count


@dataclass(frozen=True)
class SuggestionFilters:
    """What the list is narrowed to; empty parts do not narrow."""

    q: str = ""
    state: Picked = ALL_VALUES
    sent: Days = ALL_DAYS


COLUMNS = (
    Column("sent", N_("Sent at"), lambda row: row.created_at, Kind.MOMENT, look="nowrap", width=16),
    Column("author", N_("The author")),
    Column("text", N_("Feedback"), fixed=True, look="main-cell", width=60),
    Column("page", N_("Page"), look="words", width=24),
    Column("replies", N_("Replies"), kind=Kind.NUMBER, width=8),
    Column("replied", N_("Last reply"), lambda row: row.replied_at, Kind.MOMENT, look="nowrap", width=16),
    Column(
        "state",
        N_("State"),
        lambda row: STATE_LABELS[row.state],
        Kind.LABEL,
        fixed=True,
        look="state-cell",
        width=16,
    ),
    Column("settled", N_("Settled at"), lambda row: row.settled_at, Kind.MOMENT, usual=False, width=16),
)


def conditions(filters: SuggestionFilters) -> list[sa.ColumnElement[bool]]:
    """The SQL of the filters."""
    wanted = narrowed((filters.state, Suggestion.state))
    if words := filters.q.strip():
        wanted.append(Suggestion.text.contains(words, autoescape=True))
    if filters.sent.first:
        wanted.append(Suggestion.created_at >= start_of(filters.sent.first))
    if filters.sent.last:
        wanted.append(Suggestion.created_at < end_of(filters.sent.last))
    return wanted


def of_suggestions(actor: Actor, filters: SuggestionFilters) -> Listing:
    """All suggestions, narrowed; those that wait for a reply first, of these the latest first."""
    names = ("id", "created_at", "text", "page", "state", "settled_at")
    stmt = sa.select(
        *(getattr(Suggestion, name) for name in names),
        Person.name.label("author"),
        reply_count().label("replies"),
        latest_reply().label("replied_at"),
    ).join(Person, Person.id == Suggestion.person_id)
    sorts: dict[str, Any] = {
        "state": sa.case((Suggestion.state == SuggestionState.OPEN, 1), else_=0),
        "sent": Suggestion.created_at,
        "id": Suggestion.id,
    }
    where = [readable_by(actor), *conditions(filters)]
    return Listing("suggestions", N_("Feedback"), stmt, sorts, "-state", COLUMNS, where)
