"""What became of each problem, as it stood at the end of a period and was known at a moment."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.core.among import among, looked_up
from visits.core.filters import narrowed
from visits.coverage.facts import once
from visits.enterprises.models import Enterprise
from visits.issues.models import (
    Channel,
    Dispatch,
    DispatchKind,
    Evaluation,
    Issue,
    IssueMove,
    IssueProgramme,
)
from visits.issues.states import EXCLUDED, OPEN, State
from visits.reports.facts import Condition, Question, Rows, park_of
from visits.reports.filters import ReportFilter
from visits.supervision.models import SampleItem

HISTORY_KEYS = frozenset({"issue_id", "is_void", "end_seq", "start_seq", "closing_seq", "repeat_seq"})
PARTS = ("category_id", "group_id", "park")  # what every row about a problem is broken down by
ON_SPOT = ("close_on_spot", "import:close_on_spot")
BY_THE_ENTERPRISE = (Channel.LINK, Channel.PAPER)
REWORKED = (State.IN_PROGRESS, State.ASSIGNED)


def _touched(question: Question) -> sa.CTE:
    """The problems of which any set can count something: no other's history need be read.

    These are the problems open at either end of the period or changed in it: those that entered their
    present state since it began, or are open still; those of which a limit or an answer lies in it; and
    those of which something was recorded after the moment as of which is asked.
    """
    wanted, span = question.wanted, question.wanted.span
    stmt = sa.select(Issue.id).where(*wanted_problems(question))
    if span.starts_at is None:
        return once(stmt, "touched")
    limits = (Dispatch.due_on, Dispatch.original_due_on, Dispatch.sign_due, Dispatch.contact_due)
    kinds = (
        sa.select(Issue.id).where(Issue.state_since >= span.starts_at, Issue.registered_on <= span.to_on),
        sa.select(Issue.id).where(Issue.state.in_(OPEN), Issue.registered_on <= span.to_on),
        *(sa.select(Dispatch.issue_id).where(wanted.days(limit)) for limit in limits),
        sa.select(Evaluation.issue_id).where(wanted.days(Evaluation.answered_on)),
        sa.select(SampleItem.issue_id).where(
            wanted.days(SampleItem.checked_on), SampleItem.issue_id.is_not(None)
        ),
        sa.select(IssueMove.issue_id).where(IssueMove.recorded_at > wanted.as_of),
    )
    return once(stmt.where(among(Issue.id, sa.union_all(*kinds))), "touched")


def _ever(condition: Condition) -> Any:
    return sa.func.max(sa.case((condition, 1), else_=0))


def _accepted_by(m: Any) -> tuple[Condition, Condition]:
    """Which moves accept a unit's report, and which hand one in.

    No review is known of what a ledger closes: it was accepted; where the day of the feedback is missing
    it came with the closing.
    """
    by_ledger = m.move == "import:close"
    passes = sa.or_(
        sa.and_(m.from_state == State.REPORTED, m.to_state == State.EVALUATING),
        sa.and_(by_ledger, m.from_state.in_((State.ASSIGNED, State.REPORTED))),
    )
    reports = sa.or_(
        sa.and_(m.to_state == State.REPORTED, m.from_state != State.REPORTED),
        sa.and_(by_ledger, m.from_state == State.ASSIGNED),
    )
    return passes, reports


def _history(wanted: ReportFilter, touched: sa.CTE) -> sa.CTE:
    """What the moves say of each problem: its last one by the end of the period, and when what happened."""
    m = IssueMove
    by_end = m.happened_at < wanted.span.ends_at
    closes = sa.and_(m.to_state == State.CLOSED, m.from_state.is_distinct_from(State.CLOSED))
    assigns = sa.and_(m.from_state == State.REGISTERED, m.to_state == State.ASSIGNED)
    passes, reports = _accepted_by(m)
    is_reworked = sa.and_(m.from_state == State.EVALUATING, m.to_state.in_(REWORKED))

    def first(condition: Condition) -> Any:
        return sa.func.min(sa.case((condition, m.happened_at)))

    def last(condition: Condition) -> Any:
        return sa.func.max(sa.case((condition, m.happened_at)))

    return (
        sa.select(
            m.issue_id,
            sa.func.max(sa.case((by_end, m.seq))).label("end_seq"),
            sa.func.max(sa.case((wanted.before(m.happened_at), m.seq))).label("start_seq"),
            sa.func.min(m.happened_at).label("registered_at"),
            last(sa.and_(by_end, closes)).label("closed_at"),
            sa.func.max(sa.case((sa.and_(by_end, closes), m.seq))).label("closing_seq"),
            sa.func.max(sa.case((sa.and_(by_end, m.move == "link_repeat"), m.seq))).label("repeat_seq"),
            first(assigns).label("assigned_at"),
            first(passes).label("evaluating_at"),
            last(sa.and_(reports, m.round == 1)).label("reported_at"),
            _ever(sa.and_(passes, m.round == 1)).label("is_accepted"),
            _ever(sa.and_(by_end, m.to_state == State.RETURNED)).label("is_returned"),
            _ever(sa.and_(by_end, m.move == "grant_extension")).label("is_extended"),
            _ever(sa.and_(by_end, is_reworked)).label("is_reworked"),
            _ever(m.to_state == State.VOID).label("is_void"),
        )
        .where(m.recorded_at <= wanted.as_of, among(m.issue_id, sa.select(touched.c.id)))
        .group_by(m.issue_id)
        .cte("history")
    )


def _told(wanted: ReportFilter, touched: sa.CTE) -> sa.Subquery:
    """What the enterprise of each problem touched said last, and whether a callback reached it."""
    e, answer, rating = Evaluation, aliased(Evaluation), aliased(Evaluation)
    heard = (
        sa.select(
            e.issue_id,
            sa.func.max(sa.case((e.solved.is_not(None), e.id))).label("answer_id"),
            sa.func.max(sa.case((e.level.is_not(None), e.id))).label("rating_id"),
            _ever(e.channel == Channel.PHONE).label("is_called"),
            _ever(e.channel.in_(BY_THE_ENTERPRISE)).label("is_self_given"),
        )
        .where(
            among(e.issue_id, sa.select(touched.c.id)),
            e.at <= wanted.as_of,
            e.answered_on <= wanted.span.to_on,
        )
        .group_by(e.issue_id)
        .subquery("heard")
    )
    return (
        sa.select(
            heard.c.issue_id,
            heard.c.is_called,
            heard.c.is_self_given,
            answer.solved.label("answer"),
            answer.answered_on,
            rating.level,
            rating.channel,
            rating.answered_on.label("rated_on"),
        )
        .outerjoin(answer, answer.id == heard.c.answer_id)
        .outerjoin(rating, rating.id == heard.c.rating_id)
        .subquery("told")
    )


def _particulars(question: Question, touched: sa.CTE) -> sa.Subquery:
    """What the entry says of each problem; a past one as it read before it was corrected."""
    category, firm = Issue.category_id, Issue.enterprise_id
    names = (Issue.id, Issue.group_id, Issue.on_spot, Issue.source, Issue.outcome)
    if not question.wanted.is_past:
        return sa.select(*names, category, firm).subquery("entries")
    later = _corrections(question.wanted, touched)
    recategorised, moved = aliased(IssueMove), aliased(IssueMove)
    return (
        sa.select(
            *names,
            sa.func.coalesce(_former(recategorised, "category_id"), category).label("category_id"),
            sa.func.coalesce(_former(moved, "enterprise_id"), firm).label("enterprise_id"),
        )
        .select_from(Issue)
        .outerjoin(later, later.c.issue_id == Issue.id)
        .outerjoin(recategorised, recategorised.id == later.c.category_move)
        .outerjoin(moved, moved.id == later.c.firm_move)
        .subquery("entries")
    )


def _former(move: Any, name: str) -> Any:
    """What a correction found; it logs the former and the new value."""
    return move.details[(name, 0)].as_integer()


def _corrections(wanted: ReportFilter, touched: sa.CTE) -> sa.Subquery:
    """The first correction of each particular after the moment as of which is asked."""
    m = IssueMove

    def first(name: str) -> Any:
        return sa.func.min(sa.case((_former(m, name).is_not(None), m.id)))

    return (
        sa.select(
            m.issue_id,
            first("category_id").label("category_move"),
            first("enterprise_id").label("firm_move"),
        )
        .where(
            m.move == "correct", m.recorded_at > wanted.as_of, among(m.issue_id, sa.select(touched.c.id))
        )
        .group_by(m.issue_id)
        .subquery("corrections")
    )


def _due_on(wanted: ReportFilter) -> Any:
    """By when a lead's task was due; a past one before its day was moved.

    Of few problems the day was moved since: these are found once, so that the others' moves are not read.
    """
    d, m = Dispatch, IssueMove
    if not wanted.is_past:
        return d.due_on
    former = m.details["former_due_on"].as_string()
    moved_since = sa.select(m.issue_id).where(m.recorded_at > wanted.as_of, former.is_not(None))
    moved = (
        sa.select(sa.func.date(former, type_=sa.Date))
        .where(
            m.issue_id == d.issue_id,
            m.round == d.round,
            m.recorded_at > wanted.as_of,
            m.happened_at >= d.assigned_at,
            sa.or_(d.ended_at.is_(None), m.happened_at <= d.ended_at),
            former.is_not(None),
        )
        .order_by(m.seq)
        .limit(1)
        .correlate(d)
    )
    day = sa.func.coalesce(moved.scalar_subquery(), d.due_on, type_=sa.Date)
    return sa.case((among(d.issue_id, moved_since), day), else_=d.due_on)


def _latest_lead(wanted: ReportFilter, touched: sa.CTE) -> sa.Subquery:
    """The assignment to a lead unit that held at the end of the period."""
    d = Dispatch
    return (
        sa.select(d.issue_id, sa.func.max(d.id).label("dispatch_id"))
        .where(
            among(d.issue_id, sa.select(touched.c.id)),
            d.kind == DispatchKind.LEAD,
            d.assigned_at < wanted.span.ends_at,
            d.assigned_at <= wanted.as_of,
        )
        .group_by(d.issue_id)
        .subquery("leads")
    )


def problems(question: Question) -> sa.CTE:
    """One row per problem not void, whatever its unit: with its states at both ends and its history."""
    wanted, touched = question.wanted, _touched(question)
    history = _history(wanted, touched)
    end, start, closing, repeat = (aliased(IssueMove) for _ in range(4))
    lead, told = _latest_lead(wanted, touched), _told(wanted, touched)
    entry = _particulars(question, touched)
    stmt = (
        sa.select(
            *(entry.c[name] for name in ("id", "category_id", "group_id", "on_spot", "source")),
            park_of(),
            *_said_by(closing, repeat, entry.c.outcome),
            Dispatch.unit_id,
            _due_on(wanted).label("due_on"),
            end.to_state.label("state"),
            start.to_state.label("opening_state"),
            *(column for column in history.c if column.name not in HISTORY_KEYS),
            *(column for column in told.c if column.name != "issue_id"),
        )
        .select_from(entry)
        .join(Enterprise, Enterprise.id == entry.c.enterprise_id)
        .join(history, sa.and_(history.c.issue_id == entry.c.id, history.c.is_void == 0))
        .join(end, sa.and_(end.issue_id == entry.c.id, end.seq == history.c.end_seq))
        .outerjoin(start, sa.and_(start.issue_id == entry.c.id, start.seq == history.c.start_seq))
        .outerjoin(closing, sa.and_(closing.issue_id == entry.c.id, closing.seq == history.c.closing_seq))
        .outerjoin(repeat, sa.and_(repeat.issue_id == entry.c.id, repeat.seq == history.c.repeat_seq))
        .outerjoin(lead, lead.c.issue_id == entry.c.id)
        .outerjoin(Dispatch, Dispatch.id == lead.c.dispatch_id)
        .outerjoin(told, told.c.issue_id == entry.c.id)
    )
    of_part = question.is_part("category", entry.c.category_id), question.is_in_park(Enterprise.park)
    return once(stmt.where(*of_part), "problems")


def wanted_problems(question: Question) -> list[Any]:
    """The problems asked for, whatever their unit."""
    return [
        question.reaches(Issue),
        *narrowed((question.wanted.registered, Issue.registered_on)),
        question.is_part("group", Issue.group_id),
        *_as_they_read_now(question),
        question.is_in_programme(IssueProgramme, IssueProgramme.issue_id == Issue.id),
    ]


def _as_they_read_now(question: Question) -> list[Any]:
    """What a correction may have changed narrows the problems down at once only where none came after."""
    if question.wanted.is_past:
        return []
    return [question.is_part("category", Issue.category_id), question.of_park(Issue.enterprise_id)]


def _said_by(closing: Any, repeat: Any, outcome: Any) -> list[Any]:
    """What the last closing and the last link as a repeat say of a problem."""
    on_spot = sa.and_(closing.move.is_not(None), closing.move.in_(ON_SPOT))
    days = repeat.details["repeat_days"].as_integer()
    return [
        _outcome(closing, outcome).label("outcome"),
        on_spot.label("closed_on_spot"),
        days.label("repeat_days"),
    ]


def _outcome(closing: Any, outcome: Any) -> Any:
    """The outcome with which a problem was last closed; the closing itself says it."""
    said = closing.details["outcome"].as_string()
    return sa.func.coalesce(said, sa.cast(outcome, sa.String))


def issues(question: Question, known: sa.CTE) -> Rows:
    """One row per problem, of the wanted unit."""
    return sa.select(known).where(question.is_part("unit", known.c.unit_id))


def dispatches(question: Question, known: sa.CTE) -> Rows:
    """One row per assignment to a unit, with what is known of its problem."""
    d, of_issue = Dispatch, (*PARTS, "state", "reported_at", "is_accepted", "is_reworked")
    returned = sa.and_(
        d.returned_at.is_not(None), d.ended_at.is_not(None), d.ended_at <= question.wanted.as_of
    )
    return (
        sa.select(
            d.id,
            d.issue_id,
            d.unit_id,
            d.kind,
            d.round,
            d.assigned_at,
            known.c.assigned_at.label("first_assigned_at"),
            d.sign_due,
            d.signed_at,
            d.contact_due,
            d.contacted_at,
            _due_on(question.wanted).label("due_on"),
            d.original_due_on,
            returned.label("is_returned"),
            *(known.c[name] for name in of_issue),
        )
        .join(known, known.c.id == d.issue_id)
        .where(d.assigned_at <= question.wanted.as_of, question.is_part("unit", d.unit_id))
    )


def moves(question: Question, known: sa.CTE) -> Rows:
    """One row per move of the period by which a problem was closed or excluded, or came back from there."""
    m, wanted = IssueMove, question.wanted
    ended = [State.CLOSED, *EXCLUDED]
    # In a period few problems moved, and their moves are found by the index; from the beginning on all did.
    by_problem = looked_up(m.issue_id, sa.select(known.c.id)) if wanted.span.from_on else sa.true()
    of_issue = (known.c.unit_id, *(known.c[name] for name in PARTS))
    return (
        sa.select(m.id, m.issue_id, m.from_state, m.to_state, *of_issue)
        .join(known, known.c.id == m.issue_id)
        .where(
            by_problem,
            sa.or_(m.to_state.in_(ended), m.from_state.in_(ended)),
            wanted.moments(m.happened_at),
            m.recorded_at <= wanted.as_of,
            question.is_part("unit", known.c.unit_id),
        )
    )
