"""Tables of visits."""

from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.clock import now, today
from visits.core.db import Model, Revised
from visits.core.i18n import N_
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
    """One visit as recorded, to one enterprise or several; never deleted, only voided.

    `timely_until` is the last day on which recording it was no late entry (补录), by the calendar of then.
    """

    __tablename__ = "visits"
    __table_args__ = (
        sa.CheckConstraint("(voided_at IS NULL) = (void_reason = '')", name="void_with_reason"),
        sa.Index("ix_visits_visited_on", "visited_on", "id"),
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


class VisitPair(Model):
    """One enterprise met on one visit: what 家次 counts."""

    __tablename__ = "visit_pairs"
    __table_args__ = (sa.UniqueConstraint("visit_id", "enterprise_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"))
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"), index=True)
    has_no_issues: Mapped[bool] = mapped_column(default=False)


class PairProgramme(Model):
    """A programme under which a pair is counted."""

    __tablename__ = "pair_programmes"

    pair_id: Mapped[int] = mapped_column(sa.ForeignKey("visit_pairs.id"), primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"), primary_key=True, index=True)


class Attendance(Model):
    """One participant of a visit with the unit of that day; people outside the system by name only."""

    __tablename__ = "attendances"
    __table_args__ = (sa.UniqueConstraint("visit_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"), index=True)
    unit_name: Mapped[str] = mapped_column(sa.String(80), default="")


class Promise(Model):
    """What an enterprise was promised on a visit, by whom and by when; open until it is kept."""

    __tablename__ = "promises"
    __table_args__ = (sa.Index("ix_promises_enterprise", "enterprise_id", "kept_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"))
    text: Mapped[str] = mapped_column(sa.String(200))
    owner: Mapped[str] = mapped_column(sa.String(60), default="")
    due_on: Mapped[date | None]
    kept_on: Mapped[date | None]
    kept_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
