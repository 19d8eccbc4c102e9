"""Table of what enterprises say, at a later visit, of earlier promises and problems."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.clock import now
from visits.core.db import Model
from visits.issues.models import FINDING_LABELS as FINDING_LABELS
from visits.issues.models import Finding as Finding


class VisitCheck(Model):
    """One answer to "how does it stand?" about one promise or one problem, given on one visit.

    A problem's answer is evidence on its timeline and moves nothing. An amended visit supersedes rows, a
    void one all of them. `of_closed`: the problem was closed as solved when it was asked about.
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
    of_closed: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(sa.String(200), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    superseded_at: Mapped[datetime | None]
