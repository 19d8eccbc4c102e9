"""Tables of the register."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.clock import now
from visits.core.db import Model, Revised, Stamped
from visits.core.i18n import N_


class EnterpriseStatus(StrEnum):
    """Whether an enterprise is in business here."""

    NORMAL = "normal"
    HALTED = "halted"
    LOST = "lost"
    MOVED = "moved"
    DEREGISTERED = "deregistered"


STATUS_LABELS = {
    EnterpriseStatus.NORMAL: N_("In business"),
    EnterpriseStatus.HALTED: N_("Production halted"),
    EnterpriseStatus.LOST: N_("Out of contact"),
    EnterpriseStatus.MOVED: N_("Moved away"),
    EnterpriseStatus.DEREGISTERED: N_("Deregistered"),
}


# What a merge does with the rows of an enterprise is said at their tables, in `info`: by default
# they move to the surviving record.
STAYS = {"merge": "stays"}


def moves_unless_known(*columns: str) -> dict[str, Any]:
    """Say that a merge leaves those rows behind whose like, by these columns, the survivor has."""
    return {"merge": "moves unless known", "like": columns}


class ContactRole(StrEnum):
    """What a contact is to the enterprise."""

    LEGAL_REPRESENTATIVE = "legal_representative"
    PRINCIPAL = "principal"
    LIAISON = "liaison"


CONTACT_LABELS = {
    ContactRole.LEGAL_REPRESENTATIVE: N_("Legal representative"),
    ContactRole.PRINCIPAL: N_("Principal"),
    ContactRole.LIAISON: N_("Liaison"),
}


class Ownership(StrEnum):
    """Whose an enterprise is."""

    STATE = "state"
    PRIVATE = "private"
    FOREIGN = "foreign"
    REGIONAL = "regional"
    COLLECTIVE = "collective"
    MIXED = "mixed"


OWNERSHIP_LABELS = {
    Ownership.STATE: N_("State-owned"),
    Ownership.PRIVATE: N_("Privately owned"),
    Ownership.FOREIGN: N_("Foreign-invested"),
    Ownership.REGIONAL: N_("Invested from Hong Kong, Macao or Taiwan"),
    Ownership.COLLECTIVE: N_("Collectively owned"),
    Ownership.MIXED: N_("Of mixed ownership"),
}


class TagLevel(StrEnum):
    """Who granted a tag."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    CITY = "city"
    DISTRICT = "district"


LEVEL_LABELS = {
    TagLevel.NATIONAL: N_("National level"),
    TagLevel.PROVINCIAL: N_("Provincial level"),
    TagLevel.CITY: N_("City level"),
    TagLevel.DISTRICT: N_("District level"),
}


class Measure(StrEnum):
    """What is known of an enterprise for a year."""

    OUTPUT = "output"
    REVENUE = "revenue"
    TAX = "tax"
    STAFF = "staff"
    RESEARCH = "research"


MEASURE_LABELS = {
    Measure.OUTPUT: N_("Output value"),
    Measure.REVENUE: N_("Revenue"),
    Measure.TAX: N_("Tax paid"),
    Measure.STAFF: N_("Staff"),
    Measure.RESEARCH: N_("Research spending"),
}


