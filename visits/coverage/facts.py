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
TERMS = 400  # selects put together at once: SQLite takes no more than 500
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


def are_counted(programmes: Sequence[Known], programme: Any = None) -> Condition:
    """Rows of pairs that one of these programmes counts, or `programme` does, as known at its moment."""
    if not programmes:
        return sa.false()
    as_of = programmes[0].as_of
    ways = [
        sa.and_(
            PairProgramme.programme_id == known.programme_id,
            VisitPair.mode.in_(list(known.scope.counted_modes)),
        )
        for known in programmes
    ]
    under: Any = sa.select(sa.literal_column("1")).where(
        PairProgramme.pair_id == VisitPair.id, sa.or_(*ways)
    )
    if programme is not None:
        under = under.where(PairProgramme.programme_id == programme)
    # Few visits are void: to know those is cheaper than to look each visit up.
    void = sa.select(Visit.id).where(Visit.voided_at <= as_of).correlate(None)
    is_valid = VisitPair.visit_id.not_in(void)
    return sa.and_(VisitPair.known_at(as_of), is_valid, under.correlate_except(PairProgramme).exists())


def met(programmes: Sequence[Known], rows: Any, column: Any, *where: Condition) -> sa.Select[Any]:
    """A select from the pairs that count for the programme and the enterprise named by a row of `rows`."""
    of_firm = VisitPair.enterprise_id == rows.c.enterprise_id
    counted = are_counted(programmes, rows.c.programme_id)
    return sa.select(column).select_from(VisitPair).where(of_firm, counted, *where).correlate(rows)


def scoped(programmes: Iterable[Known], span: Span) -> Any:
    """One row per programme and enterprise in its scope on at least one day of a span."""
    parts = [part for known in programmes for part in scope.enrolled(known, span)]
    return sa.union(*(parts or [_nothing("programme_id", "enterprise_id")]))


def _nothing(*names: str) -> Any:
    return sa.select(*(sa.cast(sa.null(), sa.Integer).label(name) for name in names)).where(sa.false())


def required(programmes: Iterable[Known], periods: Periods, firms: Sequence[int] | None = None) -> Any:
    """One row per programme, enterprise and calendar period in which it is to be visited; of `firms` only.

    Its tier is that of the period's last day; it must be in scope and in business on the first day and on
    the last.
    """
    parts = [part for known in programmes for part in _required(known, periods)]
    if firms is not None:
        parts = [part.where(Enterprise.id.in_(firms)) for part in parts]
    if parts:
        return sa.union_all(*parts)
    days = [sa.cast(sa.null(), sa.Date).label(name) for name in ("first_on", "last_on")]
    tier = sa.cast(sa.null(), sa.String).label("tier")
    return _nothing("id", "programme_id", "enterprise_id", "visits").add_columns(tier, *days)


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
    """The calendar periods of tiers as rows, with what is asked for in each.

    Of selects, and not VALUES, for which every statement would be put into words anew.
    """
    rows = [
        sa.select(
            sa.literal(number).label("number"),
            sa.literal(span.from_on, sa.Date).label("first_on"),
            sa.literal(span.to_on, sa.Date).label("last_on"),
            sa.literal(rules.month_number(span.to_on)).label("month"),
            sa.literal(tiers[number].visits).label("visits"),
            sa.literal(tiers[number].name).label("tier"),
        )
        for number, span in times
    ]
    parts = [sa.union_all(*rows[n : n + TERMS]) for n in range(0, len(rows), TERMS)]
    return sa.union_all(*(sa.select(part.subquery()) for part in parts)).cte()


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
            *(times.c[name] for name in ("visits", "tier", "first_on", "last_on")),
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


def duties(
    programmes: Sequence[Known], periods: Periods, firms: Sequence[int] | None = None, name: str = "duties"
) -> sa.Select[Any]:
    """What is required with what was given: never more of it counts than was required (`credited`)."""
    owed = once(required(programmes, periods, firms), f"{name}_owed")
    in_time = VisitPair.visited_on.between(owed.c.first_on, owed.c.last_on)
    given = met(programmes, owed, sa.func.count(), in_time).scalar_subquery()
    made = once(sa.select(owed, given.label("given")), f"{name}_made")
    credited = sa.case((made.c.given < made.c.visits, made.c.given), else_=made.c.visits)
    return sa.select(
        *(made.c[name] for name in ("id", "programme_id", "enterprise_id", "tier", "first_on", "last_on")),
        made.c.visits.label("required"),
        made.c.given,
        credited.label("credited"),
    )


def owed(programmes: Sequence[Known], periods: Periods, firms: Sequence[int] | None = None) -> Any:
    """Per programme and enterprise what is required and was given in all calendar periods together."""
    one = once(duties(programmes, periods, firms, "one"), "one_duty")
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
