"""The paragraph with which a problem goes to a meeting, written from what is known of it."""

from collections.abc import Iterable
from typing import Any

from flask_babel import get_locale, gettext

from visits.core.calendar import load_calendar
from visits.core.clock import today
from visits.core.i18n import N_
from visits.core.workdays import workdays_between
from visits.issues.rules import beyond_title
from visits.issues.states import ON_UNIT_DESK, STATE_LABELS
from visits.meetings import queries
from visits.meetings.rules import shortened

WITHHELD = N_("an enterprise (name withheld)")
LEAST_NAME = 4  # shorter names are words of the language too


def briefs_of(issue_ids: Iterable[int]) -> dict[int, str]:
    """The paragraph for each of these problems."""
    return {row.id: _brief(row) for row in queries.brief_facts(list(issue_ids))}


def _brief(row: Any) -> str:
    firm = gettext(WITHHELD) if row.confidential else row.enterprise
    said = [
        gettext("%(firm)s: %(title)s.", firm=firm, title=row.title),
        _sentence(beyond_title(row.title, row.description)),
        *_units(row),
        *_due(row),
        _done(row),
    ]
    if row.wish:
        said.append(gettext("What the enterprise wishes: %(wish)s.", wish=_plain(row.wish)))
    locale = get_locale()
    text = ("" if locale is not None and locale.language == "zh" else " ").join(filter(None, said))
    return _without_name(text, row) if row.confidential else text


def _plain(text: str) -> str:
    return shortened(text).rstrip("。.；;！!")


def _sentence(text: str) -> str:
    return gettext("%(sentence)s.", sentence=_plain(text)) if text.strip() else ""


def _units(row: Any) -> list[str]:
    if not row.lead_unit:
        return [gettext("No unit has it yet.")]
    said = [gettext("Unit in charge: %(unit)s.", unit=row.lead_unit)]
    if row.co_units:
        said.append(gettext("Co-units: %(units)s.", units=row.co_units))
    return said


def _due(row: Any) -> list[str]:
    if row.due_on is None:
        return []
    if row.state in ON_UNIT_DESK and row.due_on < today():
        late = workdays_between(row.due_on, today(), load_calendar())
        return [gettext("Due on %(day)s, %(late)d working days overdue.", day=row.due_on, late=late)]
    return [gettext("Due on %(day)s.", day=row.due_on)]


def _done(row: Any) -> str:
    state = gettext(STATE_LABELS[row.state])
    if not row.progress:
        return gettext("So far: %(state)s, nothing reported.", state=state)
    return gettext("So far: %(state)s; %(progress)s.", state=state, progress=_plain(row.progress))


def _without_name(text: str, row: Any) -> str:
    """The text without the name of an enterprise that wants it kept, wherever it was written."""
    if len(row.enterprise) < LEAST_NAME:
        return text
    return text.replace(row.enterprise, gettext(WITHHELD))
