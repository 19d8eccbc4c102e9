"""Tables of supervision orders (督办单): to one unit, over one problem or several, with its replies."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.db import Model, Revised
from visits.core.i18n import N_
from visits.supervision.rules import Colour
from visits.supervision.states import OrderState

COLOUR_LABELS = {
    Colour.BLUE: N_("Blue: due soon"),
    Colour.YELLOW: N_("Yellow: behind or badly rated"),
    Colour.RED: N_("Red: past its time"),
}


class Verdict(StrEnum):
    """What became of a reply; it lapses when the order is withdrawn before anybody judged it."""

    ACCEPTED = "accepted"
    SENT_BACK = "sent_back"
    LAPSED = "lapsed"


class Order(Revised, Model):
    """What one unit must answer for, by which day. `due_on` is the day of the reply awaited now.

    `original_due_on` is the day the order was issued with; sending a reply back sets a new `due_on`.
    """

    __tablename__ = "supervision_orders"
    __table_args__ = (
        sa.CheckConstraint("(state IN ('closed', 'withdrawn')) = (ended_at IS NOT NULL)", name="ends"),
        sa.CheckConstraint(
            "state NOT IN ('replied', 'sent_back', 'closed') OR replied_at IS NOT NULL",
            name="replied_first",
        ),
        sa.CheckConstraint("state <> 'issued' OR replied_at IS NULL", name="no_reply_when_issued"),
        sa.CheckConstraint("due_on >= issued_on", name="due_after_issue"),
        sa.Index("ix_supervision_orders_state", "state", "due_on"),
        sa.Index("ix_supervision_orders_unit", "unit_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(20), unique=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    colour: Mapped[Colour]
    state: Mapped[OrderState] = mapped_column(default=OrderState.ISSUED)
    reason: Mapped[str] = mapped_column(sa.Text())
    demand: Mapped[str] = mapped_column(sa.Text())
    issued_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    issued_at: Mapped[datetime]
    issued_on: Mapped[date] = mapped_column(index=True)
    due_on: Mapped[date]
    original_due_on: Mapped[date]
    replied_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    end_note: Mapped[str] = mapped_column(sa.Text(), default="")


class OrderProblem(Model):
    """A problem an order is about.

    `stood` is how it stood when the order was issued, as `queries.stood` keeps it; None in orders of old.
    """

    __tablename__ = "supervision_order_problems"

    order_id: Mapped[int] = mapped_column(sa.ForeignKey("supervision_orders.id"), primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id"), primary_key=True, index=True)
    stood: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))


class OrderCounter(Model):
    """The last number given in one year; its row is locked while the next one is taken."""

    __tablename__ = "supervision_counters"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)


class Reply(Model):
    """What the unit answered, against which day, and how it was judged; each stays as it was."""

    __tablename__ = "supervision_replies"
    __table_args__ = (
        sa.UniqueConstraint("order_id", "seq"),
        sa.CheckConstraint("(verdict IS NULL) = (judged_at IS NULL)", name="judged_with_moment"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("supervision_orders.id"))
    seq: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text())
    due_on: Mapped[date]
    replied_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    replied_at: Mapped[datetime]
    verdict: Mapped[Verdict | None]
    judgement: Mapped[str] = mapped_column(sa.Text(), default="")
    judged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    judged_at: Mapped[datetime | None]


class ReplyPart(Model):
    """What a reply says of one of the problems."""

    __tablename__ = "supervision_reply_parts"

    reply_id: Mapped[int] = mapped_column(sa.ForeignKey("supervision_replies.id"), primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id"), primary_key=True, index=True)
    text: Mapped[str] = mapped_column(sa.Text())
