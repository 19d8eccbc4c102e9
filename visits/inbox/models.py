"""Tables of notices, of where people are told, and of what is to be sent there."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.db import Model, Revised, Stamped
from visits.core.i18n import N_


class NoticeKind(StrEnum):
    """What a notice is about; each kind can be switched off by its reader, but for those of `ALWAYS`."""

    DESK = "desk"
    DECIDE = "decide"
    DECIDED = "decided"
    RESULT = "result"
    URGE = "urge"
    FLAG = "flag"
    MEETING = "meeting"
    VISIT = "visit"
    HANDOVER = "handover"
    RECORD = "record"
    REPORT = "report"
    FEEDBACK = "feedback"
    SYSTEM = "system"


KIND_LABELS = {
    NoticeKind.DESK: N_("Problems that come to my unit"),
    NoticeKind.DECIDE: N_("What waits for my decision or answer"),
    NoticeKind.DECIDED: N_("Decisions on what my unit asked for"),
    NoticeKind.RESULT: N_("What becomes of problems I registered"),
    NoticeKind.URGE: N_("Reminders, instructions and supervision orders"),
    NoticeKind.FLAG: N_("Red flags"),
    NoticeKind.MEETING: N_("Coordination meetings"),
    NoticeKind.VISIT: N_("Visit plans"),
    NoticeKind.HANDOVER: N_("Handovers"),
    NoticeKind.RECORD: N_("Questions about records of visits"),
    NoticeKind.REPORT: N_("Monthly reports"),
    NoticeKind.FEEDBACK: N_("Feedback"),
    NoticeKind.SYSTEM: N_("Faults of the system"),
}
ALWAYS = frozenset({NoticeKind.FLAG, NoticeKind.URGE, NoticeKind.SYSTEM})
AT_ONCE = frozenset({NoticeKind.FLAG})


class Notice(Stamped, Model):
    """One thing one person is told: a sentence and its values, and the record it leads to.

    `event` names what happened ("issue_moves:812"): of each event a person is told once. An absent person's
    notice goes to the deputy as well; theirs says for whom in `on_behalf_of_id`.
    """

    __tablename__ = "notices"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "event"),
        sa.Index("ix_notices_inbox", "person_id", "id"),
        sa.Index(
            "ix_notices_unread",
            "person_id",
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    kind: Mapped[NoticeKind]
    event: Mapped[str] = mapped_column(sa.String(80))
    said: Mapped[str] = mapped_column(sa.String(200))
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    subject_type: Mapped[str | None] = mapped_column(sa.String(40))
    subject_id: Mapped[int | None]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    read_at: Mapped[datetime | None]


class NoticeSwitch(Stamped, Model):
    """A kind of notice a person does not want."""

    __tablename__ = "notice_switches"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    kind: Mapped[NoticeKind] = mapped_column(primary_key=True)


class Channel(StrEnum):
    """By which way a message leaves the house."""

    MAIL = "mail"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    WEBHOOK = "webhook"


CHANNEL_LABELS = {
    Channel.MAIL: N_("E-mail"),
    Channel.WECOM: N_("WeCom group robot"),
    Channel.DINGTALK: N_("DingTalk group robot"),
    Channel.FEISHU: N_("Feishu group robot"),
    Channel.WEBHOOK: N_("Webhook"),
}


class ContactPoint(Revised, Stamped, Model):
    """Where a person or a unit is told beside the inbox: one address per channel.

    `takes_digest` says whether the morning digest goes there too, beside what is told at once.
    """

    __tablename__ = "contact_points"
    __table_args__ = (
        sa.CheckConstraint("(person_id IS NULL) <> (unit_id IS NULL)", name="one_owner"),
        sa.UniqueConstraint("person_id", "channel"),
        sa.UniqueConstraint("unit_id", "channel"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    channel: Mapped[Channel]
    address: Mapped[str] = mapped_column(sa.String(500))
    takes_digest: Mapped[bool] = mapped_column(default=True)


class DeliveryState(StrEnum):
    """How far a message is."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"


DELIVERY_LABELS = {
    DeliveryState.WAITING: N_("Waiting"),
    DeliveryState.SENT: N_("Sent"),
    DeliveryState.DEAD: N_("Not delivered"),
}


class Delivery(Stamped, Model):
    """A message on its way to one contact point: the outbox, written with what it tells of.

    `event` names what it tells of: to each point of each event one message goes. `message_id` stays the
    same over all tries. The one who sends it holds it till `held_until`; `next_at` is when it is due.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        sa.UniqueConstraint("contact_point_id", "event"),
        sa.CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ends"),
        sa.Index("ix_deliveries_due", "state", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_point_id: Mapped[int] = mapped_column(sa.ForeignKey("contact_points.id"))
    event: Mapped[str] = mapped_column(sa.String(80))
    message_id: Mapped[str] = mapped_column(sa.String(80), unique=True)
    subject: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str] = mapped_column(sa.Text)
    html: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    held_until: Mapped[datetime | None]
    token: Mapped[str | None] = mapped_column(sa.String(36))
    last_error: Mapped[str] = mapped_column(sa.String(300), default="")
    ended_at: Mapped[datetime | None]
