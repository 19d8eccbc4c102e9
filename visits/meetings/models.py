"""Tables of coordination meetings: whom they invite, who came, what they take up and conclude."""

from datetime import date, datetime, time
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.clock import now
from visits.core.db import Model, Revised, Stamped
from visits.core.i18n import N_
from visits.issues.models import Conclusion
from visits.meetings.states import State


class MeetingKind(StrEnum):
    """What sort of meeting it is."""

    COORDINATION = "coordination"
    ON_SITE = "on_site"
    BREAKFAST = "breakfast"
    JOINT = "joint"


KIND_LABELS = {
    MeetingKind.COORDINATION: N_("Special coordination meeting"),
    MeetingKind.ON_SITE: N_("Working meeting on site"),
    MeetingKind.BREAKFAST: N_("Breakfast with enterprises"),
    MeetingKind.JOINT: N_("Joint meeting of units"),
}


class Presence(StrEnum):
    """As what somebody stands on the list of a meeting."""

    PRESENT = "present"
    OBSERVER = "observer"
    LEAVE = "leave"


class Meeting(Revised, Stamped, Model):
    """One coordination meeting; its number holds for life.

    `state` is written by `operations.course` only. `opening`, `demands` and `distribution` are the parts of
    the minutes (纪要) that the agenda does not give. A meeting of a group is its members' to read.
    """

    __tablename__ = "meetings"
    __table_args__ = (
        sa.CheckConstraint("(state = 'held') = (held_at IS NOT NULL)", name="held_with_moment"),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_with_moment"
        ),
        sa.CheckConstraint("(cancelled_at IS NULL) = (cancel_reason = '')", name="cancelled_with_reason"),
        sa.CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="ends_after_start"),
        sa.Index("ix_meetings_meets_on", "meets_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(20), unique=True)
    title: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[MeetingKind] = mapped_column(default=MeetingKind.COORDINATION)
    meets_on: Mapped[date]
    starts_at: Mapped[time]
    ends_at: Mapped[time | None]
    place: Mapped[str] = mapped_column(sa.String(120))
    chair: Mapped[str] = mapped_column(sa.String(60))
    recorder: Mapped[str] = mapped_column(sa.String(60), default="")
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id"), index=True)
    called_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    state: Mapped[State]
    held_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(sa.String(200), default="")
    opening: Mapped[str] = mapped_column(sa.Text(), default="")
    demands: Mapped[str] = mapped_column(sa.Text(), default="")
    distribution: Mapped[str] = mapped_column(sa.String(300), default="")


class MeetingUnit(Model):
    """A unit invited to a meeting."""

    __tablename__ = "meeting_units"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meetings.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)


class MeetingFirm(Model):
    """An enterprise invited to a meeting."""

    __tablename__ = "meeting_firms"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "enterprise_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meetings.id"))
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"), index=True)


class Attendee(Model):
    """Somebody on the list of a meeting that was held: present, observing, or excused."""

    __tablename__ = "meeting_attendees"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meetings.id"), index=True)
    presence: Mapped[Presence]
    position: Mapped[int]
    unit: Mapped[str] = mapped_column(sa.String(60))
    name: Mapped[str] = mapped_column(sa.String(60))
    post: Mapped[str] = mapped_column(sa.String(60), default="")


class AgendaItem(Revised, Model):
    """One problem a meeting takes up, and what it concluded.

    `brief` is what the units are told before; it never names an enterprise that wants its name kept. The
    duty a conclusion sets lies with the problem (`issues.models.Duty`); the newest is named here. `due_on`
    is the duty's day, `extended_to` the problem's due date where the conclusion moved it.
    """

    __tablename__ = "agenda_items"
    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "issue_id"),
        sa.CheckConstraint("(verdict IS NULL) = (concluded_at IS NULL)", name="verdict_with_moment"),
        sa.CheckConstraint(
            "verdict IS NULL OR verdict <> 'settled' OR (lead_unit_id IS NOT NULL AND due_on IS NOT NULL)",
            name="settled_with_unit_and_day",
        ),
        sa.CheckConstraint("(duty_id IS NULL) OR (verdict IS NOT NULL)", name="duty_of_a_conclusion"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meetings.id"))
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id"), index=True)
    position: Mapped[int]
    brief: Mapped[str] = mapped_column(sa.Text())
    added_at: Mapped[datetime] = mapped_column(default=now)
    conclusion: Mapped[str] = mapped_column(sa.Text(), default="")
    verdict: Mapped[Conclusion | None]
    lead_unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    due_on: Mapped[date | None]
    extended_to: Mapped[date | None]
    duty_id: Mapped[int | None] = mapped_column(sa.ForeignKey("issue_duties.id"), index=True)
    concluded_at: Mapped[datetime | None]
    concluded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))


class MeetingCounter(Model):
    """The last number given on one day; its row is locked while the next one is taken."""

    __tablename__ = "meeting_counters"

    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
