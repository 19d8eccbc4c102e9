"""The board of tiers (企业分层): how many enterprises of which class there are on a day, and where.

Its numbers are counted by the conditions of `standing`, as the lists they open are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from visits.core.db import db
from visits.core.filters import Picked
from visits.core.i18n import N_
from visits.enterprises.models import (
    OWNERSHIP_LABELS,
    Enterprise,
    EnterpriseStatus,
    Measure,
    Tag,
    TagGrant,
    TagLevel,
    YearlyFact,
)
from visits.enterprises.queries import is_granted, is_living
from visits.enterprises.standing import (
    FLOORS,
    REGISTERED,
    Amount,
    Class,
    Standing,
    in_class,
    is_founded,
    is_registered,
    status_on,
    year_before,
)

MEASURES = (Measure.OUTPUT, Measure.REVENUE, Measure.TAX)
SOPHISTICATED, LITTLE_GIANT = "srdi", "little_giant"
NATIONAL = Picked((TagLevel.NATIONAL,), nothing=True)
MOST_TAGS = 12  # columns of the table by parts


class Part(StrEnum):
    """What divides the zone: a column of the register."""

    PARK = "park"
    STREET = "street"
    DISTRICT = "district"
    OWNERSHIP = "ownership"


PART_LABELS = {
    Part.PARK: N_("Park"),
    Part.STREET: N_("Street"),
    Part.DISTRICT: N_("District"),
    Part.OWNERSHIP: N_("Ownership"),
}


@dataclass(frozen=True)
class Wanted:
    """What the board is asked: a day, a year of figures, a measure of them, a division."""

    on: date
    year: int
    measure: Measure = Measure.OUTPUT
    by: Part = Part.STREET


@dataclass
class TagRow:
    """How many hold a tag; of each level; how many more and fewer than a year before."""

    id: int
    code: str | None
    name: str
    held: int = 0
    entered: int = 0
    left: int = 0
    levels: dict[TagLevel | None, int] = field(default_factory=dict)


@dataclass
class MeasureRow:
    """How many have a figure of a measure, and how many reach which amount."""

    measure: Measure
    filed: int = 0
    filed_before: int = 0
    entered: int = 0
    left: int = 0
    reached: dict[Amount, int] = field(default_factory=lambda: dict.fromkeys(FLOORS, 0))


@dataclass
class PartRow:
    """What a part of the zone has: enterprises, of each tag, of 亿元 and more; `value` is the column's."""

    value: str
    registered: int = 0
    tags: dict[int, int] = field(default_factory=dict)
    filed: int = 0
    reached: int = 0


@dataclass(frozen=True)
class Headcount:
    """How many are in a class."""

    of: Class
    count: int


@dataclass
class Board:
    """The counts of a day."""

    wanted: Wanted
    statuses: dict[EnterpriseStatus, int]
    tags: list[TagRow]
    measures: dict[Measure, MeasureRow]
    parts: list[PartRow]
    sophisticated: Headcount
    little_giants: Headcount

    @property
    def registered(self) -> int:
        """Enterprises on the register."""
        return sum(self.statuses[status] for status in REGISTERED)

    @property
    def chosen(self) -> MeasureRow:
        """The counts of the measure that is asked for."""
        return self.measures[self.wanted.measure]

    @property
    def tags_in_use(self) -> Sequence[TagRow]:
        """The tags that somebody holds, or held a year before."""
        return [tag for tag in self.tags if tag.held or tag.left]

    @property
    def has_figures(self) -> bool:
        """Whether any figure of the year or the one before is known."""
        return any(row.filed or row.filed_before for row in self.measures.values())

    @property
    def tags_of_parts(self) -> Sequence[TagRow]:
        """The tags that the table by parts counts."""
        return [tag for tag in self.tags if tag.held][:MOST_TAGS]


def get_board(wanted: Wanted) -> Board:
    """Count everything the board shows, in six statements."""
    tags = _tags(wanted)
    return Board(
        wanted, _statuses(wanted.on), tags, _measures(wanted), _parts(wanted), *_sophisticated(wanted, tags)
    )


