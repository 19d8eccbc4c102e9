"""Which enterprises a programme is about on a day and how often each must be visited, as known at a moment.

Without a version of its rule a programme is about every enterprise in business, and asks for no number of
visits. Everything here is a condition on a row of `Enterprise`; a day may be a value or a column.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.core.db import db
from visits.core.periods import Span
from visits.core.site_days import site_day
from visits.enterprises.models import Enterprise, EnterpriseStatus, StatusChange, TagGrant, YearlyFact
from visits.enterprises.queries import is_living
from visits.programmes import rules
from visits.programmes.models import Link, Period, Programme, ScopeListing, ScopeVersion, Tier

Condition = sa.ColumnElement[bool]
Day = Any  # a date or a column of dates
ANY: Mapping[str, Any] = {}
_grant, _listing, _fact = aliased(TagGrant), aliased(ScopeListing), aliased(YearlyFact)  # dear to make


@dataclass(frozen=True)
class TierRule:
    """One tier of a version: whom it takes, and how many visits in which calendar period."""

    name: str
    tag_id: int | None
    measure: str | None
    at_least: Any
    visits: int
    period: Period


@dataclass(frozen=True)
class Version:
    """One version of a programme's rule."""

    id: int
    from_on: date
    recorded_at: datetime
    conditions: Mapping[str, Any]
    tiers: tuple[TierRule, ...]


NO_RULE = Version(0, date.min, datetime.min.replace(tzinfo=UTC), ANY, ())


@dataclass(frozen=True)
class Scope:
    """A programme with every version of its rule."""

    programme_id: int
    code: str
    name: str
    counted_modes: Sequence[str]
    starts_on: date | None
    ends_on: date | None
    versions: tuple[Version, ...]

    def known_at(self, moment: datetime) -> "Known":
        """The same with the versions recorded by a moment only."""
        return Known(self, moment, tuple(v for v in self.versions if v.recorded_at <= moment))


@dataclass(frozen=True)
class Known:
    """A programme's scope as known at a moment."""

    scope: Scope
    as_of: datetime
    versions: tuple[Version, ...]

    @property
    def programme_id(self) -> int:
        """Of which programme."""
        return self.scope.programme_id

    @property
    def has_tiers(self) -> bool:
        """Whether it asks for any number of visits."""
        return any(version.tiers for version in self.versions)

    def stretches(self, span: Span) -> list[rules.Stretch]:
        """Which version holds when in a span."""
        return rules.stretches(((v.from_on, v.id) for v in self.versions), span)

    def conditions(self, version_id: int | None) -> Mapping[str, Any]:
        """What a version narrows the register to; without a version nothing."""
        return next((v.conditions for v in self.versions if v.id == version_id), ANY)

    def tiers(self, version_id: int | None) -> tuple[TierRule, ...]:
        """The tiers of a version."""
        return next((v.tiers for v in self.versions if v.id == version_id), ())

    def takes(self, version_id: int | None, day: Day) -> Condition:
        """Enterprises a version takes on a day: named ones and those that fit, less those taken out."""
        return takes(self.programme_id, self.conditions(version_id), day, self.as_of)

    def is_of_time(self, first_on: date, last_on: date) -> bool:
        """Whether a calendar period lies whole in the time for which the programme runs."""
        starts, ends = self.scope.starts_on, self.scope.ends_on
        return (starts is None or starts <= first_on) and (ends is None or last_on <= ends)


def scopes(programme_id: int | None = None) -> list[Scope]:
    """The programmes with their rules, all or one, in one statement."""
    stmt = (
        sa.select(Programme, ScopeVersion, Tier)
        .outerjoin(ScopeVersion, ScopeVersion.programme_id == Programme.id)
        .outerjoin(Tier, Tier.version_id == ScopeVersion.id)
        .where(sa.true() if programme_id is None else Programme.id == programme_id)
        .order_by(Programme.id, ScopeVersion.from_on, ScopeVersion.id, Tier.position)
    )
    found: dict[int, tuple[Programme, dict[int, Any]]] = {}
    for programme, version, tier in db.session.execute(stmt):
        _, versions = found.setdefault(programme.id, (programme, {}))
        if version is not None:
            tiers = versions.setdefault(version.id, (version, []))[1]
            tiers += [tier] if tier is not None else []
    return [_scope(programme, versions.values()) for programme, versions in found.values()]


def _scope(programme: Programme, versions: Iterable[tuple[ScopeVersion, list[Tier]]]) -> Scope:
    return Scope(
        programme.id,
        programme.code,
        programme.name,
        programme.counted_modes,
        programme.starts_on,
        programme.ends_on,
        tuple(
            Version(v.id, v.from_on, v.recorded_at, v.conditions, tuple(_tier(t) for t in tiers))
            for v, tiers in versions
        ),
    )


