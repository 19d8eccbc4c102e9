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


class Enterprise(Revised, Stamped, Model):
    """One enterprise, known by its unified social credit code; without one it is provisional (暂存).

    `name_key`, `pinyin` and `search_text` are derived from the names by `rules` whenever those change.
    """

    __tablename__ = "enterprises"
    __table_args__ = (
        sa.CheckConstraint("is_provisional = (code IS NULL)", name="code_unless_provisional"),
        sa.CheckConstraint("NOT is_provisional OR provisional_reason <> ''", name="reason_if_provisional"),
        sa.Index("ix_enterprises_status_pinyin", "status", "pinyin"),
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


class StatusChange(Model):
    """From which day an enterprise has had which status, so that past scopes can be counted."""

    __tablename__ = "enterprise_status_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"), index=True)
    status: Mapped[EnterpriseStatus]
    from_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(default=now)


class FormerName(Model):
    """A name an enterprise had before."""

    __tablename__ = "former_names"

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    until_on: Mapped[date | None]


class EnterpriseTag(Model):
    """A label such as 规上企业 or 专精特新."""

    __tablename__ = "enterprise_tags"

    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(30), primary_key=True)


class Contact(Stamped, Model):
    """A person to ring at an enterprise; the phone is masked until it is revealed, which is logged."""

    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"), index=True)
    role: Mapped[ContactRole] = mapped_column(default=ContactRole.LIAISON)
    name: Mapped[str] = mapped_column(sa.String(60))
    post: Mapped[str] = mapped_column(sa.String(60), default="")
    phone: Mapped[str] = mapped_column(sa.String(30), default="")
    removed_at: Mapped[datetime | None]


class Upload(Stamped, Model):
    """A spreadsheet on its way into the register: its cells, its columns' mapping, what came of it."""

    __tablename__ = "uploads"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    filename: Mapped[str] = mapped_column(sa.String(200))
    cells: Mapped[bytes] = mapped_column(sa.LargeBinary)
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    committed_at: Mapped[datetime | None]
    outcome: Mapped[dict[str, Any]] = mapped_column(default=dict)
