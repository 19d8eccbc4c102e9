"""The tables of a report as plain values with their kinds: Word, PDF, page and workbook all write these."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from flask_babel import gettext

from visits.core.i18n import N_
from visits.core.rounding import percent
from visits.issues.confidence import KEPT
from visits.monthly import ranking
from visits.monthly.content import Case, Cell, Content, Row
from visits.monthly.rules import LEAST_CASES

Value = str | int | float | date | None
NOTHING = "—"
PERCENT = "%"
WHOLE = N_("Whole zone")


class Kind(Enum):
    """What the values of a column are, which decides how they are written."""

    TEXT = "text"
    COUNT = "count"
    RATE = "rate"
    DAY = "day"


@dataclass(frozen=True)
class Column:
    """A column: its heading in the reader's language, what its values are, its share of the line."""

    heading: str
    kind: Kind = Kind.COUNT
    share: int = 12


@dataclass(frozen=True)
class Table:
    """A table of an annex; where `has_total` its last row is the whole."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    has_total: bool = False


@dataclass(frozen=True)
class Annex:
    """An annex of a report: its title, its tables, what must be known to read them."""

    title: str
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()
    is_wide: bool = True


# column of a table by parts: heading, figure, which number of it
UNIT_FIGURES = (
    (N_("Problems assigned"), "return_rate", "denominator"),
    (N_("Due in the month"), "on_time_rate", "denominator"),
    (N_("Done in time"), "on_time_rate", "numerator"),
    (N_("Late or not done"), "on_time_rate", "rest"),
    (N_("On-time rate"), "on_time_rate", "value"),
    (N_("Response rate"), "response_rate", "value"),
    (N_("Solution rate (verified)"), "solved_rate_verified", "value"),
    (N_("Satisfaction rate"), "satisfaction_rate", "value"),
    (N_("Return rate"), "return_rate", "value"),
    (N_("Extension rate"), "extension_rate", "value"),
    (N_("Rework rate"), "rework_rate", "value"),
    (N_("Problems open"), "open", "value"),
    (N_("Problems overdue"), "overdue_open", "value"),
    (N_("Problems suspended"), "suspended", "value"),
)
VISIT_KEYS = ("visit_count", "enterprise_count", "person_times")
PROBLEM_KEYS = ("registered", "closed", "solved", "open", "overdue_open")
GROUP_KEYS = (*VISIT_KEYS, "contact_count", *PROBLEM_KEYS)
PROGRAMME_KEYS = (*VISIT_KEYS, "scope_count", "coverage_rate", "completion_rate", *PROBLEM_KEYS[:3])
CATEGORY_KEYS = ("registered", "closed", "solved", "open", "overdue_open", "suspended")
RATE_ENDS = ("_rate", "_verified")


def said(value: Value, kind: Kind) -> str:
    """A value as it is printed."""
    if value is None:
        return NOTHING
    if kind is Kind.RATE and isinstance(value, int | float):
        return percent(value)
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def annexes_of(content: Content) -> list[Annex]:
    """The annexes of a report in their order."""
    found = [_units(content), _visits(content), _cases(content)]
    return [*found, _corrections(content)] if content.corrections else found


def number_of(figures: Mapping[str, Cell], key: str, part: str) -> float | None:
    """One number of a figure: its value, a set's size, or how many of the whole are not in the part."""
    cell = figures.get(key)
    if cell is None:
        return None
    if part == "rest":
        return (cell.denominator or 0) - (cell.numerator or 0)
    number: float | None = getattr(cell, part)
    return number


def _units(content: Content) -> Annex:
    columns = [Column(gettext("Unit"), Kind.TEXT, 34)]
    columns += [
        _number_column(gettext(heading), is_rate=part == "value" and key.endswith(RATE_ENDS))
        for heading, key, part in UNIT_FIGURES
    ]
    shown = units_shown(content)
    lines = [_unit_line(content, place, row.name, row.figures) for place, row in shown]
    lines.append(_unit_line(content, None, gettext(WHOLE), content.figures))
    if content.weights:
        columns.append(Column(gettext("Score"), share=14))
        for line, row in zip(lines, [*(row for _, row in shown), None], strict=True):
            line.append(ranking.score_of(content, row) if row else None)
    if content.ranks_units:
        for line, place in zip(lines, [*(place for place, _ in shown), 0], strict=True):
            line.append(gettext("too few") if place is None else "")
        columns = [Column(gettext("Rank"), share=8), *columns, Column(gettext("Remarks"), Kind.TEXT, 28)]
    return Annex(
        gettext("How the units handled problems"),
        (Table("", tuple(columns), tuple(map(tuple, lines)), has_total=True),),
        tuple(_unit_notes(content)),
    )


def units_shown(content: Content) -> list[tuple[int | None, Row]]:
    """The units that had anything to do with problems, in order, each with its place if it has one."""
    return [
        (place, row)
        for place, row in ranking.in_order(content)
        if any(number_of(row.figures, key, part) for _, key, part in UNIT_FIGURES)
    ]


def _unit_line(content: Content, place: int | None, name: str, figures: Mapping[str, Cell]) -> list[Value]:
    numbers: list[Value] = [number_of(figures, key, part) for _, key, part in UNIT_FIGURES]
    return [place, name, *numbers] if content.ranks_units else [name, *numbers]


def ranking_note(content: Content) -> str:
    """By what units are ranked, if they are."""
    if not content.ranks_units:
        return gettext("Units are not ranked.")
    if content.weights:
        return gettext(
            "Places by the score; units with fewer than %(least)d cases behind one of its rates are listed "
            "without a place.",
            least=LEAST_CASES,
        )
    return gettext(
        "Places by the on-time rate; units with fewer than %(least)d problems due are listed "
        "without a place.",
        least=LEAST_CASES,
    )


