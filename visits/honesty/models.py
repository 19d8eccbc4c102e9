"""Tables of questions about records of visits, and of what enterprises say of visits to them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.clock import now, today
from visits.core.db import Model, Revised
from visits.core.i18n import N_
from visits.honesty.rules import Kind as Kind


class Answer(StrEnum):
    """What the author answers."""

    AS_IT_WAS = "as_it_was"
    MENDED = "mended"
    OTHER = "other"


class Closing(StrEnum):
    """How a question ends; by itself when what it asks about is no longer so."""

    NO_DOUBT = "no_doubt"
    CORRECTED = "corrected"
    TO_SAMPLE = "to_sample"
    BY_ITSELF = "by_itself"


KIND_LABELS = {
    Kind.SAME_TEXT: N_("Texts almost the same"),
    Kind.SAME_PHOTO: N_("Same photo"),
    Kind.TWO_PLACES: N_("Two visits at the same time"),
    Kind.MANY_FIRMS: N_("Many enterprises in a day"),
    Kind.REST_DAY: N_("Day is no working day"),
    Kind.LATE_BURST: N_("Many late entries at once"),
    Kind.MONTH_END: N_("All entered at the end of the month"),
    Kind.SILENT_RUN: N_("No problems for long"),
    Kind.DENIED: N_("Enterprise says nobody came"),
}
ANSWER_LABELS = {
    Answer.AS_IT_WAS: N_("It was as recorded"),
    Answer.MENDED: N_("I have corrected the record"),
    Answer.OTHER: N_("Neither, see my words"),
}
CLOSING_LABELS = {
    Closing.NO_DOUBT: N_("Looked at, no doubt left"),
    Closing.CORRECTED: N_("Corrected"),
    Closing.TO_SAMPLE: N_("Passed on to be checked"),
    Closing.BY_ITSELF: N_("Settled by itself"),
}


class RecordQuestion(Revised, Model):
    """One question about a visit or several; asked once by its key, of the author first.

    Until `due_on` the author alone sees it, unless it is answered before or an enterprise raised it. `said`
    holds what its sentence names. For what an enterprise denies, `enterprise_id` is that one and
    `issue_id` the problem by whose link it did; nobody is asked (`asked_id`) who belongs to the unit that
    handles that problem.
    """

    __tablename__ = "record_questions"
    __table_args__ = (
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_with_moment"),
        sa.CheckConstraint("(closing IS NULL) = (closed_at IS NULL)", name="closed_with_moment"),
        sa.CheckConstraint("(kind = 'denied') = (issue_id IS NOT NULL)", name="denied_by_link"),
        sa.Index("ix_record_questions_asked", "asked_id", "closed_at", "answered_at"),
        sa.Index("ix_record_questions_open", "closed_at", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(80), unique=True)
    kind: Mapped[Kind]
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    asked_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    enterprise_id: Mapped[int | None] = mapped_column(sa.ForeignKey("enterprises.id"))
    issue_id: Mapped[int | None] = mapped_column(sa.ForeignKey("issues.id"))
    said: Mapped[dict[str, Any]]
    raised_at: Mapped[datetime] = mapped_column(default=now)
    raised_on: Mapped[date] = mapped_column(default=today, index=True)
    due_on: Mapped[date]
    answer: Mapped[Answer | None]
    words: Mapped[str] = mapped_column(sa.Text, default="")
    answered_at: Mapped[datetime | None]
    closing: Mapped[Closing | None]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))


class QuestionVisit(Model):
    """A visit that a question names."""

    __tablename__ = "question_visits"

    question_id: Mapped[int] = mapped_column(sa.ForeignKey("record_questions.id"), primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), primary_key=True, index=True)


class VisitAnswer(Model):
    """What an enterprise says of a visit to it, by the link of a problem of its own: came, or did not.

    `turn` 1, and 2 for a change of mind; never changed, the later one counts.
    """

    __tablename__ = "visit_answers"
    __table_args__ = (sa.UniqueConstraint("visit_id", "enterprise_id", "turn"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"))
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"), index=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id"))
    turn: Mapped[int]
    has_come: Mapped[bool]
    words: Mapped[str] = mapped_column(sa.Text, default="")
    answered_at: Mapped[datetime] = mapped_column(default=now)
