"""What a list of problems can be narrowed to, and the SQL conditions that do it."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from visits.core.authz import Actor
from visits.core.clock import today
from visits.core.filters import ALL_DAYS, ALL_VALUES, Days, Picked, narrowed
from visits.core.periods import start_of
from visits.core.site_days import site_day
from visits.core.workdays import ONE_DAY, Calendar
from visits.issues import rules
from visits.issues.boards import conditions_of, days_of
from visits.issues.confidence import is_kept_from
from visits.issues.finding import found_by
from visits.issues.marks import Mark
from visits.issues.models import (
    Category,
    Decision,
    Dispatch,
    Issue,
    IssueMove,
    IssueProgramme,
    IssueRequest,
)
from visits.issues.rules import Outcome, RequestKind, Tone
from visits.issues.states import EXCLUDED, OFFICE_LIMITS, ON_UNIT_DESK, OPEN, State

LEDGER = ("import:close", "import:close_on_spot")


def overdue(day: date) -> sa.ColumnElement[bool]:
    """Problems on a unit's desk whose due date lies before `day`."""
    return sa.and_(Issue.state.in_(ON_UNIT_DESK), Issue.due_on < day)


def up_for_review(day: date) -> sa.ColumnElement[bool]:
    """Suspended problems whose review day has come."""
    return sa.and_(Issue.state == State.SUSPENDED, Issue.review_on <= day)


def broken_promises(day: date) -> sa.ColumnElement[bool]:
    """Problems closed with outcome B whose promised day is over; what a ruling closed stays closed.

    So does what came from a ledger when that day was over: nobody knows here whether it was kept.
    """
    was_over = sa.and_(IssueMove.move.in_(LEDGER), Issue.commitment_due < site_day(IssueMove.recorded_at))
    ruled = sa.select(IssueMove.issue_id).where(
        sa.or_(IssueMove.move == "rule_closed", was_over), IssueMove.happened_at == Issue.closed_at
    )
    return sa.and_(
        Issue.state == State.CLOSED,
        Issue.outcome == Outcome.PLANNED,
        Issue.commitment_due < day,
        Issue.id.not_in(ruled.correlate(Issue)),
    )


@dataclass(frozen=True)
class IssueFilters:
    """What a list of problems is narrowed to; empty parts do not narrow.

    `board` holds keys of the board's lists, of which a problem must be on one.
    `mine` holds desk (my unit has it now), authored (I registered it), followed (I follow it) or several.
    `escalated` are levels of which the lowest counts: at least that.
    `state` holds states and sets: open, counted (not excluded), all (void too); of none, void is left out.
    `unit` is one that has or had the problem; none: nobody was ever given it. `lead` is in charge now.
    """

    q: str = ""
    state: tuple[str, ...] = ()
    mine: tuple[str, ...] = ()
    board: tuple[str, ...] = ()
    light: tuple[Tone, ...] = ()
    category: Picked = ALL_VALUES
    unit: Picked = ALL_VALUES
    lead: Picked = ALL_VALUES
    enterprise_id: int | None = None
    programme: Picked = ALL_VALUES
    group: Picked = ALL_VALUES
    source: Picked = ALL_VALUES
    urgency: Picked = ALL_VALUES
    complexity: Picked = ALL_VALUES
    outcome: Picked = ALL_VALUES
    registered: Days = ALL_DAYS
    closed: Days = ALL_DAYS
    due: Days = ALL_DAYS
    review: Days = ALL_DAYS
    promised: Days = ALL_DAYS
    asked: tuple[RequestKind, ...] = ()
    overdue: bool = False
    on_spot: bool = False
    needs_info: bool = False
    stage: tuple[Tone, ...] = ()
    office_late: bool = False
    marks: tuple[Mark, ...] = ()
    red_flag: Picked = ALL_VALUES
    escalated: tuple[int, ...] = ()


STATE_SETS: dict[str, sa.ColumnElement[bool]] = {
    "open": Issue.state.in_(OPEN),
    "counted": Issue.state.not_in(EXCLUDED),
    "all": sa.true(),
}


def _in_states(wanted: tuple[str, ...]) -> sa.ColumnElement[bool]:
    known = [STATE_SETS[name] for name in wanted if name in STATE_SETS]
    states = [State(name) for name in wanted if name in set(State)]
    if not known and not states:
        return Issue.state != State.VOID
    return sa.or_(*known, Issue.state.in_(states))


def _in_lights(tones: tuple[Tone, ...], calendar: Calendar) -> sa.ColumnElement[bool]:
    last = rules.last_yellow_day(today(), calendar)
    answers: dict[Tone, sa.ColumnElement[bool]] = {
        Tone.RED: overdue(today()),
        Tone.YELLOW: sa.and_(Issue.state.in_(ON_UNIT_DESK), Issue.due_on.between(today(), last)),
        Tone.GREEN: sa.and_(Issue.state.in_(ON_UNIT_DESK), Issue.due_on > last),
        Tone.GREY: Issue.state == State.SUSPENDED,
    }
    return sa.or_(*(answers[tone] for tone in tones))


def _on_boards(keys: tuple[str, ...], calendar: Calendar) -> sa.ColumnElement[bool]:
    """Problems on any of these lists of the board."""
    known = conditions_of(days_of(calendar))
    return _few(sa.or_(*(known[key] for key in keys)))


