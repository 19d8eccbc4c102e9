"""Tables of programmes with their scopes, of groups and of links."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.clock import now
from visits.core.db import Model, Revised, Stamped
from visits.core.i18n import N_
from visits.enterprises.models import Measure, moves_unless_known

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


class ProgrammeKind(StrEnum):
    """Whether a programme runs for a time, in rounds, or is a standing duty."""

    CAMPAIGN = "campaign"
    STANDING = "standing"


PROGRAMME_KIND_LABELS = {
    ProgrammeKind.CAMPAIGN: N_("Campaign"),
    ProgrammeKind.STANDING: N_("Standing link"),
}


class Period(StrEnum):
    """How long a firm's minimum of visits is counted over: whole calendar periods."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


PERIOD_LABELS = {
    Period.MONTH: N_("A month"),
    Period.QUARTER: N_("A quarter"),
    Period.HALF_YEAR: N_("Half a year"),
    Period.YEAR: N_("A year"),
}


def _counted_by_default() -> list[str]:
    return [VisitMode.ON_SITE, VisitMode.SYMPOSIUM]


class Programme(Revised, Model):
    """A reason for which enterprises are visited and counted: 企业大走访, 组团联企.

    Which enterprises it is about, and how often each must be visited, its scope versions say.
    """

    __tablename__ = "programmes"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    kind: Mapped[ProgrammeKind] = mapped_column(default=ProgrammeKind.STANDING)
    counted_modes: Mapped[list[str]] = mapped_column(default=_counted_by_default)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]


class Round(Model):
    """One round of a programme, from `from_on` up to, not including, `until_on`."""

    __tablename__ = "programme_rounds"
    __table_args__ = (sa.CheckConstraint("until_on > from_on", name="ends_after_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    from_on: Mapped[date]
    until_on: Mapped[date]


class ScopeVersion(Model):
    """Which enterprises a programme is about, from a day on: what one version of its rule says.

    `conditions` narrows the register; each kind that is empty fits all, within one kind any value fits:
    "tags" and "groups" hold ids, "parks" and "districts" names; "linked" asks for a link of this programme.
    "listed_only" takes the enterprises listed by name and no others. Versions are never changed: a figure
    as known at a moment reads the version recorded by then.
    """

    __tablename__ = "scope_versions"
    __table_args__ = (sa.Index("ix_scope_versions_programme", "programme_id", "from_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"))
    from_on: Mapped[date]
    conditions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    recorded_at: Mapped[datetime] = mapped_column(default=now)


class Tier(Model):
    """How often the enterprises of one tier must be visited, as one scope version says it.

    An enterprise belongs to the first tier, by position, that it fits: whose tag it holds, or whose measure
    it reached in the latest year known. A tier with neither takes all that are left.
    """

    __tablename__ = "scope_tiers"
    __table_args__ = (
        sa.UniqueConstraint("version_id", "position"),
        sa.CheckConstraint("visits > 0", name="some_visits"),
        sa.CheckConstraint("(measure IS NULL) = (at_least IS NULL)", name="measure_with_amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("scope_versions.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(30))
    tag_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tags.id"))
    measure: Mapped[Measure | None]
    at_least: Mapped[Decimal | None] = mapped_column(sa.Numeric(16, 4))
    visits: Mapped[int]
    period: Mapped[Period]


class ScopeListing(Model):
    """An enterprise named for a programme, or taken out of it, whatever its rule says, for a time."""

    __tablename__ = "scope_listings"
    __table_args__ = (
        sa.CheckConstraint(_ENDS_AFTER_START, name="ends_after_start"),
        sa.Index("ix_scope_listings_programme", "programme_id", "enterprise_id"),
        {"info": moves_unless_known("programme_id", "is_excluded", "from_on", "until_on", "superseded_at")},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"))
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"), index=True)
    is_excluded: Mapped[bool] = mapped_column(default=False)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    superseded_at: Mapped[datetime | None]


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
