"""A report as its page lays it out: numbered parts, tables, each number with the address of its rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import get_locale, gettext

from visits.core.documents import parted
from visits.core.markup import number
from visits.core.rounding import in_percent, percent
from visits.monthly import ranking, rules, tables
from visits.monthly.content import Cell, Content, Correction, Row
from visits.monthly.linked import Link, Piece, linked_lines, pieces_of
from visits.monthly.models import ReportText
from visits.monthly.prose import NUMERALS
from visits.monthly.queries import Reading
from visits.monthly.rules import SECTION_LABELS, Balance, Section
from visits.monthly.tables import ranking_note
from visits.reports.filters import DIMENSIONS, ReportFilter
from visits.reports.measures import MEASURES, PERCENT

KEY_FIGURES = (
    *("visit_count", "enterprise_count", "person_times", "contact_count", "coverage_rate"),
    *("registered", "closed", "closed_on_spot", "solved", "open", "overdue_open", "suspended"),
    *("close_rate", "on_time_rate", "on_time_rate_original", "solved_rate", "solved_rate_verified"),
    *("satisfaction_rate", "satisfaction_rate_strict", "rating_coverage"),
)
OF_SECTION: dict[Section, tuple[str, ...]] = {
    Section.BASICS: (
        *("visit_count", "enterprise_count", "person_times", "contact_count", "coverage_rate"),
        *("registered", "closed", "closed_on_spot", "solved"),
    ),
    Section.HANDLING: (
        *("on_time_rate", "solved_rate", "solved_rate_verified", "satisfaction_rate"),
        *("satisfaction_rate_strict", "rating_coverage", "overdue_open", "return_rate"),
    ),
    Section.TALKS: ("suspended",),
    Section.NEXT: ("overdue_open", "suspended"),
}
SIGNS = (
    ("opening", ""),
    ("new", "+"),
    ("reopened", "+"),
    ("closed_events", "−"),
    ("excluded_events", "−"),
    ("open", "="),
)


@dataclass(frozen=True)
class Shown:
    """A number as it is printed, what it is made of, and where its rows are listed."""

    text: str
    url: str | None = None
    made_of: str = ""


@dataclass(frozen=True)
class Part:
    """One numbered part of the report: its heading, its text and that by lines, the figures behind it."""

    section: Section
    heading: str
    text: ReportText
    lines: Sequence[Sequence[Piece]]
    figures: Sequence[tuple[str, Shown]]

    @property
    def has_news(self) -> bool:
        """Whether another text was generated since somebody wrote this one."""
        return self.text.written is not None and self.text.generated != self.text.written_over


@dataclass(frozen=True)
class Table:
    """A table of a report: names, an address for each, and their numbers."""

    heads: Sequence[str]
    rows: Sequence[tuple[str, str, Sequence[Shown]]]  # place, name, numbers


@dataclass(frozen=True)
class Corrected:
    """A correction as it is printed, each record with its address."""

    month: str
    label: str
    before: Shown
    after: Shown
    added: Sequence[tuple[str, str]]
    removed: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Layout:
    """All that the page of a report shows of its content."""

    title: str
    key_figures: Sequence[tuple[str, Sequence[Shown]]]
    parts: Sequence[Part]
    balance: Balance
    balance_line: Sequence[tuple[str, str, Shown]]
    programmes: Table
    categories: Table
    units: Table
    units_note: str
    groups: Table


def layout_of(reading: Reading, link: Link) -> Layout:
    """Lay a report out; `link` gives the address of the rows of a number, or None where there is none."""
    content = reading.content
    return Layout(
        title=title_of(content),
        key_figures=[(gettext(MEASURES[k].label), _over_time(content, k, link)) for k in KEY_FIGURES],
        parts=parts_of(reading, link),
        balance=rules.balance_of(content.figures),
        balance_line=[
            (sign, gettext(MEASURES[key].label), shown(key, content.figures[key], link))
            for key, sign in SIGNS
        ],
        programmes=_by_part(content, "programme", content.programmes, tables.PROGRAMME_KEYS, link),
        categories=_by_part(content, "category", content.categories, tables.CATEGORY_KEYS, link),
        units=_units(content, link),
        units_note=ranking_note(content),
        groups=_by_part(content, "group", content.groups, tables.GROUP_KEYS, link),
    )


def title_of(content: Content) -> str:
    """The title of a month's report."""
    return "".join(parted(paper_title_of(content)))


def paper_title_of(content: Content) -> str:
    """The same with a line feed where it may be parted on paper."""
    year, month = (int(part) for part in content.month.split("-"))
    return gettext(
        "Report on visits to enterprises\nand the handling of their problems in %(year)d-%(month)d",
        year=year,
        month=month,
    )


def shown(key: str, cell: Cell | None, link: Link, **asked: Any) -> Shown:
    """One number with its address."""
    if cell is None or cell.value is None:
        return Shown("–")
    measure = MEASURES[key]
    if measure.unit == PERCENT:
        made_of = f"{number(cell.numerator)}/{number(cell.denominator)}"
        return Shown(percent(cell.value), link(key, **asked), made_of)
    return Shown(number(cell.value), link(key, **asked) if measure.numerator else None)