def _in_stages(tones: tuple[Tone, ...], calendar: Calendar) -> sa.ColumnElement[bool]:
    """Problems whose interim report has not come, though it is due soon (yellow) or overdue (red)."""
    last = rules.last_yellow_day(today(), calendar)
    due = {
        Tone.RED: Dispatch.stage_due < today(),
        Tone.YELLOW: Dispatch.stage_due.between(today(), last),
    }
    waiting = sa.select(Dispatch.issue_id).where(
        Dispatch.ended_at.is_(None),
        Dispatch.staged_at.is_(None),
        sa.or_(sa.false(), *(due[tone] for tone in tones if tone in due)),
    )
    return sa.and_(Issue.state.in_(ON_UNIT_DESK), Issue.id.in_(waiting))


def office_late(calendar: Calendar) -> sa.ColumnElement[bool]:
    """Problems with which the office is late: not accepted, not reviewed, not asked about in time."""
    late = [sa.and_(Issue.state == State.REGISTERED, Issue.accept_due < today())]
    for state, limit in OFFICE_LIMITS.items():
        moment = start_of(rules.last_day_ago(limit + 1, today(), calendar) + ONE_DAY)
        late.append(sa.and_(Issue.state == state, Issue.state_since < moment))
    return sa.or_(*late)


def _with_units(wanted: Picked) -> sa.ColumnElement[bool]:
    given = sa.select(Dispatch.issue_id)
    among = Issue.id.in_(given.where(Dispatch.unit_id.in_(wanted.values)))
    return sa.or_(among, Issue.id.not_in(given) if wanted.nothing else sa.false())


def _under_programmes(wanted: Picked) -> sa.ColumnElement[bool]:
    heard = sa.select(IssueProgramme.issue_id)
    among = Issue.id.in_(heard.where(IssueProgramme.programme_id.in_(wanted.values)))
    return sa.or_(among, Issue.id.not_in(heard) if wanted.nothing else sa.false())


def _in_categories(wanted: Picked) -> sa.ColumnElement[bool]:
    """Problems of these categories or of finer ones that lie under them."""
    named = sa.or_(Category.id.in_(wanted.values), Category.parent_id.in_(wanted.values))
    return Issue.category_id.in_(sa.select(Category.id).where(named))


def _few(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """The same as a set of ids, for what few rows fulfil; else SQLite walks through all of them by day."""
    return Issue.id.in_(sa.select(Issue.id).where(condition).correlate(None))


def conditions(filters: IssueFilters, calendar: Calendar, actor: Actor) -> list[sa.ColumnElement[bool]]:
    wanted = [_in_states(filters.state)]
    if filters.q:
        wanted.append(found_by(filters.q, actor))
    if filters.light:
        wanted.append(_few(_in_lights(filters.light, calendar)))
    if filters.board:
        wanted.append(_on_boards(filters.board, calendar))
    if filters.enterprise_id is not None:
        wanted += [Issue.enterprise_id == filters.enterprise_id, sa.not_(is_kept_from(actor))]
    if filters.unit:
        wanted.append(_with_units(filters.unit))
    if filters.programme:
        wanted.append(_under_programmes(filters.programme))
    if filters.category:
        wanted.append(_in_categories(filters.category))
    return wanted + _plain_conditions(filters) + _marks(filters, calendar)


def _plain_conditions(filters: IssueFilters) -> list[sa.ColumnElement[bool]]:
    return narrowed(
        (filters.group, Issue.group_id),
        (filters.lead, Issue.lead_unit_id),
        (filters.source, Issue.source),
        (filters.urgency, Issue.urgency),
        (filters.complexity, Issue.complexity),
        (filters.outcome, Issue.outcome),
        (filters.registered, Issue.registered_on),
        (filters.closed, Issue.closed_on),
        (filters.due, Issue.due_on),
        (filters.review, Issue.review_on),
        (filters.promised, Issue.commitment_due),
        (filters.red_flag, Issue.red_flag),
    )


def _marked(marks: tuple[Mark, ...]) -> sa.ColumnElement[bool]:
    denied = sa.select(IssueRequest.issue_id).where(
        IssueRequest.kind == RequestKind.WITHDRAWAL, IssueRequest.decision == Decision.REFUSED
    )
    answers: dict[Mark, sa.ColumnElement[bool]] = {
        Mark.REPEAT: Issue.repeat_of_id.is_not(None),
        Mark.WITHDRAWAL_DENIED: Issue.id.in_(denied),
        Mark.SUPERVISED: Issue.supervised.is_(True),
        Mark.CONFIDENTIAL: Issue.confidential.is_(True),
        Mark.IMPORTED: Issue.import_run_id.is_not(None),
    }
    return sa.or_(sa.false(), *(answers[mark] for mark in marks))


def _marks(filters: IssueFilters, calendar: Calendar) -> list[sa.ColumnElement[bool]]:
    asked = sa.or_(sa.false(), *(getattr(Issue, f"{kind}_asked").is_(True) for kind in filters.asked))
    marks = (
        (bool(filters.asked), _few(asked)),
        (filters.on_spot, Issue.on_spot.is_(True)),
        (filters.needs_info, Issue.needs_info.is_(True)),
        (filters.overdue, _few(overdue(today()))),
        (filters.office_late, _few(office_late(calendar))),
        (filters.stage, _in_stages(filters.stage, calendar)),
        (filters.marks, _few(_marked(filters.marks))),
        (filters.escalated, _few(Issue.escalation >= min(filters.escalated, default=0))),
    )
    return [condition for wanted, condition in marks if wanted]
