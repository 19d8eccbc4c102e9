"""The lists of a supervisor's board: which problems are stuck, and in what way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Unit
from visits.core.authz import Actor, predicate_for
from visits.core.clock import today
from visits.core.db import db
from visits.core.i18n import N_
from visits.core.periods import end_of
from visits.core.permissions import Permission
from visits.core.workdays import Calendar, add_workdays
from visits.issues import rules
from visits.issues.above import CHECKS, VISITS
from visits.issues.models import Dispatch, DispatchKind, Evaluation, Finding, Issue, Outcome
from visits.issues.states import ON_UNIT_DESK, OPEN, State

COMMITMENT_SOON = 5

UNSOLVED = (Finding.NO_PROGRESS.value, Finding.WORSE.value)

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True)
class Board:
    """One list of the board: its name, what puts a problem on it, and how much that weighs."""

    key: str
    label: str
    hint: str
    weight: int
    tone: str = "danger"


BOARDS = (
    Board("overdue", N_("Overdue"), N_("On a unit's desk after the due day."), 4),
    Board(
        "due_soon", N_("Due within 2 working days"), N_("On a unit's desk, due very soon."), 1, "warning"
    ),
    Board("unsigned", N_("Not signed in time"), N_("Assigned, and the day for signing is over."), 3),
    Board("stalled", N_("No progress"), N_("The unit has done nothing for 5 working days."), 3),
    Board("returned", N_("Returned twice or more"), N_("Nobody feels in charge."), 3),
    Board(
        "extended", N_("Extended twice"), N_("Both extensions of the assignment are used up."), 2, "warning"
    ),
    Board(
        "review_due",
        N_("Suspension to be reviewed"),
        N_("The day of review comes within 2 working days, or is over."),
        2,
        "warning",
    ),
    Board("rated_badly", N_("Rated badly"), N_("Open, and the enterprise's latest rating is bad."), 4),
    Board(
        "lapsing",
        N_("Promise about to lapse"),
        N_("Closed as planned; the day promised comes within 5 working days, or is over."),
        2,
        "warning",
    ),
    Board(
        "contradicted",
        N_("Closed as solved, said otherwise on site"),
        N_("At a later visit the enterprise said that the problem is not solved, or worse."),
        3,
    ),
    Board("red_flag", N_("Red flag"), N_("Open, with a red flag raised."), 5),
)
BY_RATING = frozenset({"rated_badly"})  # what a unit may not sort its problems by
BY_KEY = {board.key: board for board in BOARDS}


@dataclass(frozen=True)
class Days:
    """The days by which the lists are cut today, worked out once."""

    today: date
    soon: date
    review: date
    lapsing: date
    idle_since: date


def days_of(calendar: Calendar) -> Days:
    """The days by which the lists are cut today."""
    return Days(
        today=today(),
        soon=rules.last_yellow_day(today(), calendar),
        review=add_workdays(today(), rules.SOON, calendar),
        lapsing=add_workdays(today(), COMMITMENT_SOON, calendar),
        idle_since=rules.last_idle_day(today(), calendar),
    )


def _lead_is(*where: Condition) -> Condition:
    """Problems whose running task of the lead unit is such."""
    running = (
        Dispatch.issue_id == Issue.id,
        Dispatch.kind == DispatchKind.LEAD,
        Dispatch.ended_at.is_(None),
    )
    return sa.exists().where(*running, *where).correlate(Issue)


def contradicted() -> Condition:
    """Problems closed as solved of which the enterprise, at its latest visit since, said otherwise."""
    current = (CHECKS.c.superseded_at.is_(None), VISITS.c.voided_at.is_(None))
    checked = sa.join(CHECKS, VISITS, VISITS.c.id == CHECKS.c.visit_id)
    latest = (
        sa.select(CHECKS.c.finding)
        .select_from(checked)
        .where(CHECKS.c.issue_id == Issue.id, *current)
        .where(VISITS.c.visited_on >= Issue.closed_on, CHECKS.c.recorded_at >= Issue.closed_at)
        .order_by(VISITS.c.visited_on.desc(), CHECKS.c.id.desc())
        .limit(1)
        .correlate(Issue)
        .scalar_subquery()
    )
    bad = sa.select(CHECKS.c.issue_id).where(
        CHECKS.c.issue_id.is_not(None), CHECKS.c.superseded_at.is_(None), CHECKS.c.finding.in_(UNSOLVED)
    )
    return sa.and_(
        Issue.id.in_(bad.correlate(None)),
        Issue.closed_on.is_not(None),
        Issue.outcome == Outcome.SOLVED,
        latest.in_(UNSOLVED),
    )


def conditions_of(days: Days) -> Mapping[str, Condition]:
    """Which problems each list holds, on the board and as a filter of the list of problems alike."""
    on_desk, is_open = Issue.state.in_(ON_UNIT_DESK), Issue.state.in_(OPEN)
    latest = (
        sa.select(Evaluation.level)
        .where(Evaluation.issue_id == Issue.id, Evaluation.level.is_not(None))
        .order_by(Evaluation.id.desc())
        .limit(1)
        .correlate(Issue)
        .scalar_subquery()
    )
    # By the day of closing, not by the state: else SQLite reads all that was ever closed, not the promises.
    is_planned = sa.and_(Issue.closed_on.is_not(None), Issue.outcome == Outcome.PLANNED)
    return {
        "overdue": sa.and_(on_desk, Issue.due_on < days.today),
        "due_soon": sa.and_(on_desk, Issue.due_on.between(days.today, days.soon)),
        "unsigned": sa.and_(
            Issue.state == State.ASSIGNED,
            _lead_is(Dispatch.signed_at.is_(None), Dispatch.sign_due < days.today),
        ),
        "stalled": sa.and_(
            Issue.state == State.IN_PROGRESS,
            Issue.state_since < end_of(days.idle_since),
            sa.or_(Issue.worked_at.is_(None), Issue.worked_at < end_of(days.idle_since)),
        ),
        "returned": sa.and_(is_open, Issue.return_count >= 2),
        "extended": sa.and_(is_open, _lead_is(Dispatch.extended >= rules.EXTENSIONS)),
        "review_due": sa.and_(Issue.state == State.SUSPENDED, Issue.review_on <= days.review),
        "rated_badly": sa.and_(is_open, latest.in_(rules.BAD_LEVELS)),
        "lapsing": sa.and_(is_planned, Issue.commitment_due <= days.lapsing),
        "contradicted": contradicted(),
        "red_flag": sa.and_(is_open, Issue.red_flag.is_not(None)),
    }


def listed(conditions: Mapping[str, Condition]) -> Condition:
    """Problems on any list; open ones are found by their state, promises by day, others by answers."""
    return sa.and_(
        sa.or_(Issue.state.in_(OPEN), conditions["lapsing"], conditions["contradicted"]),
        sa.or_(*conditions.values()),
    )


def seen_by(actor: Actor) -> Condition:
    """Problems within the actor's reach for the board."""
    return predicate_for(actor, Permission.SUPERVISION_BOARD, Issue)


def count_by_unit(actor: Actor, conditions: Mapping[str, Condition]) -> Sequence[Any]:
    """How many problems within the actor's reach each list holds, by the unit in charge or none."""
    counted = [sa.func.count(sa.case((condition, 1))).label(key) for key, condition in conditions.items()]
    stmt = (
        sa.select(Unit.id, Unit.name, *counted)
        .select_from(Issue)
        .outerjoin(Unit, Unit.id == Issue.lead_unit_id)
        .where(listed(conditions), seen_by(actor))
    )
    return db.session.execute(stmt.group_by(Unit.id, Unit.name)).all()


def in_all(counted: Sequence[Any]) -> dict[str, int]:
    """How many problems each list holds, of all units together and of none."""
    return {board.key: sum(getattr(row, board.key) for row in counted) for board in BOARDS}


def weight_of(conditions: Mapping[str, Condition]) -> sa.ColumnElement[int]:
    """How badly a problem is stuck: the weights of its lists, and one for each step it was escalated."""
    parts = [sa.case((condition, BY_KEY[key].weight), else_=0) for key, condition in conditions.items()]
    return sum(parts[1:], parts[0]) + Issue.escalation