def _tier(tier: Tier) -> TierRule:
    return TierRule(tier.name, tier.tag_id, tier.measure, tier.at_least, tier.visits, tier.period)


def _exists(table: Any, *where: Condition) -> Condition:
    """Whether the enterprise at hand has such a row."""
    found: Any = sa.select(sa.literal_column("1")).select_from(table)
    return found.where(table.enterprise_id == Enterprise.id, *where).correlate_except(table).exists()


def _exists_among(ever: Any, table: Any, *where: Condition) -> Condition:
    """The same; `ever` finds all that may have one, once, so that the others need not be looked into."""
    return sa.and_(Enterprise.id.in_(ever), _exists(table, *where))


def is_normal(day: Day, as_of: datetime) -> Condition:
    """Enterprises in business on a day; what is first known of a status holds since the founding."""
    change = StatusChange
    known = (
        sa.select(change.status)
        .where(change.enterprise_id == Enterprise.id, change.recorded_at <= as_of)
        .limit(1)
        .correlate_except(change)
    )
    latest = known.where(change.from_on <= day).order_by(change.from_on.desc(), change.id.desc())
    is_founded = sa.or_(Enterprise.established_on.is_(None), Enterprise.established_on <= day)
    first = known.where(is_founded).order_by(change.from_on, change.id)
    said = sa.func.coalesce(latest.scalar_subquery(), first.scalar_subquery())
    always = sa.and_(Enterprise.id.in_(_always_normal(as_of)), is_founded)
    return sa.and_(is_living(), sa.or_(always, said == EnterpriseStatus.NORMAL))


def _always_normal(as_of: datetime) -> Any:
    """Enterprises of which nothing else is known; found once, so that of most no day is looked up."""
    change = StatusChange
    is_other = sa.case((change.status != EnterpriseStatus.NORMAL, 1), else_=0)
    known = sa.select(change.enterprise_id).where(change.recorded_at <= as_of)
    return known.group_by(change.enterprise_id).having(sa.func.max(is_other) == 0)


def holds_tag(tag_ids: Sequence[int], day: Day, as_of: datetime) -> Condition:
    """Enterprises that hold one of these tags on a day: granted by then, not expired, not taken off yet."""
    wanted = list(tag_ids)
    ever = sa.select(TagGrant.enterprise_id).where(TagGrant.tag_id.in_(wanted))
    return _exists_among(ever, _grant, _grant.tag_id.in_(wanted), is_held(_grant, day, as_of))


def is_held(grant: Any, day: Day, as_of: datetime) -> Condition:
    """Grants of tags that hold on a day."""
    return sa.and_(
        grant.created_at <= as_of,
        sa.or_(grant.granted_on.is_(None), grant.granted_on <= day),
        sa.or_(grant.expires_on.is_(None), grant.expires_on >= day),
        sa.or_(grant.removed_at.is_(None), grant.removed_at > as_of, site_day(grant.removed_at) > day),
    )


def is_linked(day: Day, *where: Condition) -> Condition:
    """Enterprises for which somebody answers on a day by a link that is such."""
    return _exists(Link, Link.from_on <= day, sa.or_(Link.until_on.is_(None), Link.until_on > day), *where)


def is_listed(programme_id: int, day: Day, as_of: datetime, *, excluded: bool) -> Condition:
    """Enterprises named for a programme on a day, or taken out of it."""
    of_programme = ScopeListing.programme_id == programme_id
    return _exists_among(
        sa.select(ScopeListing.enterprise_id).where(of_programme, ScopeListing.is_excluded == excluded),
        _listing,
        _listing.programme_id == programme_id,
        _listing.is_excluded == excluded,
        _listing.from_on <= day,
        sa.or_(_listing.until_on.is_(None), _listing.until_on > day),
        _listing.recorded_at <= as_of,
        sa.or_(_listing.superseded_at.is_(None), _listing.superseded_at > as_of),
    )


def takes(programme_id: int, conditions: Mapping[str, Any], day: Day, as_of: datetime) -> Condition:
    """Enterprises a rule takes on a day, whatever their status."""
    named = is_listed(programme_id, day, as_of, excluded=False)
    left_out = is_listed(programme_id, day, as_of, excluded=True)
    fitting = _fits(programme_id, conditions, day, as_of)
    return sa.and_(sa.not_(left_out), sa.or_(named, fitting) if fitting is not None else sa.true())


def _fits(programme_id: int, conditions: Mapping[str, Any], day: Day, as_of: datetime) -> Condition | None:
    """Enterprises the conditions of a rule fit; None where they fit all."""
    if conditions.get("listed_only"):
        return sa.false()
    parts: list[Condition] = []
    if tags := conditions.get("tags"):
        parts.append(holds_tag(tags, day, as_of))
    if groups := conditions.get("groups"):
        parts.append(is_linked(day, Link.group_id.in_(list(groups))))
    if parks := conditions.get("parks"):
        parts.append(Enterprise.park.in_(list(parks)))
    if districts := conditions.get("districts"):
        parts.append(Enterprise.district.in_(list(districts)))
    if conditions.get("linked"):
        parts.append(is_linked(day, Link.programme_id == programme_id))
    return sa.and_(*parts) if parts else None


