"""The sentence that an office puts into its reports."""

from datetime import date

from flask_babel import get_locale, gettext

from visits.core.periods import Span
from visits.core.settings import get_setting
from visits.reports import rules
from visits.reports.assemble import Totals


def count_from() -> date | None:
    """The day from which the office counts, if it has set one."""
    day = get_setting("count_from")
    return date.fromisoformat(day) if day else None


def sentence(totals: Totals, counted_from: date | None) -> str:
    """How many visits and solved problems there were, rounded down; “since” when counted to date."""
    numbers = {
        "visits": _about(totals.figures["visit_count"].numerator),
        "problems": _about(totals.figures["solved"].numerator),
    }
    if counted_from and is_to_date(totals.wanted.span, counted_from):
        return gettext(
            "Since %(year)d-%(month)d enterprises have been visited %(visits)s times in all, "
            "and %(problems)s problems of all kinds have been solved for them.",
            year=counted_from.year,
            month=counted_from.month,
            **numbers,
        )
    return gettext(
        "Enterprises have been visited %(visits)s times in all, "
        "and %(problems)s problems of all kinds have been solved for them.",
        **numbers,
    )


def is_to_date(span: Span, counted_from: date | None) -> bool:
    """Whether a period begins where the office begins to count."""
    return span.from_on == counted_from or (span.from_on is None)


def _about(number: object) -> str:
    count = int(str(number))
    if str(get_locale()).startswith("zh"):
        return rules.about(count)
    floor = rules.floored(count)
    return f"{floor:,}" if floor == count else gettext("more than %(number)s", number=f"{floor:,}")