def _statuses(day: date) -> dict[EnterpriseStatus, int]:
    each = sa.select(status_on(day).label("status")).where(is_living(), is_founded(day)).subquery()
    rows = db.session.execute(sa.select(each.c.status, sa.func.count()).group_by(each.c.status))
    found = {EnterpriseStatus(status): many for status, many in rows}
    return {status: found.get(status, 0) for status in EnterpriseStatus}


def _flag(condition: sa.ColumnElement[bool]) -> Any:
    return sa.case((condition, 1), else_=0)


def _all(*flags: Any) -> Any:
    """How many rows have all of these flags."""
    return sa.func.coalesce(sa.func.sum(sa.case((sa.and_(*(flag == 1 for flag in flags)), 1), else_=0)), 0)


def _standing(wanted: Wanted) -> Any:
    """Living records with flags for being on the register on the day and a year before; found once."""
    return (
        sa.select(
            Enterprise.id,
            _flag(is_registered(wanted.on)).label("now"),
            _flag(is_registered(year_before(wanted.on))).label("then"),
        )
        .where(is_living())
        .cte("standing")
        .prefix_with("MATERIALIZED")
    )


def _tags(wanted: Wanted) -> list[TagRow]:
    rows = {tag.id: TagRow(tag.id, tag.code, tag.name) for tag in _kinds()}
    for tag_id, level, is_whole, held, entered, left in db.session.execute(_tag_counts(wanted)):
        row = rows[tag_id]
        if is_whole:
            row.held, row.entered, row.left = held, entered, left
        elif held:
            row.levels[TagLevel(level) if level else None] = held
    return [row for row in rows.values() if row.code or row.held or row.left]


def _kinds() -> Sequence[Tag]:
    return db.session.scalars(sa.select(Tag).order_by(Tag.position, Tag.id)).all()


def _tag_counts(wanted: Wanted) -> Any:
    """By tag (`is_whole`), and by tag and level: who holds it, who newly, who no more."""
    standing = _standing(wanted)
    grant = TagGrant
    now = sa.func.max(_flag(sa.and_(is_granted(wanted.on), standing.c.now == 1)))
    then = sa.func.max(_flag(sa.and_(is_granted(year_before(wanted.on)), standing.c.then == 1)))
    held = (
        sa.select(grant.tag_id, grant.enterprise_id, now.label("now"), then.label("then"))
        .join(standing, standing.c.id == grant.enterprise_id)
        .where(grant.removed_at.is_(None))
    )
    whole = held.group_by(grant.tag_id, grant.enterprise_id).subquery()
    level = sa.func.coalesce(sa.cast(grant.level, sa.String), "").label("level")
    leveled = held.add_columns(level).group_by(grant.tag_id, grant.enterprise_id, level).subquery()
    counts = [
        sa.select(
            of.c.tag_id,
            of.c.level if of is leveled else sa.literal(""),
            sa.literal(of is whole),
            _all(of.c.now),
            _all(of.c.now, 1 - of.c.then),
            _all(of.c.then, 1 - of.c.now),
        ).group_by(of.c.tag_id, *([of.c.level] if of is leveled else []))
        for of in (whole, leveled)
    ]
    return sa.union_all(*counts)


def _sophisticated(wanted: Wanted, tags: Sequence[TagRow]) -> list[Headcount]:
    """Who is 专精特新, of whom many are “little giants” as well and count once; who is one nationally.

    That title is the ministry's: a grant that says no level is one, one of a province's own is not.
    """
    names = {tag.code: tag.name for tag in tags if tag.code in (SOPHISTICATED, LITTLE_GIANT)}
    giants = tuple(name for code, name in names.items() if code == LITTLE_GIANT)
    classes = [Class(Picked(tuple(names.values()))), Class(Picked(giants), NATIONAL)]
    counts = [
        sa.select(sa.func.count(Enterprise.id))
        .where(is_living(), in_class(of, Standing.ON, wanted.on))
        .scalar_subquery()
        for of in classes
    ]
    found = db.session.execute(sa.select(*counts)).one() if names else (0, 0)
    return [Headcount(of, count if of.tag else 0) for of, count in zip(classes, found, strict=True)]


