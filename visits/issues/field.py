"""What enterprises say of their problems at later visits (现场反映): evidence, which moves nothing."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext

from visits.core.authz import Actor
from visits.core.calendar import load_calendar
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Role
from visits.issues import queries, rules
from visits.issues.above import CHECKS
from visits.issues.confidence import is_kept_from
from visits.issues.models import AFTER_CLOSING_LABELS, FINDING_LABELS, Finding, Issue
from visits.issues.rules import Outcome
from visits.issues.states import OPEN, State

ASKED_AFTER_CLOSING = 90  # days in which a problem that was closed is still asked about


def to_ask_about(actor: Actor, enterprise_ids: Iterable[int], also: Collection[int] = ()) -> Sequence[Any]:
    """Problems to ask these enterprises about, as far as a person may know of them: open ones first.

    Those closed as solved or as planned are asked about for 90 days; `also` names others that are wanted.
    """
    recently = sa.and_(
        Issue.closed_on >= today() - timedelta(days=ASKED_AFTER_CLOSING),
        Issue.outcome.in_((Outcome.SOLVED, Outcome.PLANNED)),
    )
    wanted = sa.or_(Issue.state.in_(OPEN), recently, Issue.id.in_(list(also)))
    seen = (queries.visible_to(actor), sa.not_(is_kept_from(actor)))
    return db.session.execute(
        queries.rows(actor)
        .where(Issue.enterprise_id.in_(list(enterprise_ids)), wanted, *seen)
        .order_by(Issue.closed_on.is_not(None), Issue.registered_on, Issue.id)
    ).all()


def is_closed_as_solved(issue: Any) -> bool:
    """Say whether a problem, or a row of one, is closed with the outcome "solved"."""
    return issue.state is State.CLOSED and issue.outcome is Outcome.SOLVED


def is_in_time_to_reopen(actor: Actor, closed_on: date) -> bool:
    """Say whether a problem closed on this day may still be taken up again by this person."""
    if actor.roles & {Role.SUPERVISOR, Role.LEADER}:
        return True
    return today() <= rules.reopen_until(closed_on, load_calendar())


def finding_text(finding: Finding, *, of_closed: bool) -> str:
    """What the enterprise said, in words; of what was closed as solved in words of their own."""
    labels = AFTER_CLOSING_LABELS if of_closed else FINDING_LABELS
    return gettext(labels.get(finding, FINDING_LABELS[finding]))


@dataclass(frozen=True)
class Heard:
    """What was heard last of one promise or problem: in words, and on which day."""

    text: str
    visited_on: date
    note: str = ""
    is_bad: bool = False


@dataclass(frozen=True)
class Evidence:
    """What visits say of one problem: what no longer stands, whether visits are named, the last word."""

    retracted: frozenset[int] = frozenset()
    names_visits: bool = True
    latest: Heard | None = None


def evidence_of(moves: Iterable[Any], *, is_kept: bool) -> Evidence:
    """Read from a problem's moves what visits say of it; without such a report it costs no statement.

    A visit would name the enterprise: where that is kept from the reader, visits are not named.
    """
    reports = [
        row.IssueMove.details | {"note": row.IssueMove.note}
        for row in moves
        if "check_id" in row.IssueMove.details
    ]
    if not reports:
        return Evidence()
    ids = [report["check_id"] for report in reports]
    gone = sa.select(CHECKS.c.id).where(CHECKS.c.id.in_(ids), CHECKS.c.superseded_at.is_not(None))
    retracted = frozenset(db.session.scalars(gone))
    standing = [report for report in reports if report["check_id"] not in retracted]
    last = max(standing, key=lambda report: (report["heard_on"], report["check_id"]), default=None)
    return Evidence(retracted, not is_kept, _heard(last) if last else None)


def _heard(report: dict[str, Any]) -> Heard:
    key = "finding_after" if "finding_after" in report else "finding"
    finding = Finding(report[key])
    text = finding_text(finding, of_closed=key == "finding_after")
    is_bad = finding in (Finding.NO_PROGRESS, Finding.WORSE)
    return Heard(text, date.fromisoformat(report["heard_on"]), report["note"], is_bad)
