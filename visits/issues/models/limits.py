"""Table of the time limits problems are born with."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.clock import now
from visits.core.db import Model
from visits.issues.rules import Complexity, Urgency


class LimitRule(Model):
    """Working days for each step of the problems it fits, from one moment up to, not including, another.

    An empty category, urgency or complexity fits all. Among the rules that fit, the one that names more
    holds; of two that name equally many, the one that names the category, then the urgency. A rule for a
    category is one for its finer ones too, as long as they have none that names as much. Rules are never
    changed: a new one supersedes the old, and a problem keeps the one that held when it was registered.
    `stage` is empty where no interim report is due.
    """

    __tablename__ = "limit_rules"
    __table_args__ = (
        sa.CheckConstraint(
            "accept >= 0 AND sign >= 0 AND contact >= 0 AND (stage IS NULL OR stage > 0) AND closing > 0",
            name="days",
        ),
        sa.CheckConstraint("superseded_at IS NULL OR superseded_at >= valid_from", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    category_id: Mapped[int | None] = mapped_column(sa.ForeignKey("categories.id"))
    urgency: Mapped[Urgency | None]
    complexity: Mapped[Complexity | None]
    accept: Mapped[int]
    sign: Mapped[int]
    contact: Mapped[int]
    stage: Mapped[int | None]
    closing: Mapped[int]
    valid_from: Mapped[datetime] = mapped_column(default=now)
    superseded_at: Mapped[datetime | None]
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    ended_reason: Mapped[str] = mapped_column(sa.String(200), default="")
