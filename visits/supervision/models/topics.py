"""Tables of topics (共性问题专题): a problem many enterprises have, and what is done about its root."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.clock import now
from visits.core.db import Model, Revised
from visits.core.i18n import N_
from visits.supervision.states import TopicState


class Aftermath(StrEnum):
    """What an enterprise says when the topic behind its problem was closed."""

    GONE = "gone"
    BETTER = "better"
    SAME = "same"


AFTERMATH_LABELS = {
    Aftermath.GONE: N_("The problem is gone"),
    Aftermath.BETTER: N_("It is better, not gone"),
    Aftermath.SAME: N_("Nothing has changed"),
}


class Topic(Revised, Model):
    """A common problem with the unit that leads; closing it closes none of the problems behind it."""

    __tablename__ = "topics"
    __table_args__ = (
        sa.CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name="closed_with_day"),
        sa.CheckConstraint("state <> 'closed' OR result <> ''", name="closed_with_result"),
        sa.CheckConstraint("state <> 'running' OR started_on IS NOT NULL", name="running_since"),
        sa.Index("ix_topics_state", "state", "closed_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(80))
    category_id: Mapped[int] = mapped_column(sa.ForeignKey("categories.id"), index=True)
    lead_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    description: Mapped[str] = mapped_column(sa.Text(), default="")
    state: Mapped[TopicState] = mapped_column(default=TopicState.PROPOSED)
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    proposed_on: Mapped[date]
    started_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    result: Mapped[str] = mapped_column(sa.Text(), default="")


class TopicProblem(Model):
    """A problem behind a topic: why it was taken in or out, and what the enterprise says after."""

    __tablename__ = "topic_problems"
    __table_args__ = (
        sa.CheckConstraint("(removed_at IS NULL) = (removed_reason = '')", name="removed_with_reason"),
        sa.CheckConstraint("(aftermath IS NULL) = (asked_at IS NULL)", name="asked_with_answer"),
        sa.Index(
            "ix_topic_problems_current",
            "topic_id",
            "issue_id",
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(sa.ForeignKey("topics.id"))
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(200))
    added_at: Mapped[datetime] = mapped_column(default=now)
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    removed_reason: Mapped[str] = mapped_column(sa.String(200), default="")
    aftermath: Mapped[Aftermath | None]
    asked_at: Mapped[datetime | None]
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))


class Measure(Model):
    """Something a unit does about a topic by a day."""

    __tablename__ = "topic_measures"
    __table_args__ = (
        sa.CheckConstraint("done_on IS NULL OR dropped_on IS NULL", name="ends_once"),
        sa.Index("ix_topic_measures_unit", "unit_id", "topic_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(sa.ForeignKey("topics.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text())
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    dropped_on: Mapped[date | None]
    end_note: Mapped[str] = mapped_column(sa.Text(), default="")
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))


class PolicyOutput(Model):
    """A rule, notice or policy that came of a topic."""

    __tablename__ = "topic_outputs"

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(sa.ForeignKey("topics.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(120))
    document_no: Mapped[str] = mapped_column(sa.String(60), default="")
    published_on: Mapped[date]
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    added_at: Mapped[datetime] = mapped_column(default=now)
