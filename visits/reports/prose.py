"""The sentence that an office puts into its reports."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask_babel import get_locale, gettext
from markupsafe import Markup, escape

from visits.core.i18n import N_
from visits.core.periods import Span
from visits.core.settings import get_setting
from visits.reports import rules
from visits.reports.assemble import Totals

Link = Callable[[str, str], Markup]
FIGURES = {"visits": "visit_count", "problems": "solved"}
IN_ALL = N_(
    "In all, visits to enterprises: %(visits)s; problems of all kinds solved for them: %(problems)s."
)
IN_PERIOD = N_(
    "In this period, visits to enterprises: %(visits)s; "
    "problems of all kinds solved for them: %(problems)s."
)
SINCE = N_(
    "Since %(year)d-%(month)d, visits to enterprises: %(visits)s; "
    "problems of all kinds solved for them: %(problems)s."
)


def count_from() -> date | None:
    """The day from which the office counts, if it has set one."""
    day = get_setting("count_from")
    return date.fromisoformat(day) if day else None


def sentence(totals: Totals, counted_from: date | None, link: Link | None = None) -> str:
    """How many visits and solved problems there were, rounded down; “since” when counted to date.

    For a page with `link`, which leads from a number, as it is written, to the rows behind its figure.
    """
    shown: dict[str, Any] = {name: _about(totals.figures[key].numerator) for name, key in FIGURES.items()}
    if link is not None:
        shown = {name: link(FIGURES[name], text) for name, text in shown.items()}
    if counted_from and is_to_date(totals.wanted.span, counted_from):
        said = gettext(SINCE)
        shown |= {"year": counted_from.year, "month": counted_from.month}
    else:
        said = gettext(IN_PERIOD if totals.wanted.span.from_on else IN_ALL)
    return (said if link is None else escape(said)) % shown


def is_to_date(span: Span, counted_from: date | None) -> bool:
    """Whether a period begins where the office begins to count."""
    return span.from_on == counted_from or (span.from_on is None)


def _about(number: object) -> str:
    count = int(str(number))
    if str(get_locale()).startswith("zh"):
        return rules.about(count)
    floor = rules.floored(count)
    return f"{floor:,}" if floor == count else gettext("more than %(number)s", number=f"{floor:,}")
