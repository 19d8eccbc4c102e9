"""Tables of visits."""

from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.clock import now, today
from visits.core.db import Model, Revised, append_only
from visits.core.i18n import N_
from visits.core.search import make_searchable
from visits.outreach.entries import VisitKind as VisitKind
from visits.programmes.models import VisitMode

KIND_LABELS = {
    VisitKind.REGULAR: N_("Regular visit"),
    VisitKind.FIRST: N_("First visit"),
    VisitKind.FOLLOW_UP: N_("Follow-up visit"),
    VisitKind.TOPICAL: N_("Topical visit"),
    VisitKind.ACCOMPANY: N_("Accompanying a leader"),
    VisitKind.INVITED: N_("At the enterprise's invitation"),
}


class Visit(Revised, Model):
    """One visit as it reads now, to one enterprise or several; never deleted, only amended or voided.

    `timely_until` is the last day on which recording it was no late entry (补录), by the calendar of then.
    `frequency_reason` says why the enterprise was visited more often than the cap allows; `import_run_id`
    names the ledger it came from.
    """

    __tablename__ = "visits"
    __table_args__ = (
        sa.CheckConstraint("(voided_at IS NULL) = (void_reason = '')", name="void_with_reason"),
        sa.Index("ix_visits_visited_on", "visited_on", "id"),
        sa.Index("ix_visits_valid", "voided_at", "visited_on", "id"),
        sa.Index(
            "ix_visits_late",
            "visited_on",
            sqlite_where=sa.text("recorded_on > timely_until"),
            postgresql_where=sa.text("recorded_on > timely_until"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(sa.String(36), unique=True)
    visited_on: Mapped[date]
    start_time: Mapped[time | None]
    end_time: Mapped[time | None]
    mode: Mapped[VisitMode]
    kind: Mapped[VisitKind] = mapped_column(default=VisitKind.REGULAR)
    place: Mapped[str] = mapped_column(sa.String(120), default="")
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id"), index=True)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    recorded_on: Mapped[date] = mapped_column(default=today)
    timely_until: Mapped[date]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(sa.String(200), default="")
    voided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    frequency_reason: Mapped[str] = mapped_column(sa.String(200), default="")
    import_run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("import_runs.id"), index=True)


class VisitText(Model):
    """The words of a visit by which it is searched; written by `core.search` with the visit itself."""

    __tablename__ = "visit_texts"

    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(sa.Text)


make_searchable(Visit, VisitText, "place", "summary")


class Fact:
    """What figures count of a visit, as one version of it says it.

    A row holds from `recorded_at` until `superseded_at`; an amendment supersedes rows and adds others, so
    that a figure as known at an earlier moment stays what it was. Day, mode and group are the visit's own.
    """

    visited_on: Mapped[date] = mapped_column(index=True)
    mode: Mapped[VisitMode]
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id"))
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    superseded_at: Mapped[datetime | None]

    @classmethod
    def is_current(cls) -> sa.ColumnElement[bool]:
        """Rows that no amendment has superseded."""
        return cls.superseded_at.is_(None)

    @classmethod
    def known_at(cls, moment: datetime) -> sa.ColumnElement[bool]:
        """Rows as they were known at a moment."""
        later = sa.or_(cls.superseded_at.is_(None), cls.superseded_at > moment)
        return sa.and_(cls.recorded_at <= moment, later)


def _one_current(table: str, *columns: str) -> sa.Index:
    """Of the rows that are not superseded, one for each value of the columns."""
    current = sa.text("superseded_at IS NULL")
    return sa.Index(
        f"ix_{table}_current", *columns, unique=True, sqlite_where=current, postgresql_where=current
    )


class VisitPair(Fact, Model):
    """One enterprise met on one visit: what 家次 counts."""

    __tablename__ = "visit_pairs"
    __table_args__ = (
        _one_current("visit_pairs", "visit_id", "enterprise_id"),
        sa.Index("ix_visit_pairs_enterprise", "enterprise_id", "superseded_at", "visit_id"),
        sa.Index("ix_visit_pairs_firm_day", "enterprise_id", "visited_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"))
    has_no_issues: Mapped[bool] = mapped_column(default=False, info={"when_merged": "all"})
    is_late: Mapped[bool] = mapped_column(default=False)


class PairProgramme(Model):
    """A programme under which a pair is counted."""

    __tablename__ = "pair_programmes"

    pair_id: Mapped[int] = mapped_column(sa.ForeignKey("visit_pairs.id"), primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"), primary_key=True, index=True)


class Attendance(Fact, Model):
    """One participant of a visit with the unit of that day; people outside the system by name only."""

    __tablename__ = "attendances"
    __table_args__ = (
        _one_current("attendances", "visit_id", "person_id"),
        sa.Index("ix_attendances_person", "person_id", "superseded_at", "visit_id"),
        sa.Index("ix_attendances_unit", "unit_id", "superseded_at", "visit_id"),
        sa.Index(
            "ix_attendances_outsiders",
            "name",
            "superseded_at",
            "visit_id",
            sqlite_where=sa.text("person_id IS NULL"),
            postgresql_where=sa.text("person_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(sa.String(60))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    unit_name: Mapped[str] = mapped_column(sa.String(80), default="")


class VisitVersion(Model):
    """What a visit said before it was amended, and who changed what when and why.

    `content` is the former wording whole, `changes` the fields that differ as [old, new].
    """

    __tablename__ = "visit_versions"
    __table_args__ = (sa.UniqueConstraint("visit_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"))
    seq: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(default=now)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    content: Mapped[dict[str, Any]]
    changes: Mapped[dict[str, Any]]


append_only(VisitVersion)


class VisitDraft(Revised, Model):
    """A visit not finished yet, as the fields of its form; its author's alone, gone once it is recorded."""

    __tablename__ = "visit_drafts"
    __table_args__ = (sa.UniqueConstraint("author_id", "client_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(sa.String(36))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    title: Mapped[str] = mapped_column(sa.String(200), default="")
    excerpt: Mapped[str] = mapped_column(sa.String(60), default="")
    visited_on: Mapped[date | None]
    fields: Mapped[list[list[str]]] = mapped_column(sa.JSON)
    saved_at: Mapped[datetime] = mapped_column(default=now)
