"""Tables of monthly reports and of their editable texts."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.db import Model, Revised, Stamped
from visits.core.periods import Month
from visits.monthly.states import ReportState


class MonthlyReport(Revised, Stamped, Model):
    """The report of one month; after one was taken back, the next issue of the same month is a new row.

    `content` holds all figures (see `content.Content`) as known at `as_of`. Those of a draft are renewed
    whenever somebody asks for it; freezing renews them once more and stores the `digest` of figures and
    texts. From then on neither changes.
    """

    __tablename__ = "monthly_reports"
    __table_args__ = (
        sa.UniqueConstraint("first_on", "issue_no"),
        sa.CheckConstraint("(state = 'draft') = (frozen_at IS NULL)", name="is_frozen"),
        sa.CheckConstraint(
            "(frozen_at IS NULL) = (digest IS NULL)",
            name="is_sealed",
        ),
        sa.CheckConstraint(
            "state NOT IN ('draft', 'frozen') OR published_at IS NULL", name="is_not_yet_published"
        ),
        sa.CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="is_withdrawn"),
        sa.CheckConstraint("frozen_by_id <> published_by_id", name="two_persons"),
        sa.Index(
            "ix_monthly_reports_in_force",
            "first_on",
            unique=True,
            sqlite_where=sa.text("state <> 'withdrawn'"),
            postgresql_where=sa.text("state <> 'withdrawn'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_on: Mapped[date]
    issue_no: Mapped[int] = mapped_column(default=1)
    state: Mapped[ReportState] = mapped_column(default=ReportState.DRAFT)
    drafted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    as_of: Mapped[datetime]
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON())
    digest: Mapped[str | None] = mapped_column(sa.String(64))
    frozen_at: Mapped[datetime | None]
    frozen_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    withdrawal_reason: Mapped[str] = mapped_column(sa.String(200), default="")

    @property
    def month(self) -> Month:
        """The month it is about."""
        return Month.of(self.first_on)


class ReportText(Revised, Model):
    """One text block of a report: what was generated last and, once somebody wrote, their words instead.

    `written_over` is the generated text the writer had before them: where another one was generated since,
    the page shows it beside.
    """

    __tablename__ = "report_texts"
    __table_args__ = (sa.UniqueConstraint("report_id", "section"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("monthly_reports.id"))
    section: Mapped[str] = mapped_column(sa.String(30))
    generated: Mapped[str] = mapped_column(sa.Text)
    written: Mapped[str | None] = mapped_column(sa.Text)
    written_over: Mapped[str | None] = mapped_column(sa.Text)
    written_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    written_at: Mapped[datetime | None]

    @property
    def said(self) -> str:
        """The text that stands in the report."""
        return self.generated if self.written is None else self.written
