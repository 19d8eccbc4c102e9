"""What a list of problems can be narrowed to, and the SQL conditions that do it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from visits.core.clock import today
from visits.core.workdays import Calendar
from visits.enterprises.models import Enterprise
from visits.enterprises.rules import SEARCHED_CHARACTERS
from visits.issues import rules
from visits.issues.models import Dispatch, Issue, IssueProgramme
from visits.issues.rules import Outcome, Tone
from visits.issues.states import EXCLUDED, ON_UNIT_DESK, OPEN, State


def overdue(day: date) -> sa.ColumnElement[bool]:
    """Problems on a unit's desk whose due date lies before `day`."""
    return sa.and_(Issue.state.in_(ON_UNIT_DESK), Issue.due_on < day)


@dataclass(frozen=True)
class IssueFilters:
    """What a list of problems is narrowed to.

    `mine` is desk (my unit has it now) or authored (I registered it).
    `state` is a state or a set: open, counted (not excluded), all (void too); else void is left out.
    """

    q: str = ""
    state: str = ""
    mine: str = ""
    light: str = ""
    category_id: int | None = None
    unit_id: int | None = None
    enterprise_id: int | None = None
    programme_id: int | None = None
    group_id: int | None = None
    outcome: str = ""
    overdue: bool = False
    on_spot: bool = False
    registered_from: date | None = None
    registered_to: date | None = None
    closed_from: date | None = None
    closed_to: date | None = None


def _in_state(wanted: str) -> sa.ColumnElement[bool]:
    if wanted == "open":
        return Issue.state.in_(OPEN)
    if wanted == "counted":
        return Issue.state.not_in(EXCLUDED)
    if wanted in {s.value for s in State}:
        return Issue.state == State(wanted)
    return sa.true() if wanted == "all" else Issue.state != State.VOID


def _in_light(tone: str, calendar: Calendar) -> sa.ColumnElement[bool]:
    last = rules.last_yellow_day(today(), calendar)
    answers = {
        Tone.RED: overdue(today()),
        Tone.YELLOW: sa.and_(Issue.state.in_(ON_UNIT_DESK), Issue.due_on.between(today(), last)),
        Tone.GREEN: sa.and_(Issue.state.in_(ON_UNIT_DESK), Issue.due_on > last),
        Tone.GREY: Issue.state == State.SUSPENDED,
    }
    return answers.get(tone, sa.true())  # type: ignore[call-overload]


def _in_span(column: Any, first: date | None, last: date | None) -> list[sa.ColumnElement[bool]]:
    found = [column >= first] if first else []
    return found + ([column <= last] if last else [])


def _with_text(q: str) -> sa.ColumnElement[bool]:
    return sa.or_(
        Issue.number.icontains(q, autoescape=True),
        Issue.title.icontains(q, autoescape=True),
        Issue.description.icontains(q, autoescape=True),
        Enterprise.search_text.contains(q.casefold(), autoescape=True),
    )


def conditions(filters: IssueFilters, calendar: Calendar) -> list[sa.ColumnElement[bool]]:
    wanted = [_in_state(filters.state)]
    if filters.q.strip():
        wanted += [_with_text(part) for part in filters.q[:SEARCHED_CHARACTERS].split()]
    if filters.light:
        wanted.append(_in_light(filters.light, calendar))
    for column, value in (
        (Issue.category_id, filters.category_id),
        (Issue.enterprise_id, filters.enterprise_id),
        (Issue.group_id, filters.group_id),
    ):
        if value is not None:
            wanted.append(column == value)
    if filters.unit_id is not None:
        wanted.append(Issue.id.in_(sa.select(Dispatch.issue_id).where(Dispatch.unit_id == filters.unit_id)))
    if filters.programme_id is not None:
        heard = sa.select(IssueProgramme.issue_id).where(
            IssueProgramme.programme_id == filters.programme_id
        )
        wanted.append(Issue.id.in_(heard))
    return wanted + _closing_conditions(filters)


def _closing_conditions(filters: IssueFilters) -> list[sa.ColumnElement[bool]]:
    wanted = _in_span(Issue.registered_on, filters.registered_from, filters.registered_to)
    wanted += _in_span(Issue.closed_on, filters.closed_from, filters.closed_to)
    if filters.outcome in {o.value for o in Outcome}:
        wanted.append(Issue.outcome == Outcome(filters.outcome))
    if filters.on_spot:
        wanted.append(Issue.on_spot.is_(True))
    if filters.overdue:
        wanted.append(overdue(today()))
    return wanted
