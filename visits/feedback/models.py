"""Tables of what people say about the system and what is replied."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.db import Model, Revised, Stamped
from visits.core.i18n import N_


class SuggestionState(StrEnum):
    """Whether something is still to be said to it."""

    OPEN = "open"
    SETTLED = "settled"


STATE_LABELS = {
    SuggestionState.OPEN: N_("Waiting for a reply"),
    SuggestionState.SETTLED: N_("Brought to an end"),
}


class Suggestion(Revised, Stamped, Model):
    """A complaint or an idea, and the page on which its author wrote it (a path of this site, or empty)."""

    __tablename__ = "suggestions"
    __table_args__ = (
        sa.CheckConstraint("(state = 'settled') = (settled_at IS NOT NULL)", name="settled"),
        sa.Index("ix_suggestions_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    page: Mapped[str] = mapped_column(sa.String(300), default="")
    text: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[SuggestionState] = mapped_column(default=SuggestionState.OPEN)
    settled_at: Mapped[datetime | None]


class SuggestionReply(Stamped, Model):
    """What the author or an administrator says to a suggestion."""

    __tablename__ = "suggestion_replies"

    id: Mapped[int] = mapped_column(primary_key=True)
    suggestion_id: Mapped[int] = mapped_column(sa.ForeignKey("suggestions.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    text: Mapped[str] = mapped_column(sa.Text)
