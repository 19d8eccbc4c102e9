"""Table of what enterprises say, at a later visit, of earlier promises and problems."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.clock import now
from visits.core.db import Model
from visits.core.i18n import N_


class Finding(StrEnum):
    """How things stand with a promise or a problem, as the enterprise says on the spot."""

    SOLVED = "solved"
    PROGRESS = "progress"
    NO_PROGRESS = "no_progress"
    WORSE = "worse"


FINDING_LABELS = {
    Finding.SOLVED: N_("Solved"),
    Finding.PROGRESS: N_("Some progress"),
    Finding.NO_PROGRESS: N_("No progress"),
    Finding.WORSE: N_("Worse"),
}


class VisitCheck(Model):
    """One answer to "how does it stand?" about one promise or one problem, given on one visit.

    A problem's answer is evidence on its timeline and moves nothing. An amended visit supersedes rows.
    """

    __tablename__ = "visit_checks"
    __table_args__ = (
        sa.CheckConstraint("(promise_id IS NULL) <> (issue_id IS NULL)", name="of_one"),
        sa.Index("ix_visit_checks_enterprise", "enterprise_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"))
    promise_id: Mapped[int | None] = mapped_column(sa.ForeignKey("promises.id"), index=True)
    issue_id: Mapped[int | None] = mapped_column(sa.ForeignKey("issues.id"), index=True)
    finding: Mapped[Finding]
    note: Mapped[str] = mapped_column(sa.String(200), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    superseded_at: Mapped[datetime | None]
