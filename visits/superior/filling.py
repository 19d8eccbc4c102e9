"""Puts together what stands in a form's cells: one statement per span of days, and one per list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext

from visits.core.authz import Actor
from visits.core.calendar import load_calendar
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.listing import Listing, counts_of
from visits.issues.filters import IssueFilters
from visits.issues.listing import of_issues
from visits.issues.models import Issue
from visits.outreach.listing import VisitFilters, of_visits
from visits.outreach.models import Visit
from visits.reports import prose
from visits.reports.assemble import Totals, get_totals, is_divisible
from visits.reports.filters import NONE, ReportFilter
from visits.reports.measures import MEASURES
from visits.reports.queries import Ground, Sheet, get_ground
from visits.reports.shapes import Measure, Part, Shape
from visits.superior import queries, rules, sources
from visits.superior.models import MappedCell, RepeatedRow, When
from visits.superior.placement import Placement
from visits.superior.sources import About

COUNTED = "counted_pairs"
IN_THE_SENTENCE = {"visit_count", "solved"}
MOST_TOLD = 60  # rows of a list that a filling's page shows
MOST_ROWS = 3_000  # a form is read by people; a longer list is exported
Value = tuple[str, Any] | None


@dataclass(frozen=True)
class Row:
    """One part of a dimension, such as a unit, and its place in the list."""

    place: int
    dimension: str
    key: int
    name: str


@dataclass
class Filled:
    """What is written into the workbook, and what is told of it beside."""

    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    cells: list[dict[str, Any]] = field(default_factory=list)
    lists: list[dict[str, Any]] = field(default_factory=list)


class Figures:
    """The figures of one term, each span of days counted once."""

    def __init__(self, actor: Actor, about: About, as_of: datetime, placed: Placement) -> None:
        self.actor, self.about, self.as_of = actor, about, as_of
        narrowed = {dimension for cell in placed.cells for dimension in cell.narrowed}
        listed = {rows.list_of for rows in placed.rows.values() if rows.list_of in sources.DIMENSION_LABELS}
        self.dimensions = tuple(sorted(narrowed | listed))
        named = {measure.key for c in placed.cells if (measure := sources.measure_of(c.source)) is not None}
        self.keys = sorted(named | IN_THE_SENTENCE)
        self.counted_from = prose.count_from()
        self.spans = sources.spans_of(about.term, self.counted_from)
        self.ground: Ground = get_ground()
        self._known: dict[Any, Totals] = {}
        self._parts: dict[str, list[tuple[int, str]]] = {}

    def wanted(self, when: When, **parts: Any) -> ReportFilter:
        """The question about a kind of period, and maybe a part of the whole."""
        return replace(ReportFilter.of(self.spans[when], **parts), as_of=self.as_of)

    def totals(self, when: When, parts: Mapping[str, int] | None = None) -> Totals:
        """All figures of a kind of period, of the whole or of a part."""
        key = (self.spans[when], tuple(sorted((parts or {}).items())))
        if key not in self._known:
            dimensions = () if parts else self.dimensions
            wanted = self.wanted(when, **(parts or {}))
            self._known[key] = get_totals(self.actor, wanted, self.ground, dimensions, keys=self.keys)
        return self._known[key]

    def figure(self, measure: Measure, when: When, parts: Mapping[str, int], part: Part | None) -> Value:
        """One number as it goes into a cell; None where there is none."""
        found = self._found(measure, when, parts)
        if found is None:
            is_counted = measure.shape in (Shape.COUNT, Shape.DIFFERENCE) or part is not None
            return (sources.NUMBER_KIND, 0) if is_counted else None
        if part is Part.NUMERATOR:
            return sources.plain(found.numerator)
        if part is Part.DENOMINATOR:
            return sources.plain(found.denominator)
        if found.value is None:
            return None
        return (sources.RATE_KIND if measure.shape is Shape.RATE else sources.NUMBER_KIND), found.value

    def _found(self, measure: Measure, when: When, parts: Mapping[str, int]) -> Any:
        if len(parts) == 1:
            ((dimension, key),) = parts.items()
            if dimension in self.dimensions and is_divisible(measure, dimension):
                return self.totals(when).by[dimension].get(key, {}).get(measure.key)
        return self.totals(when, parts or None).figures[measure.key]

    def sentence(self, when: When) -> str:
        """The sentence of the totals."""
        return prose.sentence(self.totals(when), self.counted_from)

    def part_names(self, dimension: str) -> list[tuple[int, str]]:
        """The parts of a dimension that are in use or have figures, in their order."""
        if dimension not in self._parts:
            self._parts[dimension] = self._read_parts(dimension)
        return self._parts[dimension]

    def _read_parts(self, dimension: str) -> list[tuple[int, str]]:
        counted = self.totals(When.CHOSEN).by[dimension]
        closed = queries.closed_parts(dimension)
        named = [(n.id, n.name) for n in self.ground.named if n.dimension == dimension]
        found = [(key, name) for key, name in named if key in counted or key not in closed]
        if counted.get(NONE) and dimension != "programme":
            found.append((NONE, gettext("None named")))
        return found


def fill(actor: Actor, placed: Placement, about: About, as_of: datetime) -> Filled:
    """What a form says for a term, as the office knew it at a moment."""
    figures = Figures(actor, about, as_of, placed)
    filled = Filled()
    for sheet in dict.fromkeys([*(cell.sheet for cell in placed.cells), *placed.rows]):
        order: dict[str, Any] = {}
        rows = placed.rows.get(sheet)
        if rows is not None and (cells := placed.repeated(sheet)):
            order["rows"] = _rows(figures, rows, cells)
            filled.lists.append(_told_of_list(figures, rows, cells, order["rows"]["values"]))
        order["cells"] = [[cell.row, cell.column, _single(figures, cell)] for cell in placed.singles(sheet)]
        told = zip(placed.singles(sheet), order["cells"], strict=True)
        filled.cells += [_told_of_cell(figures, cell, written[2], order) for cell, written in told]
        filled.orders[sheet] = order
    return filled


def _single(figures: Figures, cell: MappedCell) -> Value:
    if (measure := sources.measure_of(cell.source)) is not None:
        return figures.figure(measure, cell.period, cell.narrowed, cell.part)
    return _text(figures, cell)


def _text(figures: Figures, cell: MappedCell) -> Value:
    if cell.words:
        said = {
            blank: sources.word_of(sources.TEXTS[key], figures.about)
            for blank, key in sources.BLANKS.items()
        }
        return "text", rules.filled_in(cell.words, said)
    if cell.source == sources.SENTENCE:
        return "text", figures.sentence(cell.period)
    text = sources.TEXTS[cell.source]
    said_alone = text.read(figures.about)
    return (text.kind, said_alone) if said_alone else None


def _rows(figures: Figures, rows: RepeatedRow, cells: Sequence[MappedCell]) -> dict[str, Any]:
    values = (
        _part_rows(figures, rows, cells)
        if rows.list_of in sources.DIMENSION_LABELS
        else _listed_rows(figures, rows, cells)
    )
    return {
        "first": rows.first_row,
        "last": rows.last_row,
        "columns": [cell.column for cell in cells],
        "values": values,
    }


def _part_rows(figures: Figures, rows: RepeatedRow, cells: Sequence[MappedCell]) -> list[list[Value]]:
    return [
        [_of_part(figures, cell, Row(place, rows.list_of, key, name)) for cell in cells]
        for place, (key, name) in enumerate(figures.part_names(rows.list_of), 1)
    ]


def _of_part(figures: Figures, cell: MappedCell, row: Row) -> Value:
    if cell.source == sources.COLUMN + sources.ORDINAL:
        return sources.NUMBER_KIND, row.place
    if cell.source == sources.COLUMN + sources.NAME:
        return "text", row.name
    if (measure := sources.measure_of(cell.source)) is not None:
        return figures.figure(measure, cell.period, {row.dimension: row.key}, cell.part)
    return _text(figures, cell)


def _listed_rows(figures: Figures, rows: RepeatedRow, cells: Sequence[MappedCell]) -> list[list[Value]]:
    listing = _listing(figures, rows)
    columns = {column.key: column for column in listing.columns}
    chosen = [columns.get(cell.source.removeprefix(sources.COLUMN)) for cell in cells]
    wanted = [column for column in chosen if column is not None]
    _require_few(listing)
    read = listing.cells({"sort": listing.default.lstrip("-")}, wanted)
    values = []
    for place, row in enumerate(read, 1):
        left = iter(row)
        values.append(
            [
                sources.plain(next(left))
                if column is not None
                else (sources.NUMBER_KIND, place)
                if cell.source == sources.COLUMN + sources.ORDINAL
                else _text(figures, cell)
                for cell, column in zip(cells, chosen, strict=True)
            ]
        )
    return values


def _require_few(listing: Listing) -> None:
    total = counts_of({0: listing})[0]
    if total > MOST_ROWS:
        raise Refused(
            N_(
                "The list “%(list)s” has %(total)d rows for this period; a form takes at most %(most)d. "
                "Choose a shorter period."
            ),
            list=gettext(listing.title),
            total=total,
            most=MOST_ROWS,
        )


def _listing(figures: Figures, rows: RepeatedRow) -> Listing:
    wanted = figures.wanted(rows.period)
    if rows.list_of == sources.VISITS:
        sheet = Sheet(figures.ground.ask(figures.actor, wanted), COUNTED)
        listing = of_visits(figures.actor, VisitFilters())
        return replace(
            listing, where=[*listing.where, Visit.id.in_(queries.visits_of(sheet.keys_of(COUNTED)))]
        )
    measure = MEASURES[rows.list_of.removeprefix(sources.PROBLEMS)]
    name = str(measure.numerator)
    sheet = Sheet(figures.ground.ask(figures.actor, wanted), name)
    listing = of_issues(figures.actor, IssueFilters(), load_calendar())
    return replace(listing, title=measure.label, where=[*listing.where, Issue.id.in_(sheet.keys_of(name))])


def _told_of_cell(
    figures: Figures, cell: MappedCell, value: Value, order: Mapping[str, Any]
) -> dict[str, Any]:
    """What a filling remembers of a cell, for people to look it up."""
    return {
        "sheet": cell.sheet,
        "at": rules.address_of(_row_after(cell.row, order), cell.column),
        "kind": value and value[0],
        "value": value and value[1],
        **_told_of_source(figures, cell),
    }


def _told_of_source(figures: Figures, cell: MappedCell) -> dict[str, Any]:
    span = figures.spans[cell.period]
    return {
        "source": cell.source,
        "part": cell.part and cell.part.value,
        "period": cell.period.value,
        "narrowed": cell.narrowed,
        "from": span.from_on and span.from_on.isoformat(),
        "to": span.to_on.isoformat(),
    }


def _row_after(row: int, order: Mapping[str, Any]) -> int:
    rows = order.get("rows")
    if rows is None or row <= rows["last"]:
        return row
    return row + max(0, len(rows["values"]) - (rows["last"] - rows["first"] + 1))


def _told_of_list(
    figures: Figures, rows: RepeatedRow, cells: Sequence[MappedCell], values: Sequence[Sequence[Value]]
) -> dict[str, Any]:
    """What a filling remembers of a list: its first rows, and which parts of the office they are."""
    is_of_parts = rows.list_of in sources.DIMENSION_LABELS
    return {
        "sheet": rows.sheet,
        "first": rows.first_row,
        "list_of": rows.list_of,
        "count": len(values),
        "columns": [_told_of_source(figures, cell) for cell in cells],
        "keys": [key for key, _ in figures.part_names(rows.list_of)[:MOST_TOLD]] if is_of_parts else [],
        "rows": values[:MOST_TOLD],
    }
