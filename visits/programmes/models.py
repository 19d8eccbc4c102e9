"""Tables of programmes, groups and links."""

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.db import Model, Revised, Stamped
from visits.core.i18n import N_

ENTERPRISE_VISIT = "enterprise_visit"
GROUP_LINKED = "group_linked"
_ENDS_AFTER_START = "until_on IS NULL OR until_on >= from_on"


class VisitMode(StrEnum):
    """How an enterprise was met; a programme says which modes it counts."""

    ON_SITE = "on_site"
    SYMPOSIUM = "symposium"
    PHONE = "phone"
    ONLINE = "online"


MODE_LABELS = {
    VisitMode.ON_SITE: N_("On site"),
    VisitMode.SYMPOSIUM: N_("Symposium"),
    VisitMode.PHONE: N_("By phone"),
    VisitMode.ONLINE: N_("Online"),
}


class GroupRole(StrEnum):
    """What a person is in a group."""

    LEADER = "leader"
    MEMBER = "member"
    OFFICER = "officer"
    LIAISON = "liaison"


GROUP_ROLE_LABELS = {
    GroupRole.LEADER: N_("Leader of the group"),
    GroupRole.MEMBER: N_("Member of the group"),
    GroupRole.OFFICER: N_("Service officer of the group"),
    GroupRole.LIAISON: N_("Liaison of the group"),
}


def _counted_by_default() -> list[str]:
    return [VisitMode.ON_SITE, VisitMode.SYMPOSIUM]


class Programme(Model):
    """A reason for which enterprises are visited and counted: 企业大走访, 组团联企."""

    __tablename__ = "programmes"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    counted_modes: Mapped[list[str]] = mapped_column(default=_counted_by_default)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]


class Group(Revised, Stamped, Model):
    """A standing group, headed by a leader, that answers for a list of enterprises."""

    __tablename__ = "groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(60), unique=True)
    lead_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    closed_on: Mapped[date | None]


class GroupMember(Model):
    """A person's time in a group, from `from_on` up to, not including, `until_on`."""

    __tablename__ = "group_members"
    __table_args__ = (sa.CheckConstraint(_ENDS_AFTER_START, name="ends_after_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    role: Mapped[GroupRole]
    from_on: Mapped[date]
    until_on: Mapped[date | None]


class Link(Model):
    """Who answers for an enterprise in a programme: a group, its primary officer, or both, for a time."""

    __tablename__ = "links"
    __table_args__ = (
        sa.CheckConstraint(_ENDS_AFTER_START, name="ends_after_start"),
        sa.CheckConstraint("group_id IS NOT NULL OR officer_id IS NOT NULL", name="names_somebody"),
        sa.Index("ix_links_enterprise", "enterprise_id", "programme_id", "from_on"),
        {"info": {"one_at_a_time_per": ("programme_id",)}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"))
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id"), index=True)
    officer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(sa.String(200), default="")
