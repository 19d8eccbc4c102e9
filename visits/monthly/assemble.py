"""Puts the content of a month's report together from the figures."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from visits.core.authz import SYSTEM
from visits.core.calendar import load_calendar
from visits.core.clock import now
from visits.core.periods import Month, Span
from visits.core.settings import get_setting
from visits.monthly import prose, queries, rules
from visits.monthly.content import Cell, Content, Correction, Definition, Row, Topic
from visits.monthly.models import MonthlyReport, ReportText
from visits.monthly.queries import Reading, Told
from visits.monthly.states import ReportState
from visits.reports.assemble import Figure, Totals, get_totals
from visits.reports.filters import NONE, ReportFilter
from visits.reports.measures import MEASURES
from visits.reports.queries import Ground, Sheet, get_ground

MOST_TOPICS = 5
PARTS = ("programme", "unit", "group", "category")
NAMED_SETS = ("registered", "overdue", "suspended")


def content_of(month: Month, *, ranks_units: bool | None = None, as_of: datetime | None = None) -> Content:
    """Everything a report says of a month, as known at a moment, by default now."""
    moment, ground = as_of or now(), get_ground()
    count_from = get_setting("count_from")
    totals = _totals(ground, moment)
    whole = totals(month.span, PARTS)
    before = totals(month.previous.span, ("category",))
    sheet = Sheet(ground.ask(SYSTEM, whole.wanted), *NAMED_SETS)
    return Content(
        month=str(month),
        from_on=month.first_on.isoformat(),
        to_on=month.last_on.isoformat(),
        as_of=moment.isoformat(),
        count_from=count_from,
        figures=_cells(whole.figures),
        to_date=_cells(totals(rules.span_to_date(month, count_from)).figures),
        before=_known(before),
        year_before=_known(totals(month.year_before.span)),
        programmes=_rows(whole, "programme"),
        units=_rows(whole, "unit"),
        groups=_rows(whole, "group"),
        categories=_rows(whole, "category"),
        sources=queries.sources_of(sheet),
        topics=_topics(sheet, whole, before),
        talks=tuple(queries.held_talks(month, moment)),
        overdue=tuple(queries.overdue_cases(sheet, load_calendar())),
        suspended=tuple(queries.suspended_cases(sheet)),
        corrections=_corrections(ground, month, moment, totals),
        definitions={key: Definition(m.label, m.definition, m.unit) for key, m in MEASURES.items()},
        ranks_units=bool(get_setting("rank_units")) if ranks_units is None else ranks_units,
        weights={key: weight for key, name in rules.WEIGHTS.items() if (weight := get_setting(name))},
    )


def _totals(ground: Ground, moment: datetime) -> Callable[..., Totals]:
    """Ask for the figures of a period, all as known at the same moment."""

    def ask(span: Span, dimensions: Collection[str] = ()) -> Totals:
        return get_totals(SYSTEM, ReportFilter(span, moment), ground, dimensions)

    return ask


def _cells(figures: Mapping[str, Figure]) -> dict[str, Cell]:
    return {key: Cell(f.value, f.numerator, f.denominator) for key, f in figures.items()}


def _known(totals: Totals) -> dict[str, Cell]:
    """The figures of a period to compare with; of a time before all records there are none."""
    return _cells(totals.figures) if rules.has_records(totals.figures) else {}


def _rows(totals: Totals, dimension: str) -> tuple[Row, ...]:
    named = totals.named[dimension]
    return tuple(
        Row(key, named[key].name if key != NONE else "", _cells(part))
        for key, part in totals.by[dimension].items()
        if any(f.numerator or f.denominator for f in part.values())
    )


def _topics(sheet: Sheet, whole: Totals, before: Totals) -> tuple[Topic, ...]:
    """The categories most problems of the month belong to."""
    is_comparable = rules.has_records(before.figures)

    def count(totals: Totals, key: int) -> int:
        part = totals.by["category"].get(key)
        return int(part["registered"].value or 0) if part else 0

    all_ = int(whole.figures["registered"].value or 0)
    counts = {key: count(whole, key) for key in whole.by["category"] if key != NONE}
    named = whole.named["category"]
    most = sorted((key for key in counts if counts[key]), key=lambda k: (-counts[k], named[k].name))
    top = most[:MOST_TOPICS]
    examples = queries.examples_of(sheet, top) if top else {}
    return tuple(
        Topic(
            named[k].name,
            counts[k],
            counts[k] / all_,
            count(before, k) if is_comparable else None,
            tuple(examples.get(k, ())),
        )
        for k in top
    )


def _corrections(
    ground: Ground, month: Month, moment: datetime, totals: Callable[..., Totals]
) -> tuple[Correction, ...]:
    found: list[Correction] = []
    for told in queries.told_before(month):
        found += _corrections_of(ground, told, moment, totals)
    return tuple(found)


def _corrections_of(
    ground: Ground, told: Told, moment: datetime, totals: Callable[..., Totals]
) -> list[Correction]:
    """Which figures of an earlier month are not any more what was told, and which records moved them."""
    current = _cells(totals(told.month.span).figures)
    changed = {
        key: cell for key, cell in current.items() if key in told.figures and cell != told.figures[key]
    }
    if not changed or told.known_at is None:
        return []
    sets = {key: (MEASURES[key].numerator, MEASURES[key].denominator) for key in changed}
    moved = queries.moved_records(
        ground,
        ReportFilter(told.month.span, told.known_at),
        ReportFilter(told.month.span, moment),
        {name for pair in sets.values() for name in pair if name},
    )
    return [_correction(told, key, cell, moved, sets[key]) for key, cell in changed.items()]


def _correction(told: Told, key: str, after: Cell, moved: Any, sets: Sequence[str | None]) -> Correction:
    added, removed = moved.of(sets)
    return Correction(
        month=str(told.month),
        key=key,
        before=told.figures[key],
        after=after,
        added=tuple(moved.names[record] for record in added),
        removed=tuple(moved.names[record] for record in removed),
        links={moved.names[record]: list(record) for record in (*added, *removed)},
    )


def reading_of(month: Month) -> Reading:
    """The report of a month that is in force; where there is none, one made of the figures of now."""
    if (report := queries.in_force(month)) is not None:
        return queries.read_report(report)
    content = content_of(month)
    report = MonthlyReport(
        first_on=month.first_on, issue_no=0, state=ReportState.DRAFT, as_of=content.known_at
    )
    texts = {
        section: ReportText(section=section.value, generated=text)
        for section, text in prose.texts_for(content).items()
    }
    return Reading(report, content, texts, {}, is_untouched=True)


def as_json(reading: Reading) -> dict[str, Any]:
    """The shape other people's scripts rely on; `issue_no` is 0 where nobody has drafted the month."""
    report, balance = reading.report, rules.balance_of(reading.content.figures)
    moments = ("frozen_at", "published_at")
    return {
        "month": str(report.month),
        "issue_no": report.issue_no,
        "state": report.state.value,
        "as_of": reading.content.as_of,
        **{name: at.isoformat() if (at := getattr(report, name)) else None for name in moments},
        **{name: reading.people.get(name) or None for name in ("frozen_by", "published_by")},
        "digest": report.digest,
        "is_untouched": reading.is_untouched,
        "balance": asdict(balance) | {"expected": balance.expected, "holds": balance.holds},
        "texts": {section.value: text.said for section, text in reading.texts.items()},
        "content": reading.content.as_json(),
    }