def _score_note(content: Content) -> str:
    whole = sum(content.weights.values())
    parts = [
        gettext("%(label)s × %(weight)d", label=label_of(content, key), weight=weight)
        for key, weight in content.weights.items()
    ]
    return gettext("Score = (%(sum)s) ÷ %(whole)d × 100.", sum=gettext(" + ").join(parts), whole=whole)


def _unit_notes(content: Content) -> Iterator[str]:
    yield ranking_note(content)
    if content.weights:
        yield _score_note(content)
    yield gettext(
        "Problems assigned: first assigned in the month. Due in the month: first assignments whose limit, "
        "with extensions, lies in the month. The whole zone includes problems no unit is in charge of. The "
        "satisfaction rate includes “basically satisfied”."
    )


def _visits(content: Content) -> Annex:
    groups = _by_part(
        content, gettext("By service group"), gettext("Service group"), content.groups, GROUP_KEYS
    )
    programmes = _by_part(
        content, gettext("By programme"), gettext("Programme"), content.programmes, PROGRAMME_KEYS
    )
    note = gettext(
        "A joint visit counts once in the whole zone and once in each of its programmes and groups, so the "
        "parts may add up to more than the whole."
    )
    return Annex(gettext("Visits of the service groups"), (groups, programmes), (note,), is_wide=False)


def categories_of(content: Content) -> Table:
    """The problems of the month by category."""
    return _by_part(content, gettext("By category"), gettext("Category"), content.categories, CATEGORY_KEYS)


def _number_column(heading: str, *, is_rate: bool) -> Column:
    return Column(heading, Kind.RATE, 18) if is_rate else Column(heading)


def _by_part(
    content: Content, caption: str, heading: str, rows: Sequence[Row], keys: Sequence[str]
) -> Table:
    columns = [Column(heading, Kind.TEXT, 28)]
    columns += [_number_column(label_of(content, key), is_rate=key.endswith(RATE_ENDS)) for key in keys]
    lines: list[tuple[Value, ...]] = [
        (row.name or gettext("None named"), *(number_of(row.figures, key, "value") for key in keys))
        for row in rows
    ]
    whole = [number_of(content.figures, key, "value") for key in keys]
    lines.append((gettext(WHOLE), *whole))
    return Table(caption, tuple(columns), tuple(lines), has_total=True)


def label_of(content: Content, key: str) -> str:
    """The name of a figure."""
    return gettext(content.definitions[key].label)


CASE_COLUMNS = (
    (N_("No."), Kind.COUNT, 8),
    (N_("Number"), Kind.TEXT, 24),
    (N_("Problem"), Kind.TEXT, 50),
    (N_("Enterprise"), Kind.TEXT, 38),
    (N_("Unit in charge"), Kind.TEXT, 24),
    (N_("Day of registration"), Kind.DAY, 20),
)
OVERDUE_COLUMNS = ((N_("Due on"), Kind.DAY, 20), (N_("Working days late"), Kind.COUNT, 14))
SUSPENDED_COLUMNS = ((N_("Look at again on"), Kind.DAY, 20), (N_("Reason"), Kind.TEXT, 40))


def _cases(content: Content) -> Annex:
    late = [
        (*_case(number, case), _day(case.due_on), case.workdays_late or gettext("less than 1"))
        for number, case in enumerate(content.overdue, 1)
    ]
    resting = [
        (*_case(number, case), _day(case.review_on), case.reason or None)
        for number, case in enumerate(content.suspended, 1)
    ]
    tables = (
        Table(gettext("Overdue problems"), _columns(CASE_COLUMNS + OVERDUE_COLUMNS), tuple(late)),
        Table(gettext("Suspended problems"), _columns(CASE_COLUMNS + SUSPENDED_COLUMNS), tuple(resting)),
    )
    return Annex(gettext("Overdue and suspended problems"), tables)


def _case(number: int, case: Case) -> tuple[Value, ...]:
    enterprise = case.enterprise or gettext(KEPT)
    return number, case.number, case.title, enterprise, case.unit or None, _day(case.registered_on)


def _columns(wanted: Iterable[tuple[str, Kind, int]]) -> tuple[Column, ...]:
    return tuple(Column(gettext(heading), kind, share) for heading, kind, share in wanted)


def _day(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None


def _corrections(content: Content) -> Annex:
    """Figures of earlier months that are not any more what was told."""
    columns = (
        Column(gettext("Month of the report"), Kind.TEXT, 16),
        Column(gettext("Figure"), Kind.TEXT, 36),
        Column(gettext("Told before"), Kind.TEXT, 22),
        Column(gettext("As counted now"), Kind.TEXT, 22),
        Column(gettext("More by"), Kind.TEXT, 55),
        Column(gettext("Less by"), Kind.TEXT, 55),
    )
    rows = tuple(
        (
            row.month,
            label_of(content, row.key),
            figure_said(content, row.key, row.before),
            figure_said(content, row.key, row.after),
            gettext("; ").join(row.added) or None,
            gettext("; ").join(row.removed) or None,
        )
        for row in content.corrections
    )
    return Annex(gettext("Corrections of earlier months"), (Table("", columns, rows),))


def figure_said(content: Content, key: str, cell: Cell | None) -> str:
    """A figure as it is printed, a rate with the sizes of its two sets below."""
    if cell is None or cell.value is None:
        return NOTHING
    if content.definitions[key].unit != PERCENT:
        return said(cell.value, Kind.COUNT)
    parts = (said(cell.numerator, Kind.COUNT), said(cell.denominator, Kind.COUNT))
    return f"{said(cell.value, Kind.RATE)}\n{parts[0]}/{parts[1]}"