def _measures(wanted: Wanted) -> dict[Measure, MeasureRow]:
    found = {measure: MeasureRow(measure) for measure in MEASURES}
    for measure, filed, filed_before, entered, left, *reached in db.session.execute(
        _measure_counts(wanted)
    ):
        counted = dict(zip(FLOORS, reached, strict=True))
        found[Measure(measure)] = MeasureRow(measure, filed, filed_before, entered, left, counted)
    return found


def _measure_counts(wanted: Wanted) -> Any:
    """By measure: who has a figure of the year and of the year before, and what it comes to."""
    standing, fact = _standing(wanted), YearlyFact
    of_year, of_former = (
        sa.case((fact.year == year, fact.value)) for year in (wanted.year, wanted.year - 1)
    )
    values = (
        sa.select(
            fact.measure,
            fact.enterprise_id,
            standing.c.now,
            standing.c.then,
            sa.func.max(of_year).label("value"),
            sa.func.max(of_former).label("former"),
        )
        .join(standing, standing.c.id == fact.enterprise_id)
        .where(
            fact.measure.in_(MEASURES),
            fact.year.in_([wanted.year, wanted.year - 1]),
            fact.superseded_at.is_(None),
        )
        .group_by(fact.measure, fact.enterprise_id, standing.c.now, standing.c.then)
        .subquery()
    )
    least = Amount.ONE.least or Decimal(0)
    now = _flag(sa.and_(values.c.now == 1, sa.func.coalesce(values.c.value, -1) >= least))
    then = _flag(sa.and_(values.c.then == 1, sa.func.coalesce(values.c.former, -1) >= least))
    return sa.select(
        values.c.measure,
        _all(values.c.now, _flag(values.c.value.is_not(None))),
        _all(values.c.then, _flag(values.c.former.is_not(None))),
        _all(now, 1 - then),
        _all(then, 1 - now),
        *(_all(values.c.now, _flag(values.c.value >= amount.least)) for amount in FLOORS),
    ).group_by(values.c.measure)


def _parts(wanted: Wanted) -> list[PartRow]:
    found: dict[str, PartRow] = {}
    for value, kind, key, many in db.session.execute(_part_counts(wanted)):
        row = found.setdefault(value, PartRow(value))
        if kind == "tag":
            row.tags[key] = many
        elif many:
            setattr(row, kind, many)
    return sorted((row for row in found.values() if row.registered), key=_in_order)


def _in_order(row: PartRow) -> tuple[bool, int, str]:
    """Parts as the register lists them; what is not filled in stands last."""
    order = [ownership.value for ownership in OWNERSHIP_LABELS]
    return row.value == "", order.index(row.value) if row.value in order else 0, row.value


def _part_counts(wanted: Wanted) -> Any:
    """By part: who is on the register, who holds which tag, who has a figure, who reaches 亿元."""
    column = sa.func.coalesce(sa.cast(getattr(Enterprise, wanted.by), sa.String), "").label("part")
    here = sa.select(Enterprise.id, column).where(is_living(), is_registered(wanted.on)).cte("here")
    fact = YearlyFact
    known = (
        sa.select(here.c.part, fact.value)
        .join(fact, fact.enterprise_id == here.c.id)
        .where(fact.measure == wanted.measure, fact.year == wanted.year, fact.superseded_at.is_(None))
        .subquery()
    )
    held = sa.func.count(sa.distinct(TagGrant.enterprise_id))
    return sa.union_all(
        sa.select(here.c.part, sa.literal("registered"), sa.literal(0), sa.func.count()).group_by(
            here.c.part
        ),
        sa.select(here.c.part, sa.literal("tag"), TagGrant.tag_id, held)
        .join(TagGrant, TagGrant.enterprise_id == here.c.id)
        .where(is_granted(wanted.on))
        .group_by(here.c.part, TagGrant.tag_id),
        sa.select(known.c.part, sa.literal("filed"), sa.literal(0), sa.func.count()).group_by(known.c.part),
        sa.select(known.c.part, sa.literal("reached"), sa.literal(0), sa.func.count())
        .where(known.c.value >= Amount.ONE.least)
        .group_by(known.c.part),
    )