def _over_time(content: Content, key: str, link: Link) -> list[Shown]:
    """A figure of each period; reports made earlier hold noughts for a time before all records."""
    periods = {
        "month": content.figures,
        "before": content.before if rules.has_records(content.before) else {},
        "year_before": content.year_before if rules.has_records(content.year_before) else {},
        "to_date": content.to_date,
    }
    cells = {of: figures.get(key) for of, figures in periods.items()}
    numbers = {of: shown(key, cell, link, of=of) for of, cell in cells.items()}
    change = Shown(_change(key, cells["month"], cells["before"]))
    return [numbers["month"], numbers["before"], change, numbers["year_before"], numbers["to_date"]]


def _change(key: str, now: Cell | None, before: Cell | None) -> str:
    """How a figure stands to the month before: in percent, rates in percentage points."""
    if now is None or before is None or now.value is None or before.value is None:
        return "–"
    difference = now.value - before.value
    if MEASURES[key].unit == PERCENT:
        return gettext("%(points)s points", points=f"{in_percent(difference):+}")
    return f"{in_percent(difference / before.value):+}%" if before.value else "–"


def parts_of(reading: Reading, link: Link) -> list[Part]:
    """The parts that say something, numbered; in a draft also those that are still empty."""
    is_draft = reading.report.digest is None
    said = [(s, t) for s, t in reading.texts.items() if t.said.strip() or is_draft]
    figures, lines = reading.content.figures, linked_lines(reading.content, link)
    return [
        Part(
            section,
            heading_of(nth, SECTION_LABELS[section]),
            text,
            pieces_of(text.said, lines),
            [(gettext(MEASURES[k].label), shown(k, figures[k], link)) for k in OF_SECTION.get(section, ())],
        )
        for nth, (section, text) in enumerate(said, start=1)
    ]


def heading_of(nth: int, label: str) -> str:
    """The heading of the nth part, numbered as the language does."""
    numeral = NUMERALS[nth - 1] if str(get_locale()).startswith("zh") else str(nth)
    return gettext("%(numeral)s. %(heading)s", numeral=numeral, heading=gettext(label))


def _by_part(
    content: Content, dimension: str, rows: Sequence[Row], keys: Sequence[str], link: Link
) -> Table:
    """The numbers of a table of the annexes with their links; the whole zone last."""
    lines = [
        ("", row.name or gettext("None named"), _numbers(row.figures, keys, link, **{dimension: row.id}))
        for row in rows
    ]
    if lines:
        lines.append(("", gettext(tables.WHOLE), _numbers(content.figures, keys, link)))
    return Table([gettext(MEASURES[key].label) for key in keys], lines)


def _numbers(figures: Mapping[str, Cell], keys: Sequence[str], link: Link, **asked: Any) -> list[Shown]:
    return [shown(key, figures.get(key), link, **asked) for key in keys]


def _units(content: Content, link: Link) -> Table:
    """Annex 1 with its links: its columns, its rows, the places of the units."""
    heads = [gettext(heading) for heading, _, _ in tables.UNIT_FIGURES]
    unplaced = "–" if content.ranks_units else ""
    lines = [
        (
            str(place) if place else unplaced,
            row.name,
            [*_unit_numbers(row.figures, link, unit=row.id), *_score(content, row)],
        )
        for place, row in tables.units_shown(content)
    ]
    if lines:
        whole = [*_unit_numbers(content.figures, link), *_score(content, None)]
        lines.append(("", gettext(tables.WHOLE), whole))
    return Table([*heads, gettext("Score")] if content.weights else heads, lines)


def _unit_numbers(figures: Mapping[str, Cell], link: Link, **asked: Any) -> list[Shown]:
    return [_part_shown(figures, key, part, link, **asked) for _, key, part in tables.UNIT_FIGURES]


def _part_shown(figures: Mapping[str, Cell], key: str, part: str, link: Link, **asked: Any) -> Shown:
    """A figure, or the size of one of its sets, which is linked unless it is what the two leave over."""
    if part == "value":
        return shown(key, figures.get(key), link, **asked)
    found = tables.number_of(figures, key, part)
    if found is None:
        return Shown("–")
    return Shown(number(found), None if part == "rest" else link(key, part=part, **asked))


def _score(content: Content, row: Row | None) -> list[Shown]:
    """The score of a unit, where units have one; the whole zone has none."""
    if not content.weights:
        return []
    score = ranking.score_of(content, row) if row else None
    return [Shown("–" if score is None else tables.said(score, tables.Kind.COUNT))]


def corrected(row: Correction, record_link: Callable[[str, int], str]) -> Corrected:
    """Lay a correction out; `record_link` gives the address of a record that moved the figure."""

    def linked(names: Sequence[str]) -> list[tuple[str, str]]:
        return [(name, record_link(str(row.links[name][0]), int(row.links[name][1]))) for name in names]

    def plain(_key: str, **_asked: Any) -> None:
        return None

    return Corrected(
        row.month,
        gettext(MEASURES[row.key].label),
        shown(row.key, row.before, plain),
        shown(row.key, row.after, plain),
        linked(row.added),
        linked(row.removed),
    )


def named_part(content: Content, wanted: ReportFilter) -> list[str]:
    """The names of the parts to which rows are narrowed down, as the report calls them."""
    rows = {
        "programme": content.programmes,
        "unit": content.units,
        "category": content.categories,
        "group": content.groups,
    }
    names: Mapping[tuple[str, int], str] = {(d, row.id): row.name for d in rows for row in rows[d]}
    chosen = [(d, getattr(wanted, d)) for d in DIMENSIONS if getattr(wanted, d) is not None]
    return [names.get(part) or gettext("None named") for part in chosen]
