"""The list of the register: what it can be narrowed to, and its columns."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Person
from visits.core.clock import today
from visits.core.db import db
from visits.core.filters import ALL_VALUES, Picked
from visits.core.i18n import N_
from visits.core.listing import Column, Kind, Listing, joined, parts
from visits.enterprises import rules
from visits.enterprises.models import (
    OWNERSHIP_LABELS,
    STATUS_LABELS,
    Contact,
    ContactRole,
    Enterprise,
    Measure,
    Tag,
    TagGrant,
)
from visits.enterprises.queries import is_granted, is_living, matching
from visits.enterprises.standing import Amount, Class, Standing, in_class, is_founded, status_on

# Of the slice above: who answers for an enterprise.
LINK = sa.table(
    "links",
    *(sa.column(name, sa.Integer) for name in ("id", "enterprise_id", "group_id", "officer_id")),
    sa.column("from_on", sa.Date),
    sa.column("until_on", sa.Date),
)
GROUP = sa.table("groups", sa.column("id", sa.Integer), sa.column("name", sa.String))


@dataclass(frozen=True)
class EnterpriseFilters:
    """What the register is narrowed to; empty parts do not narrow.

    With a day `on`, statuses and tags are those of that day, of enterprises founded by then; `standing`
    says how an enterprise stands in the class that tag, level and figure make.
    """

    q: str = ""
    status: Picked = ALL_VALUES
    district: Picked = ALL_VALUES
    street: Picked = ALL_VALUES
    park: Picked = ALL_VALUES
    ownership: Picked = ALL_VALUES
    tag: Picked = ALL_VALUES
    level: Picked = ALL_VALUES
    group: Picked = ALL_VALUES
    without_contact: bool = False
    without_code: bool = False
    figure: tuple[Measure, int] | None = None
    amount: Amount = Amount.ONE
    on: date | None = None
    standing: Standing | None = None


def _holds(column: Any) -> sa.ColumnElement[bool]:
    """Links of the enterprise that hold today and name somebody in this column."""
    return sa.and_(
        LINK.c.enterprise_id == Enterprise.id,
        column.is_not(None),
        LINK.c.from_on <= today(),
        sa.or_(LINK.c.until_on.is_(None), LINK.c.until_on > today()),
    )


def _of_group(wanted: Picked) -> sa.ColumnElement[bool]:
    held = sa.exists().where(_holds(LINK.c.group_id)).correlate(Enterprise)
    among = sa.exists().where(_holds(LINK.c.group_id), LINK.c.group_id.in_(wanted.values))
    return sa.or_(among.correlate(Enterprise), sa.not_(held) if wanted.nothing else sa.false())


def _contact(*where: sa.ColumnElement[bool]) -> tuple[sa.ColumnElement[bool], ...]:
    return (Contact.enterprise_id == Enterprise.id, Contact.removed_at.is_(None), *where)


def conditions(filters: EnterpriseFilters) -> list[sa.ColumnElement[bool]]:
    """The SQL of the filters; records merged into others are no enterprises."""
    wanted = [is_living(), matching(filters.q), *_on_the_day(filters)]
    for picked, column in (
        (filters.district, Enterprise.district),
        (filters.street, Enterprise.street),
        (filters.park, Enterprise.park),
    ):
        if picked:
            wanted.append(picked.within(column, empty=column == ""))
    if filters.ownership:
        wanted.append(filters.ownership.within(Enterprise.ownership))
    if filters.group:
        wanted.append(_of_group(filters.group))
    if filters.without_contact:
        wanted.append(sa.not_(sa.exists().where(*_contact()).correlate(Enterprise)))
    if filters.without_code:
        wanted.append(Enterprise.is_provisional.is_(True))
    return wanted


def _on_the_day(filters: EnterpriseFilters) -> list[sa.ColumnElement[bool]]:
    """What is asked of a day: status, tags, figure, standing; without a day, of today."""
    day = filters.on or today()
    asked = Class(filters.tag, filters.level, filters.figure, filters.amount)
    wanted = [is_founded(day)] if filters.on else []
    if filters.status:
        wanted.append(filters.status.within(status_on(day) if filters.on else Enterprise.status))
    return [*wanted, *([in_class(asked, filters.standing, day)] if filters.standing else asked.on(day))]


COLUMNS = (
    Column("name", N_("Enterprise"), fixed=True, look="main-cell", width=34),
    Column("code", N_("Credit code"), look="code", width=21),
    Column("status", N_("Status"), lambda row: STATUS_LABELS[row.status], Kind.LABEL),
    Column("street", N_("Street"), lambda row: row.street or row.district),
    Column("tags", N_("Tags"), lambda row: sorted(set(parts(row.tags))), width=24),
    Column("group", N_("Group"), width=20),
    Column("officer", N_("Primary officer")),
    Column("liaison", N_("Liaison"), usual=False),
    Column("phone", N_("Phone"), lambda row: rules.mask_phone(row.phone or ""), usual=False),
    Column("established", N_("Registered on"), lambda row: row.established_on, Kind.DAY, usual=False),
    Column("short_name", N_("Short name"), usual=False),
    Column("district", N_("District"), usual=False),
    Column("address", N_("Address"), usual=False, width=34),
    Column("park", N_("Park"), usual=False),
    Column(
        "ownership",
        N_("Ownership"),
        lambda row: OWNERSHIP_LABELS[row.ownership] if row.ownership else None,
        Kind.LABEL,
        usual=False,
    ),
    Column("legal_form", N_("Legal form"), usual=False),
    Column("industry_code", N_("Industry code"), usual=False),
    Column("capital", N_("Registered capital"), lambda row: row.capital_text, usual=False),
    Column("status_on", N_("Status since"), kind=Kind.DAY, usual=False),
    Column(
        "provisional", N_("Why there is no code"), lambda row: row.provisional_reason, usual=False, width=24
    ),
    Column("created", N_("Recorded"), lambda row: row.created_at, Kind.MOMENT, usual=False, width=17),
)


def _first_of_links(column: Any, named: Any, key: Any) -> Any:
    """The name of who answers today; of several the earliest link."""
    stmt = sa.select(named).select_from(LINK.join(key.table, key == column)).where(_holds(column))
    return stmt.order_by(LINK.c.id).limit(1).correlate(Enterprise).scalar_subquery()


def _liaison(column: Any) -> Any:
    stmt = sa.select(column).where(*_contact(Contact.role == ContactRole.LIAISON))
    return stmt.order_by(Contact.id).limit(1).correlate(Enterprise).scalar_subquery()


def _tags() -> Any:
    names = sa.select(joined(Tag.name)).join(TagGrant, TagGrant.tag_id == Tag.id)
    granted = names.where(TagGrant.enterprise_id == Enterprise.id, is_granted(today()))
    return granted.correlate(Enterprise).scalar_subquery()


def of_enterprises(filters: EnterpriseFilters) -> Listing:
    """The register, narrowed."""
    stmt = sa.select(
        *(getattr(Enterprise, name) for name in ("id", "name", "code", "status", "status_on")),
        *(getattr(Enterprise, name) for name in ("is_provisional", "provisional_reason", "short_name")),
        *(getattr(Enterprise, name) for name in ("district", "street", "address", "park", "legal_form")),
        *(
            getattr(Enterprise, name)
            for name in ("ownership", "industry_code", "capital_text", "established_on")
        ),
        Enterprise.created_at,
        _tags().label("tags"),
        _first_of_links(LINK.c.group_id, GROUP.c.name, GROUP.c.id).label("group"),
        _first_of_links(LINK.c.officer_id, Person.name, Person.__table__.c.id).label("officer"),
        _liaison(Contact.name).label("liaison"),
        _liaison(Contact.phone).label("phone"),
    )
    sorts: dict[str, Any] = {
        "name": Enterprise.pinyin,
        # The two databases put what is missing at different ends.
        "code": sa.func.coalesce(Enterprise.code, ""),
        "street": Enterprise.street,
        "established": sa.func.coalesce(Enterprise.established_on, date.min),
        "created": Enterprise.created_at,
        "id": Enterprise.id,
    }
    return Listing(
        "enterprises", N_("Enterprises"), stmt, sorts, "name", COLUMNS, where=conditions(filters)
    )


def offered() -> dict[str, list[Any]]:
    """What the register's filters offer, in one statement: texts in use, and groups as (id, name)."""
    texts = [
        sa.select(sa.literal(name), sa.literal(0), column).where(column != "").distinct()
        for name, column in (
            ("district", Enterprise.district),
            ("street", Enterprise.street),
            ("park", Enterprise.park),
        )
    ]
    granted = sa.select(TagGrant.tag_id).where(is_granted(today()))
    tags = sa.select(sa.literal("tag"), sa.literal(0), Tag.name).where(Tag.id.in_(granted))
    groups = sa.select(sa.literal("group"), GROUP.c.id, GROUP.c.name)
    found: dict[str, list[Any]] = {"district": [], "street": [], "park": [], "tag": [], "group": []}
    for kind, key, name in sorted(
        db.session.execute(sa.union_all(*texts, tags, groups)).all(), key=_by_name
    ):
        found[kind].append((key, name) if kind == "group" else (name, name))
    return found


def _by_name(row: Any) -> str:
    return str(row[2])
