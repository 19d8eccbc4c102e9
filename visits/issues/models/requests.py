"""Tables of what is asked for and decided about a problem, of duties, and of who follows it."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.clock import now
from visits.core.db import Model
from visits.issues.models.words import Decision
from visits.issues.rules import RequestKind


class IssueRequest(Model):
    """One request about a problem (延期、挂账、撤回、核定办结), with how it was decided.

    `reason` is a code of Delay or Block, `owner` who looks after a suspended problem. `from_on` and
    `wanted_on` are the due dates before and after an extension; a suspension's `wanted_on` is its day of
    review. `granted_on` is the date the decision gives, which may be an earlier one.
    """

    __tablename__ = "issue_requests"
    __table_args__ = (
        sa.CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided_with_moment"),
        sa.Index(
            "ix_issue_requests_pending",
            "issue_id",
            "kind",
            unique=True,
            sqlite_where=sa.text("decision IS NULL"),
            postgresql_where=sa.text("decision IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id"), index=True)
    kind: Mapped[RequestKind]
    round: Mapped[int]
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    asked_at: Mapped[datetime] = mapped_column(default=now)
    reason: Mapped[str] = mapped_column(sa.String(30), default="")
    text: Mapped[str] = mapped_column(sa.Text(), default="")
    owner: Mapped[str] = mapped_column(sa.String(60), default="")
    told_enterprise: Mapped[bool] = mapped_column(default=False)
    from_on: Mapped[date | None]
    wanted_on: Mapped[date | None]
    decision: Mapped[Decision | None]
    granted_on: Mapped[date | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(sa.Text(), default="")


class Duty(Model):
    """Something one unit must do for a problem by a day, as a meeting or the office settled it."""

    __tablename__ = "issue_duties"
    __table_args__ = (
        sa.CheckConstraint("done_at IS NULL OR cancelled_at IS NULL", name="ends_once"),
        sa.Index("ix_issue_duties_unit", "unit_id", "done_at", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    text: Mapped[str] = mapped_column(sa.Text())
    due_on: Mapped[date]
    meeting_id: Mapped[int | None] = mapped_column(index=True)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    done_note: Mapped[str] = mapped_column(sa.Text(), default="")
    cancelled_at: Mapped[datetime | None]


class Watcher(Model):
    """Somebody who follows a problem; a merged problem's followers follow the one that stays."""

    __tablename__ = "issue_watchers"

    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("people.id"), primary_key=True, autoincrement=False, index=True
    )
    since: Mapped[datetime] = mapped_column(default=now)
