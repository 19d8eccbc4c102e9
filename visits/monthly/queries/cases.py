"""What a month's report names one by one: late and suspended problems, examples, meetings, sources."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Unit
from visits.core.db import db
from visits.core.periods import Month
from visits.core.workdays import Calendar, workdays_between
from visits.enterprises.models import Enterprise
from visits.issues.models import Duty, Issue, IssueMove
from visits.meetings.models import AgendaItem, Meeting
from visits.meetings.states import State as MeetingState
from visits.monthly.content import Case, Talk
from visits.reports.queries import Sheet, mark_of

MOST_EXAMPLES, LOOKED_AT = 3, 12
RESTING = ("ask_suspension", "suspend")


def _cases(sheet: Sheet, name: str) -> Sequence[sa.Row[Any]]:
    known = sheet.marked["issues"]
    stmt = (
        sa.select(
            Issue.id,
            Issue.number,
            Issue.title,
            Issue.confidential,
            Issue.registered_on,
            Issue.review_on,
            Enterprise.name.label("enterprise"),
            sa.func.coalesce(Unit.name, "").label("unit"),
            known.c.state,
            known.c.due_on,
        )
        .join(known, known.c.id == Issue.id)
        .join(Enterprise, Enterprise.id == Issue.enterprise_id)
        .outerjoin(Unit, Unit.id == known.c.unit_id)
        .where(known.c[mark_of(name)] == 1)
    )
    return db.session.execute(stmt).all()


def _case(row: Any, **more: Any) -> Case:
    """One line of annex 3; an enterprise that asked not to be named has no name there."""
    return Case(
        id=row.id,
        number=row.number,
        title=row.title,
        enterprise="" if row.confidential else row.enterprise,
        unit=row.unit,
        state=str(row.state),
        registered_on=row.registered_on.isoformat(),
        due_on=row.due_on and row.due_on.isoformat(),
        **more,
    )


def overdue_cases(sheet: Sheet, calendar: Calendar) -> list[Case]:
    """The problems late at the end of the month, the latest first."""
    end = sheet.question.wanted.span.to_on
    cases = [
        _case(row, workdays_late=workdays_between(row.due_on, max(row.due_on, end), calendar))
        for row in _cases(sheet, "overdue")
    ]
    return sorted(cases, key=lambda case: (case.due_on or "", case.number))


def suspended_cases(sheet: Sheet) -> list[Case]:
    """The problems suspended at the end of the month, with why and until when."""
    rows = _cases(sheet, "suspended")
    said = _said_of([row.id for row in rows], sheet.question.wanted.as_of) if rows else {}
    cases = []
    for row in rows:
        reason, review_on = said.get(row.id, ("", None))
        review_on = review_on or (row.review_on and row.review_on.isoformat())
        cases.append(_case(row, workdays_late=0, review_on=review_on, reason=reason))
    return sorted(cases, key=lambda case: (case.review_on or "", case.number))


def _said_of(ids: list[int], as_of: datetime) -> dict[int, tuple[str, str | None]]:
    """What was written when these problems were last laid to rest, and the day of review named then."""
    wanted = (IssueMove.issue_id.in_(ids), IssueMove.move.in_(RESTING), IssueMove.recorded_at <= as_of)
    columns = (IssueMove.issue_id, IssueMove.move, IssueMove.note, IssueMove.details)
    stmt = sa.select(*columns).where(*wanted).order_by(IssueMove.issue_id, IssueMove.seq)
    found: dict[int, tuple[str, str | None]] = {}
    for issue_id, move, note, details in db.session.execute(stmt):
        reason, _ = found.get(issue_id, ("", None))
        reason = note if move == "ask_suspension" else reason or note
        found[issue_id] = (reason, details.get("review_on"))
    return found


def sources_of(sheet: Sheet) -> dict[str, int]:
    """How many validly registered problems came from where."""
    stmt = sa.select(Issue.source, sa.func.count()).where(Issue.id.in_(sheet.keys_of("registered")))
    rows = db.session.execute(stmt.group_by(Issue.source)).all()
    return {str(source): n for source, n in sorted(rows, key=lambda row: (-row[1], str(row[0])))}


def examples_of(sheet: Sheet, category_ids: Iterable[int]) -> dict[int, list[str]]:
    """Titles of problems of these categories; none that is confidential or names its enterprise."""
    nth = sa.func.row_number().over(partition_by=Issue.category_id, order_by=Issue.id).label("nth")
    rows = (
        sa.select(Issue.category_id, Issue.title, Enterprise.name, Enterprise.short_name, nth)
        .join(Enterprise, Enterprise.id == Issue.enterprise_id)
        .where(
            Issue.id.in_(sheet.keys_of("registered")),
            Issue.category_id.in_(list(category_ids)),
            Issue.confidential.is_(False),
        )
        .subquery()
    )
    found: dict[int, list[str]] = defaultdict(list)
    stmt = sa.select(rows).where(rows.c.nth <= LOOKED_AT).order_by(rows.c.category_id, rows.c.nth)
    for row in db.session.execute(stmt):
        titles = found[row.category_id]
        is_named = any(name and name in row.title for name in (row.name, row.short_name))
        if not is_named and row.title not in titles and len(titles) < MOST_EXAMPLES:
            titles.append(row.title)
    return found


def held_talks(month: Month, as_of: datetime) -> list[Talk]:
    """The meetings held in a month, with the problems they took up and the duties they settled."""
    items = sa.select(sa.func.count()).where(
        AgendaItem.meeting_id == Meeting.id, AgendaItem.added_at <= as_of
    )
    settled = (Duty.meeting_id == Meeting.id, Duty.made_at <= as_of)
    counts = sa.or_(Duty.cancelled_at.is_(None), Duty.cancelled_at > as_of)
    duties = sa.select(sa.func.count()).where(*settled, counts)
    stmt = (
        sa.select(
            Meeting.id,
            Meeting.title,
            Meeting.meets_on,
            items.scalar_subquery().label("problems"),
            duties.scalar_subquery().label("duties"),
            duties.where(Duty.done_at < month.span.ends_at).scalar_subquery().label("done"),
        )
        .where(
            Meeting.state == MeetingState.HELD,
            Meeting.held_at <= as_of,
            Meeting.meets_on.between(month.first_on, month.last_on),
        )
        .order_by(Meeting.meets_on, Meeting.id)
    )
    return [
        Talk(row.id, row.title, _iso(row.meets_on), row.problems, row.duties, row.done)
        for row in db.session.execute(stmt)
    ]


def _iso(day: date) -> str:
    return day.isoformat()
