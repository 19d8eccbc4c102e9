"""Puts counts together into figures, in total and by part, and into the shape other programs read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from visits.core.authz import Actor
from visits.core.calendar import load_calendar
from visits.core.periods import local_date
from visits.issues.anonymity import is_of_unit_only
from visits.reports import rules
from visits.reports.filters import AGE, DIMENSIONS, NONE, Key, ReportFilter
from visits.reports.measures import MEASURES
from visits.reports.queries import TOTAL, Counts, Ground, Named, Sheet, get_ground
from visits.reports.shapes import ONE_OF, Measure, Shape

Number = int | float | None


@dataclass(frozen=True)
class Figure:
    """A number with the sizes of the two sets it is made of; nothing of it where `is_hidden`."""

    measure: Measure
    value: Number
    numerator: Number
    denominator: int | None
    is_hidden: bool = False

    @property
    def unit(self) -> str:
        """The word behind the number, not translated yet: of one thing in the singular."""
        unit = self.measure.unit
        return ONE_OF.get(unit, unit) if self.value == 1 else unit


@dataclass(frozen=True)
class Totals:
    """All figures of one question; `by` holds them per dimension and part, the unnamed part under NONE."""

    wanted: ReportFilter
    figures: Mapping[str, Figure]
    by: Mapping[str, Mapping[Key, Mapping[str, Figure]]]
    named: Mapping[str, Mapping[Key, Named]]


def get_totals(
    actor: Actor,
    wanted: ReportFilter,
    ground: Ground | None = None,
    dimensions: Collection[str] | Mapping[str, Collection[str]] = DIMENSIONS,
    *,
    keys: Collection[str] = MEASURES,
    ages: Sequence[date] = (),
) -> Totals:
    """Compute every figure, or those of these keys, within the actor's reach, in total and by dimension.

    `dimensions` may say of each which figures are divided by it; else all of them are.
    With `ages` also by the stretches between these days in which problems were registered, from 1 on.
    """
    ground = ground or get_ground()
    divided = dimensions if isinstance(dimensions, Mapping) else dict.fromkeys(dimensions, keys)
    sheet = Sheet(ground.ask(actor, wanted), *_sets_of(keys), ages=ages)
    counts, spans = sheet.tally({dimension: _sets_of(some) for dimension, some in divided.items()})
    workdays = rules.workdays_of(spans, load_calendar()) if spans else []
    named = {d: {n.id: n for n in ground.named if n.dimension == d} for d in dimensions}
    figures = {
        key: _figure(one, counts[TOTAL, None], workdays) if one.is_answerable(wanted) else _no(one)
        for key in keys
        for one in (MEASURES[key],)
    }
    if ages:
        divided = {**divided, AGE: keys}
    by = {
        dimension: _by(dimension, counts, named.get(dimension, {}), [MEASURES[key] for key in some])
        for dimension, some in divided.items()
    }
    if is_of_unit_only(actor):
        figures = _without_answers(figures)
        by = {d: {key: _without_answers(part) for key, part in parts.items()} for d, parts in by.items()}
    return Totals(wanted=wanted, figures=figures, by=by, named=named)


def _sets_of(keys: Collection[str]) -> list[str]:
    """The sets that these figures are made of, each once."""
    names = (name for key in keys for name in (MEASURES[key].numerator, MEASURES[key].denominator))
    return list(dict.fromkeys(name for name in names if name))


def _without_answers(figures: Mapping[str, Figure]) -> dict[str, Figure]:
    """The figures as people of handling units read them."""
    hidden = {key for key, figure in figures.items() if figure.measure.is_of_answers}
    return {
        key: Figure(figure.measure, None, None, None, is_hidden=True) if key in hidden else figure
        for key, figure in figures.items()
    }


def _by(
    dimension: str, counts: Counts, named: Mapping[Key, Named], measures: Sequence[Measure]
) -> dict[Key, dict[str, Figure]]:
    found = {key or NONE: numbers for (kind, key), numbers in counts.items() if kind == dimension}
    if not any(found.get(NONE, {}).values()):
        found.pop(NONE, None)
    listed = named if dimension == "programme" else sorted(found.keys() - {NONE})
    keys = [*listed, *found.keys() & {NONE}]
    divisible = [measure for measure in measures if measure.is_divisible(dimension)]
    return {key: {m.key: _figure(m, found.get(key, {}), []) for m in divisible} for key in keys}


def is_divisible(measure: Measure, dimension: str) -> bool:
    """Whether a figure can be broken down by a dimension."""
    return measure.is_divisible(dimension)


def _no(measure: Measure) -> Figure:
    """A figure that does not exist of the part asked for."""
    return Figure(measure, None, None, None)


def _figure(measure: Measure, numbers: Mapping[str, int], workdays: list[int]) -> Figure:
    numerator = numbers.get(measure.numerator, 0) if measure.numerator else sum(workdays)
    denominator = numbers.get(measure.denominator, 0) if measure.denominator else None
    return Figure(measure, _value(measure.shape, numerator, denominator, workdays), numerator, denominator)


def _value(shape: Shape, numerator: int, denominator: int | None, workdays: list[int]) -> Number:
    match shape:
        case Shape.COUNT:
            return numerator
        case Shape.COUNT_AMONG:
            return numerator if denominator else None
        case Shape.RATE:
            return rules.rate(numerator, denominator)
        case Shape.RATIO:
            return round(numerator / denominator, 2) if denominator else None
        case Shape.DIFFERENCE:
            return numerator - (denominator or 0)
        case Shape.MEAN:
            return rules.mean_of(workdays)
        case Shape.MEDIAN:
            return rules.median_of(workdays)


def as_json(totals: Totals, sentence: str) -> dict[str, Any]:
    """The shape other people's scripts rely on: rates are fractions, null where the denominator is 0."""
    span = totals.wanted.span
    return {
        "period": {
            "from": span.from_on and span.from_on.isoformat(),
            "to": span.to_on.isoformat(),
            "as_of": local_date(totals.wanted.as_of).isoformat(),
        },
        "figures": {key: f.value for key, f in totals.figures.items()},
        "of": {
            key: {"numerator": f.numerator, "denominator": f.denominator}
            for key, f in totals.figures.items()
        },
        "by": {
            d: {_code(totals, d, k): _values(part) for k, part in totals.by[d].items()} for d in DIMENSIONS
        },
        "names": {
            d: {_code(totals, d, k): totals.named[d][k].name for k in totals.by[d] if k != NONE}
            for d in DIMENSIONS
        },
        "sentence": sentence,
    }


def _code(totals: Totals, dimension: str, key: Key) -> str:
    return totals.named[dimension][key].code if key != NONE else "none"


def _values(part: Mapping[str, Figure]) -> dict[str, Number]:
    return {key: figure.value for key, figure in part.items()}
