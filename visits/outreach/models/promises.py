"""Tables of what enterprises were promised, and of how that was changed."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.clock import now
from visits.core.db import Model, Revised, append_only


class Promise(Revised, Model):
    """What an enterprise was promised on a visit, by whom and by when; open until it is kept or withdrawn.

    `owner` is the name as it was written, `owner_id` the person of the office it means, if any.
    `kept_at_visit_id` is the visit at which the enterprise said that it was kept, where that is how it is
    known.
    """

    __tablename__ = "promises"
    __table_args__ = (
        sa.CheckConstraint("(withdrawn_on IS NULL) = (withdraw_reason = '')", name="withdrawn_with_reason"),
        sa.CheckConstraint("withdrawn_on IS NULL OR kept_on IS NULL", name="kept_or_withdrawn"),
        sa.Index("ix_promises_enterprise", "enterprise_id", "kept_on"),
        sa.Index("ix_promises_due", "kept_on", "withdrawn_on", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"))
    text: Mapped[str] = mapped_column(sa.String(200))
    owner: Mapped[str] = mapped_column(sa.String(60), default="")
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    due_on: Mapped[date | None]
    kept_on: Mapped[date | None]
    kept_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    kept_at_visit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    withdrawn_on: Mapped[date | None]
    withdraw_reason: Mapped[str] = mapped_column(sa.String(200), default="")
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))

    @property
    def is_open(self) -> bool:
        """Nobody has kept or withdrawn it yet."""
        return self.kept_on is None and self.withdrawn_on is None


class PromiseVersion(Model):
    """One change of a promise's day or owner: `changes` are the fields that differ as [old, new]."""

    __tablename__ = "promise_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    promise_id: Mapped[int] = mapped_column(sa.ForeignKey("promises.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(default=now)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(sa.String(200))
    changes: Mapped[dict[str, Any]]


append_only(PromiseVersion)
