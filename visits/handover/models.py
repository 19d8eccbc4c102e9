"""Tables of handovers and of the things handed over."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.db import Model, Revised, Stamped
from visits.core.i18n import N_
from visits.handover.states import HandoverState, ItemState


class Kind(StrEnum):
    """What somebody can answer for and hand over."""

    LINK = "link"
    MEMBERSHIP = "membership"
    ISSUE = "issue"
    PROMISE = "promise"
    PLAN = "plan"
    COMPANION = "companion"
    DEPUTY = "deputy"
    FOLLOWED = "followed"
    VIEW = "view"


KIND_LABELS = {
    Kind.LINK: N_("Enterprises as primary officer"),
    Kind.MEMBERSHIP: N_("Service groups"),
    Kind.ISSUE: N_("Open problems brought home"),
    Kind.PROMISE: N_("Promises not kept yet"),
    Kind.PLAN: N_("Planned visits"),
    Kind.COMPANION: N_("Others' visits to go along on"),
    Kind.DEPUTY: N_("Absences in which to stand in"),
    Kind.FOLLOWED: N_("Problems followed"),
    Kind.VIEW: N_("Shared views of lists"),
}
# These begin on a day by themselves; the others change hands when the day has come.
DATED = frozenset({Kind.LINK, Kind.MEMBERSHIP, Kind.DEPUTY})
# What must not stay with a disabled account.
BINDING = frozenset(Kind) - {Kind.FOLLOWED}


class Handover(Revised, Stamped, Model):
    """One person's work going to others, from the day `from_on` on.

    `to_id` is the other party; single items may go to third ones. The revision counts changes of the pack,
    not the answers of those who take over.
    """

    __tablename__ = "handovers"
    __table_args__ = (
        sa.CheckConstraint("(state = 'running') = (ended_at IS NULL)", name="ends"),
        sa.CheckConstraint("from_id <> to_id", name="two_parties"),
        sa.Index(
            "ix_handovers_running",
            "from_id",
            unique=True,
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    to_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    from_on: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.String(200))
    state: Mapped[HandoverState] = mapped_column(default=HandoverState.RUNNING)
    opened_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(sa.String(200), default="")


class HandoverItem(Revised, Model):
    """One thing handed over, with its name as it was, whom it is offered to and what came of it.

    `record_id` is the record of its kind that changes hands, `page_id` the record on whose page it is read.
    What a rule keeps from its receiver is declined without an answer, its reason a text to be translated.
    """

    __tablename__ = "handover_items"
    __table_args__ = (
        sa.UniqueConstraint("handover_id", "kind", "record_id"),
        sa.CheckConstraint("state <> 'declined' OR reason <> ''", name="declined_with_reason"),
        sa.CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", name="done_on_a_day"),
        sa.Index("ix_handover_items_receiver", "receiver_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    handover_id: Mapped[int] = mapped_column(sa.ForeignKey("handovers.id"))
    kind: Mapped[Kind]
    record_id: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(300))
    word: Mapped[str] = mapped_column(sa.String(80), default="")
    page_id: Mapped[int]
    enterprise_id: Mapped[int | None] = mapped_column(sa.ForeignKey("enterprises.id"), index=True)
    due_on: Mapped[date | None]
    receiver_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    state: Mapped[ItemState] = mapped_column(default=ItemState.OFFERED)
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    answered_at: Mapped[datetime | None]
    done_on: Mapped[date | None]

    @property
    def is_set_aside(self) -> bool:
        """Whether a rule, and nobody's answer, keeps it from its receiver: it is offered to nobody."""
        return self.state is ItemState.DECLINED and self.answered_at is None
