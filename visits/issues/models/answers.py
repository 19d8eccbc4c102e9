"""Tables of what enterprises answer, and of the links by which they do it themselves."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.clock import now
from visits.core.db import Model, append_only
from visits.issues.models.words import Channel
from visits.issues.rules import Level, Solved


class Evaluation(Model):
    """An enterprise's answers about one round; never changed, a later one supersedes it."""

    __tablename__ = "evaluations"

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id"), index=True)
    round: Mapped[int]
    solved: Mapped[Solved | None]
    level: Mapped[Level | None]
    accepts: Mapped[bool | None]
    comment: Mapped[str] = mapped_column(sa.Text(), default="")
    channel: Mapped[Channel]
    evaluator: Mapped[str] = mapped_column(sa.String(60), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    recorded_unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    is_proxy: Mapped[bool]
    at: Mapped[datetime] = mapped_column(default=now)
    answered_on: Mapped[date] = mapped_column(index=True)


append_only(Evaluation)


class CallbackAttempt(Model):
    """A call to the enterprise that reached nobody."""

    __tablename__ = "callback_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id"), index=True)
    round: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)
    attempted_on: Mapped[date]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    result: Mapped[str] = mapped_column(sa.String(200), default="")


class ProgressLink(Model):
    """The link (or QR code) by which an enterprise follows one problem; the database keeps its hash only.

    A new one ends the former. It dies 30 days after the closing.
    """

    __tablename__ = "progress_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id"), index=True)
    code_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]


class RatingRight(Model):
    """The right to rate one round of a problem by the link, once: `turn` 1, and 2 for a change of mind."""

    __tablename__ = "rating_rights"
    __table_args__ = (sa.UniqueConstraint("issue_id", "round", "turn"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id"))
    round: Mapped[int]
    turn: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime] = mapped_column(default=now)
    closes_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
