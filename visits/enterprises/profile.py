"""Readings of what hangs on one record: tags, figures by year, sites, contacts, merges."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Person
from visits.core.clock import today
from visits.core.db import db
from visits.core.site_days import site_day
from visits.enterprises import rules
from visits.enterprises.models import (
    Contact,
    ContactRole,
    Enterprise,
    FormerName,
    Measure,
    Merge,
    Site,
    Tag,
    TagGrant,
    TagLevel,
    YearlyFact,
)
from visits.enterprises.queries import is_granted, is_living


@dataclass(frozen=True)
class Held:
    """A tag as its holder has it; `holds` says whether it does so today."""

    id: int
    name: str
    level: TagLevel | None
    document_no: str
    granted_on: date | None
    expires_on: date | None
    holds: bool


@dataclass(frozen=True)
class Known:
    """A contact with the phone masked; `is_fresh` says whether it was verified lately."""

    id: int
    name: str
    post: str
    phone: str
    role: ContactRole
    last_verified_on: date | None
    is_fresh: bool


@dataclass(frozen=True)
class Place:
    """A place of business besides the registered address."""

    id: int
    name: str
    street: str
    address: str


@dataclass(frozen=True)
class Figure:
    """What is known of one measure in one year."""

    year: int
    measure: Measure
    value: Decimal
    unit: str
    source: str


@dataclass(frozen=True)
class Taken:
    """A record merged into this one; `id` is the merge's."""

    id: int
    name: str
    code: str
    reason: str
    merged_on: date


@dataclass
class Profile:
    """What hangs on a record, read in one statement."""

    former_names: list[str] = field(default_factory=list)
    tags: list[Held] = field(default_factory=list)
    contacts: list[Known] = field(default_factory=list)
    sites: list[Place] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)

    @property
    def years(self) -> list[int]:
        """The years of which something is known, the latest first."""
        return sorted({figure.year for figure in self.figures}, reverse=True)

    @property
    def by_year(self) -> dict[tuple[int, Measure], Figure]:
        """The figures by year and measure."""
        return {(figure.year, figure.measure): figure for figure in self.figures}

    @property
    def hundred_millions(self) -> list[Figure]:
        """The figures of 亿元 and more in the latest year of their measure."""
        latest = {figure.measure: figure for figure in sorted(self.figures, key=lambda f: f.year)}
        return [f for f in latest.values() if f.unit != "人" and f.value >= rules.HUNDRED_MILLION]


def _row(kind: str, key: Any, *texts: Any, number: Any = None, days: Sequence[Any] = ()) -> sa.Select[Any]:
    """One branch of the profile: kind, id, four texts, a number and two days, of the same types in each."""
    blank, no_day = sa.literal("", sa.String), sa.cast(sa.null(), sa.Date)
    four = [sa.cast(text, sa.String) for text in texts] + [blank] * (4 - len(texts))
    value = sa.cast(sa.null() if number is None else number, sa.Numeric(16, 4))
    two = [*days, no_day, no_day][:2]
    return sa.select(sa.literal(kind), key, *four, value, *two)


def _branches(enterprise_id: int) -> list[sa.Select[Any]]:
    level = sa.func.coalesce(TagGrant.level, "")
    days = [TagGrant.granted_on, TagGrant.expires_on]
    tags = _row("tag", TagGrant.id, Tag.name, level, TagGrant.document_no, days=days)
    person = (Contact.name, Contact.post, Contact.phone, Contact.role)
    fact = (YearlyFact.measure, YearlyFact.unit, YearlyFact.source, YearlyFact.year)
    return [
        tags.join_from(TagGrant, Tag, Tag.id == TagGrant.tag_id).where(
            TagGrant.enterprise_id == enterprise_id, TagGrant.removed_at.is_(None)
        ),
        _row("contact", Contact.id, *person, days=[Contact.last_verified_on]).where(
            Contact.enterprise_id == enterprise_id, Contact.removed_at.is_(None)
        ),
        _row("site", Site.id, Site.name, Site.street, Site.address).where(
            Site.enterprise_id == enterprise_id, Site.ended_on.is_(None)
        ),
        _row("fact", YearlyFact.id, *fact, number=YearlyFact.value).where(
            YearlyFact.enterprise_id == enterprise_id, YearlyFact.superseded_at.is_(None)
        ),
        _row("former", FormerName.id, FormerName.name).where(FormerName.enterprise_id == enterprise_id),
        _row(
            "taken",
            Merge.id,
            Enterprise.name,
            sa.func.coalesce(Enterprise.code, ""),
            Merge.reason,
            days=(site_day(Merge.merged_at),),
        )
        .join_from(Merge, Enterprise, Enterprise.id == Merge.loser_id)
        .where(Merge.winner_id == enterprise_id, Merge.undone_at.is_(None)),
    ]


def profile_of(enterprise_id: int) -> Profile:
    """What hangs on a record: names, tags, contacts, sites, figures, merges, in one statement."""
    rows = db.session.execute(sa.union_all(*_branches(enterprise_id)))
    found = Profile()
    for kind, *values in sorted(rows, key=lambda row: (row[0], row[1])):
        _READERS[kind](found, *values)
    found.former_names.reverse()
    return found


def contacts_of(enterprise_id: int) -> list[Known]:
    """Whom one rings at an enterprise."""
    found = Profile()
    is_there = (Contact.enterprise_id == enterprise_id, Contact.removed_at.is_(None))
    for one in db.session.scalars(sa.select(Contact).where(*is_there).order_by(Contact.id)):
        _read_contact(
            found, one.id, one.name, one.post, one.phone, one.role, "", one.last_verified_on, None
        )
    return found.contacts


