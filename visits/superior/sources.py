"""What a cell of a superior's form can hold: texts, figures, columns of a list that repeats a row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext

from visits.core.i18n import N_
from visits.core.listing import Column
from visits.core.periods import SITE_ZONE
from visits.core.workdays import Calendar
from visits.issues.listing import columns as issue_columns
from visits.outreach.listing import COLUMNS as VISIT_COLUMNS
from visits.reports.assemble import is_divisible
from visits.reports.filters import DIMENSIONS
from visits.reports.measures import MEASURES
from visits.reports.sets import SETS
from visits.reports.shapes import Measure, Shape
from visits.superior.models import When
from visits.superior.rules import Term

TEXT, MEASURE, COLUMN = "text.", "measure.", "column."
WORDS, SENTENCE = "text.words", "text.sentence"
ORDINAL, NAME = "ordinal", "name"
PROBLEMS, VISITS = "problems.", "visits"
RATE_KIND, NUMBER_KIND = "rate", "number"


@dataclass(frozen=True)
class About:
    """What texts are made of: the office, who fills the form in which unit on which day, for which term."""

    office: str
    person: str
    unit: str
    day: date
    term: Term


@dataclass(frozen=True)
class Text:
    """A text the form asks for; `blanks` are its names in words such as "填报单位：{单位}"."""

    label: str
    blanks: tuple[str, ...]
    kind: str
    read: Callable[[About], str]


TEXTS: dict[str, Text] = {
    "text.office": Text(N_("Name of the zone"), ("单位", "office"), "text", lambda a: a.office),
    "text.period": Text(
        N_("The period in words"), ("期间", "period"), "text", lambda a: term_words(a.term)
    ),
    "text.first": Text(
        N_("First day of the period"), ("起始日", "from"), "day", lambda a: a.term.first_on.isoformat()
    ),
    "text.last": Text(
        N_("Last day of the period"), ("截止日", "to"), "day", lambda a: a.term.span.to_on.isoformat()
    ),
    "text.today": Text(N_("Day of filling"), ("填报日期", "today"), "day", lambda a: a.day.isoformat()),
    "text.person": Text(N_("Who fills the form"), ("填报人", "person"), "text", lambda a: a.person),
    "text.unit": Text(N_("Unit of who fills the form"), ("填报部门", "unit"), "text", lambda a: a.unit),
}
BLANKS = {blank: key for key, text in TEXTS.items() for blank in text.blanks}
DIMENSION_LABELS = {
    "programme": N_("Programmes"),
    "unit": N_("Units"),
    "category": N_("Categories"),
    "group": N_("Service groups"),
    "park": N_("Parks"),
}
PART_LABELS = {
    "programme": N_("Programme"),
    "unit": N_("Unit"),
    "category": N_("Category"),
    "group": N_("Service group"),
    "park": N_("Park"),
}
OF_A_LIST = (
    Column(ORDINAL, N_("Running number")),
    Column(NAME, N_("What it is called")),
)


def term_words(term: Term) -> str:
    """A term as a heading says it: 2026年3月, 2026年第1季度, 2026年上半年, or from day to day."""
    first, last = term.first_on, term.span.to_on
    match term.kind:
        case "month":
            return gettext("%(month)d/%(year)d", month=first.month, year=first.year)
        case "quarter":
            return gettext("quarter %(number)d of %(year)d", number=last.month // 3, year=first.year)
        case "half" if first.month == 1:
            return gettext("first half of %(year)d", year=first.year)
        case "half":
            return gettext("second half of %(year)d", year=first.year)
        case "year":
            return gettext("the year %(year)d", year=first.year)
    return gettext("%(first)s to %(last)s", first=day_words(first), last=day_words(last))


def day_words(day: date) -> str:
    """A day as running text says it."""
    return gettext("%(year)d-%(month)d-%(day)d", year=day.year, month=day.month, day=day.day)


def word_of(text: Text, about: About) -> str:
    """A text as it stands among words: days as running text says them."""
    said = text.read(about)
    return day_words(date.fromisoformat(said)) if text.kind == "day" else said


def spans_of(term: Term, counted_from: date | None) -> dict[When, Any]:
    """The days of each kind of period."""
    return {
        When.CHOSEN: term.span,
        When.BEFORE: term.before,
        When.YEAR_BEFORE: term.year_before,
        When.YEAR: term.year,
        When.YEAR_BEFORE_TO_DATE: term.year_before_to_date,
        When.TO_DATE: term.to_date(counted_from),
    }


def lists() -> dict[str, str]:
    """For what a row can be repeated: parts of the office, visits, problems that a figure counts."""
    parts = {name: DIMENSION_LABELS[name] for name in DIMENSIONS if name in DIMENSION_LABELS}
    problems = {
        PROBLEMS + key: measure.label for key, measure in MEASURES.items() if _is_of_issues(measure)
    }
    return parts | {VISITS: N_("Visits")} | problems


def _is_of_issues(measure: Measure) -> bool:
    wanted = SETS[measure.numerator] if measure.numerator else None
    is_list = wanted is not None and (wanted.fact, wanted.counts) == ("issues", "id")
    return is_list and measure.shape is Shape.COUNT


def list_label(list_of: str) -> str:
    """What a list is called in the reader's language."""
    label = gettext(lists().get(list_of, list_of))
    return gettext("Problems: %(which)s", which=label) if list_of.startswith(PROBLEMS) else label


def columns_of(list_of: str, calendar: Calendar) -> dict[str, Column]:
    """The columns a repeated row can show, besides figures of the row's own part."""
    if list_of in DIMENSION_LABELS:
        return {column.key: column for column in OF_A_LIST}
    own = issue_columns(calendar) if list_of.startswith(PROBLEMS) else VISIT_COLUMNS
    return {column.key: column for column in (OF_A_LIST[0], *own)}


def figures_of(list_of: str) -> dict[str, Measure]:
    """The figures that a row of a list can show."""
    if list_of not in DIMENSION_LABELS:
        return {}
    return {key: measure for key, measure in MEASURES.items() if is_divisible(measure, list_of)}


def measure_of(source: str) -> Measure | None:
    """The figure a source means; None where it means none."""
    return MEASURES.get(source.removeprefix(MEASURE)) if source.startswith(MEASURE) else None


def plain(value: Any) -> tuple[str, Any] | None:
    """A list's cell as it goes into the workbook: numbers as numbers, days as days, all else as text."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "text", str(value)
    if isinstance(value, int | float):
        return NUMBER_KIND, value
    if isinstance(value, datetime):
        local = value if value.tzinfo is None else value.astimezone(SITE_ZONE).replace(tzinfo=None)
        return "moment", local.isoformat(timespec="minutes")
    if isinstance(value, date):
        return "day", value.isoformat()
    return "text", str(value)
