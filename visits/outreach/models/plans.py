"""Tables of visits that are planned, of who stands in for whom, and of calendar addresses."""

from datetime import date, datetime, time
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.clock import now
from visits.core.db import Model, Revised, Stamped
from visits.core.i18n import N_


class PlanState(StrEnum):
    """What became of a planned visit; one moved to another day gives way to a new plan."""

    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"
    MOVED = "moved"


PLAN_STATE_LABELS = {
    PlanState.PLANNED: N_("Planned"),
    PlanState.DONE: N_("Carried out"),
    PlanState.CANCELLED: N_("Cancelled"),
    PlanState.MOVED: N_("Moved to another day"),
}


class VisitPlan(Revised, Stamped, Model):
    """A visit somebody means to make to one enterprise on one day.

    `is_invited` exempts it from the cap on visits; `frequency_reason` says why it is planned above the cap.
    """

    __tablename__ = "visit_plans"
    __table_args__ = (
        sa.CheckConstraint("(state = 'done') = (visit_id IS NOT NULL)", name="done_by_a_visit"),
        sa.Index("ix_visit_plans_owner", "owner_id", "planned_on"),
        sa.Index("ix_visit_plans_enterprise", "enterprise_id", "planned_on"),
        sa.Index("ix_visit_plans_day", "planned_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"))
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programmes.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id"), index=True)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    planned_on: Mapped[date]
    start_time: Mapped[time | None]
    purpose: Mapped[str] = mapped_column(sa.String(200), default="")
    is_invited: Mapped[bool] = mapped_column(default=False)
    frequency_reason: Mapped[str] = mapped_column(sa.String(200), default="")
    state: Mapped[PlanState] = mapped_column(default=PlanState.PLANNED)
    end_reason: Mapped[str] = mapped_column(sa.String(200), default="")
    ended_at: Mapped[datetime | None]
    visit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    moved_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visit_plans.id"))
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))


class PlanCompanion(Model):
    """Somebody who goes along on a planned visit (拼团), from joining until leaving it again."""

    __tablename__ = "plan_companions"
    __table_args__ = (
        sa.Index(
            "ix_plan_companions_current",
            "plan_id",
            "person_id",
            unique=True,
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("visit_plans.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    joined_at: Mapped[datetime] = mapped_column(default=now)
    left_at: Mapped[datetime | None]


class CalendarFeed(Model):
    """The secret address under which a person's own calendar program reads their plans; only its hash."""

    __tablename__ = "calendar_feeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(default=now)
    revoked_at: Mapped[datetime | None]