def _read_tag(found: Profile, key: int, *rest: Any) -> None:
    name, level, document_no, _, _, granted_on, expires_on = rest
    day = today()
    holds = (granted_on is None or granted_on <= day) and (expires_on is None or expires_on >= day)
    level = TagLevel(level) if level else None
    found.tags.append(Held(key, name, level, document_no, granted_on, expires_on, holds))


def _read_contact(found: Profile, key: int, *rest: Any) -> None:
    name, post, phone, role, _, verified_on, _ = rest
    fresh = rules.is_fresh(verified_on, today())
    masked = rules.mask_phone(phone)
    found.contacts.append(Known(key, name, post, masked, ContactRole(role), verified_on, fresh))


def _read_site(found: Profile, key: int, *rest: Any) -> None:
    name, street, address, *_ = rest
    found.sites.append(Place(key, name, street, address))


def _read_fact(found: Profile, key: int, *rest: Any) -> None:
    measure, unit, source, year, value, *_ = rest
    found.figures.append(Figure(int(year), Measure(measure), value, unit, source))


def _read_former(found: Profile, key: int, *rest: Any) -> None:
    found.former_names.append(rest[0])


def _read_taken(found: Profile, key: int, *rest: Any) -> None:
    name, code, reason, _, _, merged_on, _ = rest
    found.taken.append(Taken(key, name, code, reason, merged_on))


_READERS = {
    "tag": _read_tag,
    "contact": _read_contact,
    "site": _read_site,
    "fact": _read_fact,
    "former": _read_former,
    "taken": _read_taken,
}


def get_tag(tag_id: int) -> Tag | None:
    """One kind of tag."""
    return db.session.get(Tag, tag_id)


def open_tags() -> list[tuple[int, str]]:
    """The kinds of tags that are granted, as (id, name)."""
    stmt = sa.select(Tag.id, Tag.name).where(Tag.closed_on.is_(None)).order_by(Tag.position, Tag.id)
    return [(row.id, row.name) for row in db.session.execute(stmt)]


def tag_ids_by_code() -> dict[str, int]:
    """The ids of the kinds of tags an office begins with, by their stable codes."""
    stmt = sa.select(Tag.code, Tag.id).where(Tag.code.is_not(None), Tag.closed_on.is_(None))
    return {code: tag_id for code, tag_id in db.session.execute(stmt) if code}


def list_tags() -> Sequence[Any]:
    """Every kind of tag, with how many enterprises have it today."""
    held = sa.func.count(sa.distinct(TagGrant.enterprise_id)).label("held")
    counted = (
        sa.select(TagGrant.tag_id, held)
        .join(Enterprise, Enterprise.id == TagGrant.enterprise_id)
        .where(is_granted(today()), is_living())
        .group_by(TagGrant.tag_id)
        .subquery()
    )
    return db.session.execute(
        sa.select(Tag.id, Tag.name, Tag.closed_on, sa.func.coalesce(counted.c.held, 0).label("held"))
        .outerjoin(counted, counted.c.tag_id == Tag.id)
        .order_by(Tag.closed_on.is_not(None), Tag.position, Tag.id)
    ).all()


def get_grant(enterprise_id: int, grant_id: int) -> TagGrant | None:
    """One tag of one enterprise."""
    return db.session.scalar(
        sa.select(TagGrant).where(TagGrant.id == grant_id, TagGrant.enterprise_id == enterprise_id)
    )


def grants_ever(enterprise_id: int, tag_id: int) -> Sequence[TagGrant]:
    """Every time an enterprise had a tag of one kind."""
    return db.session.scalars(
        sa.select(TagGrant).where(TagGrant.enterprise_id == enterprise_id, TagGrant.tag_id == tag_id)
    ).all()


def present_fact(enterprise_id: int, year: int, measure: Measure) -> YearlyFact | None:
    """What is held true of a measure in a year."""
    return db.session.scalar(
        sa.select(YearlyFact).where(
            YearlyFact.enterprise_id == enterprise_id,
            YearlyFact.year == year,
            YearlyFact.measure == measure,
            YearlyFact.superseded_at.is_(None),
        )
    )


def facts_ever(enterprise_id: int) -> Sequence[Any]:
    """Every figure of an enterprise, superseded ones too, with who recorded it."""
    columns = (YearlyFact.year, YearlyFact.measure, YearlyFact.value, YearlyFact.unit, YearlyFact.source)
    return db.session.execute(
        sa.select(*columns, YearlyFact.recorded_at, YearlyFact.superseded_at, Person.name.label("person"))
        .outerjoin(Person, Person.id == YearlyFact.recorded_by_id)
        .where(YearlyFact.enterprise_id == enterprise_id)
        .order_by(YearlyFact.year.desc(), YearlyFact.measure, YearlyFact.id.desc())
    ).all()


def measured_years() -> list[tuple[Measure, int]]:
    """The measures in money and years of which something is known, the latest year first."""
    stmt = sa.select(YearlyFact.measure, YearlyFact.year).where(
        YearlyFact.superseded_at.is_(None), YearlyFact.measure != Measure.STAFF
    )
    order = (YearlyFact.year.desc(), YearlyFact.measure)
    return [(row.measure, row.year) for row in db.session.execute(stmt.distinct().order_by(*order))]


def get_site(enterprise_id: int, site_id: int) -> Site | None:
    """One place of business of one enterprise."""
    return db.session.scalar(sa.select(Site).where(Site.id == site_id, Site.enterprise_id == enterprise_id))


def get_merge(merge_id: int) -> Merge | None:
    """One merge."""
    return db.session.get(Merge, merge_id)
