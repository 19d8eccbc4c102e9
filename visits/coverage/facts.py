"""What is asked for each enterprise and what it was given, per calendar period, as SQL."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from visits.core.periods import Span
from visits.enterprises.models import Enterprise
from visits.enterprises.queries import is_living
from visits.outreach.models import PairProgramme, Visit, VisitPair
from visits.programmes import rules, scope
from visits.programmes.models import Period
from visits.programmes.scope import Known, TierRule

Condition = sa.ColumnElement[bool]
Periods = Callable[[Period, date, date], Sequence[Span]]
ENDS, FIRMS = 10**5, 10**8  # more months, and enterprises, than are: what is owed has an id made of them


def once(rows: Any, name: str) -> sa.CTE:
    """Rows that are worked out once, however often the statement names them."""
    found: sa.CTE = rows.cte(name).prefix_with("MATERIALIZED")
    return found


def ending_in(span: Span, day: date) -> Periods:
    """The calendar periods whose last day lies in a span; of those that have not begun by a day none."""

    def periods(kind: Period, first_on: date, last_on: date) -> list[Span]:
        begun = rules.period_with(kind, day)
        first = max(first_on, span.from_on) if span.from_on else first_on
        return rules.periods_ending_in(kind, first, min(last_on, span.to_on, begun.to_on))

    return periods


def running_on(day: date) -> Periods:
    """The calendar period of each kind that holds a day."""

    def periods(kind: Period, first_on: date, last_on: date) -> list[Span]:
        span = rules.period_with(kind, day)
        return [span] if first_on <= span.to_on <= last_on else []

    return periods


def are_counted(programmes: Sequence[Known]) -> Condition:
    """Rows of pairs, under one of their programmes, that this programme counts, as known at its moment."""
    ways = [
        sa.and_(
            PairProgramme.programme_id == known.programme_id,
            VisitPair.mode.in_(list(known.scope.counted_modes)),
        )
        for known in programmes
    ]
    if not programmes:
        return sa.false()
    as_of = programmes[0].as_of
    is_valid = sa.or_(Visit.voided_at.is_(None), Visit.voided_at > as_of)
    return sa.and_(sa.or_(*ways), VisitPair.known_at(as_of), is_valid)


def from_pairs(*columns: Any) -> sa.Select[Any]:
    """A select from pairs, their programmes and visits."""
    return (
        sa.select(*columns)
        .select_from(VisitPair)
        .join(PairProgramme, PairProgramme.pair_id == VisitPair.id)
        .join(Visit, Visit.id == VisitPair.visit_id)
    )


def scoped(programmes: Iterable[Known], span: Span) -> Any:
    """One row per programme and enterprise in its scope on at least one day of a span."""
    parts = [part for known in programmes for part in scope.enrolled(known, span)]
    return sa.union(*(parts or [_nothing("programme_id", "enterprise_id")]))


def _nothing(*names: str) -> Any:
    return sa.select(*(sa.cast(sa.null(), sa.Integer).label(name) for name in names)).where(sa.false())


def required(programmes: Iterable[Known], periods: Periods) -> Any:
    """One row per programme, enterprise and calendar period in which it is to be visited.

    Its tier is that of the period's last day; it must be in scope and in business on the first day and on
    the last.
    """
    parts = [part for known in programmes for part in _required(known, periods)]
    if parts:
        return sa.union_all(*parts)
    days = [sa.cast(sa.null(), sa.Date).label(name) for name in ("first_on", "last_on")]
    words = [sa.cast(sa.null(), sa.String).label(name) for name in ("tier", "kind")]
    numbers = _nothing("id", "programme_id", "enterprise_id", "visits", "bucket")
    return numbers.add_columns(*words, *days)


def _required(known: Known, periods: Periods) -> list[Any]:
    """A select for every three rules that go together: of whom at either end of a period, and of tiers.

    There are few: what is looked up once is shared by all periods, and statements stay short.
    """
    found: dict[Any, tuple[tuple[int | None, int | None], list[tuple[int, Span]]]] = {}
    for stretch in known.stretches(Span(None, date(9998, 12, 31))):
        tiers = known.tiers(stretch.version)
        for number, tier in enumerate(tiers):
            for span in periods(tier.period, stretch.first_on, stretch.last_on):
                if span.from_on and known.is_of_time(span.from_on, span.to_on):
                    first = known.stretches(Span(span.from_on, span.from_on))[0]
                    versions = (first.version, stretch.version)
                    rule = (*(repr(known.conditions(version)) for version in versions), tiers)
                    found.setdefault(rule, (versions, []))[1].append((number, span))
    return [_of_rules(known, versions, times) for versions, times in found.values()]


def _times(tiers: Sequence[TierRule], times: Iterable[tuple[int, Span]]) -> Any:
    """The calendar periods of tiers as rows, with what is asked for in each."""
    names: dict[str, Any] = {
        "number": sa.Integer,
        "first_on": sa.Date,
        "last_on": sa.Date,
        "month": sa.Integer,
    }
    names |= {"bucket": sa.Integer, "visits": sa.Integer, "tier": sa.String, "kind": sa.String}
    rows = []
    for number, span in times:
        tier, month = tiers[number], rules.month_number(span.to_on)
        bucket = month // rules.MONTHS[tier.period]
        day = (span.from_on, span.to_on, month)
        rows.append((number, *day, bucket, tier.visits, tier.name, tier.period.value))
    return sa.values(*(sa.column(name, kind) for name, kind in names.items())).data(rows).cte()


def _of_rules(
    known: Known, versions: tuple[int | None, int | None], spans: Sequence[tuple[int, Span]]
) -> sa.Select[Any]:
    at_first, at_last = versions
    tiers = known.tiers(at_last)
    times = _times(tiers, spans)
    first, last, as_of = times.c.first_on, times.c.last_on, known.as_of
    fits = {number: scope.is_in_tier(tiers, number, last, as_of) for number in {n for n, _ in spans}}
    of_firm = sa.cast(Enterprise.id, sa.BigInteger) * ENDS + times.c.month
    return (
        sa.select(
            (sa.literal(known.programme_id * ENDS * FIRMS, sa.BigInteger) + of_firm).label("id"),
            sa.literal(known.programme_id, sa.Integer).label("programme_id"),
            Enterprise.id.label("enterprise_id"),
            *(times.c[name] for name in ("visits", "bucket", "tier", "kind", "first_on", "last_on")),
        )
        .select_from(sa.join(Enterprise, times, sa.true()))
        .where(
            is_living(),
            sa.case(fits, value=times.c.number),
            known.takes(at_last, last),
            known.takes(at_first, first),
            scope.is_normal(last, as_of),
            scope.is_normal(first, as_of),
        )
    )


def _met(programmes: Sequence[Known], owed: Any, name: str) -> Any:
    """How many counted visits each enterprise was given in each calendar period that is asked for."""
    kinds = {t.period for known in programmes for v in known.versions for t in v.tiers}
    monthly = once(_met_monthly(programmes, owed), f"{name}_monthly")
    parts = []
    for kind in sorted(kinds):
        columns = (monthly.c.programme_id, monthly.c.enterprise_id)
        bucket = (monthly.c.month // rules.MONTHS[kind]).label("bucket")
        word = sa.literal(kind.value, sa.String).label("kind")
        given = sa.cast(sa.func.sum(monthly.c.given), sa.Integer).label("given")
        parts.append(sa.select(*columns, word, bucket, given).group_by(*columns, bucket))
    if parts:
        return sa.union_all(*parts)
    none = _nothing("programme_id", "enterprise_id", "bucket", "given")
    return none.add_columns(sa.cast(sa.null(), sa.String).label("kind"))


def _met_monthly(programmes: Sequence[Known], owed: Any) -> Any:
    """The same per month, of the months of all periods that are asked for."""
    part = {name: sa.extract(name, VisitPair.visited_on) for name in ("year", "month")}
    month = sa.cast(part["year"], sa.Integer) * 12 + sa.cast(part["month"], sa.Integer) - 1
    ends = (sa.func.min(owed.c.first_on), sa.func.max(owed.c.last_on))
    first, last = (sa.select(end).scalar_subquery() for end in ends)
    columns = (PairProgramme.programme_id, VisitPair.enterprise_id)
    stmt = from_pairs(*columns, month.label("month"), sa.func.count().label("given"))
    days = (VisitPair.visited_on >= first, VisitPair.visited_on <= last)
    return stmt.where(are_counted(programmes), *days).group_by(*columns, month)


def duties(programmes: Sequence[Known], periods: Periods, name: str = "duties") -> sa.Select[Any]:
    """What is required with what was given: never more of it counts than was required (`credited`)."""
    owed = once(required(programmes, periods), f"{name}_owed")
    met = once(_met(programmes, owed, name), f"{name}_met")
    given = sa.func.coalesce(met.c.given, 0)
    credited = sa.case((given < owed.c.visits, given), else_=owed.c.visits)
    same = ("programme_id", "enterprise_id", "kind", "bucket")
    return sa.select(
        *(owed.c[name] for name in ("id", "programme_id", "enterprise_id", "tier", "first_on", "last_on")),
        owed.c.visits.label("required"),
        given.label("given"),
        credited.label("credited"),
    ).select_from(owed.outerjoin(met, sa.and_(*(owed.c[name] == met.c[name] for name in same))))


def last_met(programmes: Sequence[Known], span: Span) -> Any:
    """Per programme and enterprise: how many counted visits in a span, and the last one up to its end."""
    in_span = sa.true() if span.from_on is None else VisitPair.visited_on >= span.from_on
    return (
        from_pairs(
            PairProgramme.programme_id,
            VisitPair.enterprise_id,
            sa.func.sum(sa.case((in_span, 1), else_=0)).label("visits"),
            sa.func.max(VisitPair.visited_on).label("last_on"),
        )
        .where(are_counted(programmes), VisitPair.visited_on <= span.to_on)
        .group_by(PairProgramme.programme_id, VisitPair.enterprise_id)
    )


def owed(programmes: Sequence[Known], periods: Periods) -> Any:
    """Per programme and enterprise what is required and was given in all calendar periods together."""
    one = once(duties(programmes, periods, "one"), "one_duty")
    is_short = sa.case((one.c.given < one.c.required, 1), else_=0)
    keys = (one.c.programme_id, one.c.enterprise_id)
    return sa.select(
        *keys,
        sa.func.sum(one.c.required).label("required"),
        sa.func.sum(one.c.credited).label("credited"),
        sa.func.sum(one.c.given).label("given"),
        sa.func.max(is_short).label("is_short"),
        sa.func.max(one.c.tier).label("tier"),
        sa.func.max(one.c.last_on).label("until_on"),
    ).group_by(*keys)