class Enterprise(Revised, Stamped, Model):
    """One enterprise, known by its unified social credit code; without one it is provisional (暂存).

    `name_key`, `pinyin` and `search_text` are derived from the names by `rules` whenever those change.
    A record merged into another stays as a tombstone that names the other and is counted nowhere.
    """

    __tablename__ = "enterprises"
    __table_args__ = (
        sa.CheckConstraint("is_provisional = (code IS NULL)", name="code_unless_provisional"),
        sa.CheckConstraint("NOT is_provisional OR provisional_reason <> ''", name="reason_if_provisional"),
        sa.Index("ix_enterprises_status_pinyin", "status", "pinyin"),
        sa.Index(  # of the few that were: asked for the others, a database had better read them all
            "ix_enterprises_merged",
            "merged_into_id",
            sqlite_where=sa.text("merged_into_id IS NOT NULL"),
            postgresql_where=sa.text("merged_into_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str | None] = mapped_column(sa.String(18), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    short_name: Mapped[str] = mapped_column(sa.String(40), default="")
    name_key: Mapped[str] = mapped_column(sa.String(120), index=True)
    pinyin: Mapped[str] = mapped_column(sa.String(200), index=True)
    search_text: Mapped[str] = mapped_column(sa.Text)
    status: Mapped[EnterpriseStatus] = mapped_column(default=EnterpriseStatus.NORMAL)
    status_on: Mapped[date | None]
    is_provisional: Mapped[bool] = mapped_column(default=False)
    provisional_reason: Mapped[str] = mapped_column(sa.String(200), default="")
    legal_form: Mapped[str] = mapped_column(sa.String(60), default="")
    industry_code: Mapped[str] = mapped_column(sa.String(10), default="")
    established_on: Mapped[date | None]
    capital_text: Mapped[str] = mapped_column(sa.String(60), default="")
    capital_amount: Mapped[Decimal | None] = mapped_column(sa.Numeric(20, 4))
    capital_currency: Mapped[str | None] = mapped_column(sa.String(3))
    park: Mapped[str] = mapped_column(sa.String(60), default="")
    district: Mapped[str] = mapped_column(sa.String(60), default="")
    street: Mapped[str] = mapped_column(sa.String(60), default="")
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    ownership: Mapped[Ownership | None]
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("enterprises.id"))


class StatusChange(Model):
    """From which day an enterprise has had which status, so that past scopes can be counted."""

    __tablename__ = "enterprise_status_changes"
    __table_args__ = (
        sa.Index("ix_enterprise_status_changes_enterprise", "enterprise_id", "from_on"),
        {"info": STAYS},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"))
    status: Mapped[EnterpriseStatus]
    from_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(default=now)


class FormerName(Model):
    """A name an enterprise had before."""

    __tablename__ = "former_names"
    __table_args__ = {"info": moves_unless_known("name")}

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    until_on: Mapped[date | None]


class Tag(Model):
    """A kind of label, such as 规上企业 or 专精特新; a closed one is granted no more."""

    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(30), unique=True)
    position: Mapped[int] = mapped_column(default=0)
    closed_on: Mapped[date | None]


class TagGrant(Stamped, Model):
    """A tag an enterprise has or had: counted from `granted_on` up to and including `expires_on`."""

    __tablename__ = "tag_grants"
    __table_args__ = (
        sa.Index("ix_tag_grants_enterprise", "enterprise_id", "tag_id"),
        {"info": moves_unless_known("tag_id", "level", "granted_on", "expires_on", "removed_at")},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"))
    tag_id: Mapped[int] = mapped_column(sa.ForeignKey("tags.id"), index=True)
    level: Mapped[TagLevel | None]
    granted_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    document_no: Mapped[str] = mapped_column(sa.String(60), default="")
    removed_at: Mapped[datetime | None]
    removal_reason: Mapped[str] = mapped_column(sa.String(200), default="")


class YearlyFact(Model):
    """One figure of an enterprise for one year, in 万元 or 人; a correction supersedes, nothing is lost."""

    __tablename__ = "enterprise_facts"
    __table_args__ = (
        sa.Index("ix_enterprise_facts_enterprise", "enterprise_id", "year", "measure"),
        sa.Index("ix_enterprise_facts_measure", "measure", "year", "value"),
        {"info": moves_unless_known("year", "measure", "superseded_at")},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"))
    year: Mapped[int]
    measure: Mapped[Measure]
    value: Mapped[Decimal] = mapped_column(sa.Numeric(16, 4))
    unit: Mapped[str] = mapped_column(sa.String(10))
    source: Mapped[str] = mapped_column(sa.String(60))
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    superseded_at: Mapped[datetime | None]


class Site(Stamped, Model):
    """A place of business besides the registered address: a plant, a branch, a store (经营场所)."""

    __tablename__ = "sites"
    __table_args__ = {"info": moves_unless_known("name", "address", "ended_on")}

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    street: Mapped[str] = mapped_column(sa.String(60), default="")
    address: Mapped[str] = mapped_column(sa.String(200))
    ended_on: Mapped[date | None]


class Contact(Stamped, Model):
    """A person to ring at an enterprise; the phone is masked until it is revealed, which is logged."""

    __tablename__ = "contacts"
    __table_args__ = {"info": moves_unless_known("role", "name", "post", "phone", "removed_at")}

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"), index=True)
    role: Mapped[ContactRole] = mapped_column(default=ContactRole.LIAISON)
    name: Mapped[str] = mapped_column(sa.String(60))
    post: Mapped[str] = mapped_column(sa.String(60), default="")
    phone: Mapped[str] = mapped_column(sa.String(30), default="")
    last_verified_on: Mapped[date | None]
    removed_at: Mapped[datetime | None]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(sa.String(200), default="")


class DistinctPair(Model):
    """Two records that look alike and were found to be two enterprises; `first_id` is the smaller id."""

    __tablename__ = "distinct_pairs"
    __table_args__ = (sa.UniqueConstraint("first_id", "second_id"), {"info": STAYS})

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"))
    second_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    decided_at: Mapped[datetime] = mapped_column(default=now)


class Merge(Model):
    """One record merged into another, with all that is needed to part them again.

    `moved` names the rows that changed hands; `kept` holds both records as they were and every row that
    could not stay beside one of the survivor's.
    """

    __tablename__ = "enterprise_merges"
    __table_args__ = {"info": STAYS}

    id: Mapped[int] = mapped_column(primary_key=True)
    loser_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"), index=True)
    winner_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(200))
    merged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    merged_at: Mapped[datetime] = mapped_column(default=now)
    moved: Mapped[dict[str, Any]] = mapped_column(default=dict)
    kept: Mapped[dict[str, Any]] = mapped_column(default=dict)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    undo_reason: Mapped[str] = mapped_column(sa.String(200), default="")