def is_in_tier(tiers: Sequence[TierRule], number: int, day: Day, as_of: datetime) -> Condition:
    """Enterprises that fit one tier on a day and none before it."""
    earlier = (sa.not_(_fits_tier(tier, day, as_of)) for tier in tiers[:number])
    return sa.and_(_fits_tier(tiers[number], day, as_of), *earlier)


def _fits_tier(tier: TierRule, day: Day, as_of: datetime) -> Condition:
    if tier.tag_id is None and tier.measure is None:
        return sa.true()
    ways = []
    if tier.tag_id is not None:
        ways.append(holds_tag([tier.tag_id], day, as_of))
    if tier.measure is not None:
        ever = sa.select(YearlyFact.enterprise_id).where(
            YearlyFact.measure == tier.measure, YearlyFact.value >= tier.at_least
        )
        value = _latest_value(tier.measure, day, as_of)
        reached = sa.func.coalesce(value >= tier.at_least, sa.false())  # what was known may hold no more
        ways.append(sa.and_(Enterprise.id.in_(ever), reached))
    return sa.or_(*ways)


def _latest_value(measure: str, day: Day, as_of: datetime) -> Any:
    """A measure of the enterprise at hand in the latest year known, no later than that of the day."""
    year = day.year if isinstance(day, date) else sa.cast(sa.extract("year", day), sa.Integer)
    return (
        sa.select(_fact.value)
        .where(
            _fact.enterprise_id == Enterprise.id,
            _fact.measure == measure,
            _fact.year <= year,
            _fact.recorded_at <= as_of,
            sa.or_(_fact.superseded_at.is_(None), _fact.superseded_at > as_of),
        )
        .order_by(_fact.year.desc(), _fact.id.desc())
        .limit(1)
        .correlate_except(_fact)
        .scalar_subquery()
    )


def enrolled(known: Known, span: Span) -> list[Any]:
    """Selects of (programme_id, enterprise_id): in scope and in business on the same day of a span."""
    found: list[Any] = []
    for stretch in known.stretches(span):
        days = _days_to_look_at(known, stretch)
        found.append(
            sa.select(sa.literal(known.programme_id).label("programme_id"), days.c.enterprise_id)
            .join(Enterprise, Enterprise.id == days.c.enterprise_id)
            .where(is_normal(days.c.day, known.as_of), known.takes(stretch.version, days.c.day))
            .distinct()
        )
    return found


def _days_to_look_at(known: Known, stretch: rules.Stretch) -> Any:
    """(enterprise_id, day): the first day of a stretch, and those on which something about one begins.

    An enterprise comes into a scope on such a day or not at all.
    """
    conditions = known.conditions(stretch.version)
    of_programme = ScopeListing.programme_id == known.programme_id
    sources: list[tuple[Any, Any, Condition]] = [
        (StatusChange.enterprise_id, StatusChange.from_on, sa.true()),
        (Enterprise.id, Enterprise.established_on, sa.true()),
        (ScopeListing.enterprise_id, ScopeListing.from_on, of_programme),
        (ScopeListing.enterprise_id, ScopeListing.until_on, of_programme),
    ]
    if tags := conditions.get("tags"):
        sources.append((TagGrant.enterprise_id, TagGrant.granted_on, TagGrant.tag_id.in_(list(tags))))
    if conditions.get("groups") or conditions.get("linked"):
        sources.append((Link.enterprise_id, Link.from_on, sa.true()))
    first = sa.literal(stretch.first_on, sa.Date)
    parts = [sa.select(Enterprise.id.label("enterprise_id"), first.label("day")).where(is_living())]
    parts += [
        sa.select(firm, day).where(where, day > stretch.first_on, day <= stretch.last_on)
        for firm, day, where in sources
    ]
    return sa.union(*parts).cte()


def tried(
    known: Known, conditions: Mapping[str, Any], tiers: Sequence[TierRule], day: date
) -> dict[int, int]:
    """How many enterprises a rule would take on a day, by the position of their tier; -1 is none."""
    fits = [(_fits_tier(tier, day, known.as_of), position) for position, tier in enumerate(tiers)]
    tier = sa.case(*fits, else_=-1) if fits else sa.literal(-1)
    taken = (
        sa.select(tier.label("tier"))
        .select_from(Enterprise)
        .where(is_normal(day, known.as_of), takes(known.programme_id, conditions, day, known.as_of))
        .subquery()
    )
    stmt = sa.select(taken.c.tier, sa.func.count()).group_by(taken.c.tier)
    return {row[0]: row[1] for row in db.session.execute(stmt)}
