"""The two clocks of a problem, the enterprise's and the units', and how a due date came about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from visits.core.clock import today
from visits.core.listing import BETWEEN, joined
from visits.core.periods import local_date
from visits.core.site_days import site_day
from visits.core.workdays import Calendar, Count, explained
from visits.issues import rules
from visits.issues.models import Dispatch, DispatchKind, Issue
from visits.issues.rules import Light, Stay
from visits.issues.states import ON_UNIT_DESK, State


@dataclass(frozen=True)
class UnitClock:
    """How long one unit had a problem in charge, and how often."""

    unit_id: int
    unit: str
    stays: int
    days: int
    is_running: bool


def awaited_units(issue: Issue, tasks: Iterable[Any]) -> list[str]:
    """The co-units whose answer is missing, so that the lead unit cannot report yet."""
    if issue.state is not State.IN_PROGRESS:
        return []
    return [
        task.unit
        for task in tasks
        if task.Dispatch.kind is DispatchKind.CO
        and not (task.Dispatch.ended_at or task.Dispatch.answered_at or task.Dispatch.waived_at)
    ]


def unit_clocks(issue: Issue, tasks: Iterable[Any], calendar: Calendar) -> list[UnitClock]:
    """The clock of each unit that had the problem in charge, in the order in which they got it."""
    held: dict[int, list[Any]] = {}
    for task in tasks:
        if task.Dispatch.kind is DispatchKind.LEAD:
            held.setdefault(task.Dispatch.unit_id, []).append(task)
    return [
        UnitClock(
            unit_id,
            rows[0].unit,
            len(rows),
            rules.desk_days((_stay(issue, row.Dispatch) for row in rows), today(), calendar),
            issue.state in ON_UNIT_DESK and any(_end(row.Dispatch) is None for row in rows),
        )
        for unit_id, rows in held.items()
    ]


def _end(task: Dispatch) -> Any:
    return task.answered_at or task.returned_at or task.ended_at


def _stay(issue: Issue, task: Dispatch) -> Stay:
    end = _end(task) or (issue.state_since if issue.state is State.SUSPENDED else None)
    return Stay(local_date(task.assigned_at), local_date(end) if end else None, task.paused)


def stays_in_list() -> Any:
    """The stays on the desk of the unit in charge, as one text for each row; read by `days_of`."""
    end = sa.func.coalesce(Dispatch.answered_at, Dispatch.returned_at, Dispatch.ended_at)
    said = sa.func.coalesce(sa.cast(site_day(end), sa.String), "")
    text = sa.cast(site_day(Dispatch.assigned_at), sa.String) + "/" + said
    stays = sa.select(joined(text + "/" + sa.cast(Dispatch.paused, sa.String))).where(
        Dispatch.issue_id == Issue.id,
        Dispatch.unit_id == Issue.lead_unit_id,
        Dispatch.kind == DispatchKind.LEAD,
    )
    return stays.correlate(Issue).scalar_subquery()


def days_of(row: Any, calendar: Calendar) -> int | None:
    """The clock of the unit in charge of a listed problem; none where no unit has had it."""
    if not row.stays:
        return None
    resting = local_date(row.state_since) if row.state is State.SUSPENDED else None
    return rules.desk_days((_read(text, resting) for text in row.stays.split(BETWEEN)), today(), calendar)


def _read(text: str, resting: date | None) -> Stay:
    begun, ended, paused = text.split("/")
    return Stay(
        date.fromisoformat(begun), date.fromisoformat(ended) if ended else resting, int(paused or 0)
    )


@dataclass(frozen=True)
class DueStory:
    """How the due date of the present task was counted, and what moved it since."""

    limit: Count
    added: Count | None
    changes: Sequence[tuple[date, str, str]]
    extended: int
    paused: int

    @property
    def days(self) -> int:
        """The working days from the assignment to the due date as it is now."""
        return self.limit.days + (self.added.days if self.added else 0)


def due_story(tasks: Iterable[Any], moves: Iterable[Any], calendar: Calendar) -> DueStory | None:
    """Explain the due date of the lead's last task; none where no unit has had the problem.

    `changes` are day, move and new due date, oldest first.
    """
    leads = [row.Dispatch for row in tasks if row.Dispatch.kind is DispatchKind.LEAD]
    if not leads:
        return None
    task = leads[-1]
    start = local_date(task.assigned_at)
    later = [row.IssueMove for row in moves if row.IssueMove.happened_at > task.assigned_at]
    is_later = task.due_on > task.original_due_on
    return DueStory(
        explained(start, task.original_due_on, calendar),
        explained(task.original_due_on, task.due_on, calendar) if is_later else None,
        [
            (local_date(move.happened_at), move.move, move.details["due_on"])
            for move in later
            if move.details.get("due_on")
        ],
        task.extended,
        task.paused,
    )


def stage_light(issue: Issue, tasks: Iterable[Any], calendar: Calendar) -> Light | None:
    """The light of the interim report the present lead unit owes, if it is due soon or overdue."""
    if issue.state not in ON_UNIT_DESK:
        return None
    for row in tasks:
        task = row.Dispatch
        if task.stage_due and not task.staged_at and not task.ended_at:
            return rules.stage_light(task.stage_due, today(), calendar)
    return None
