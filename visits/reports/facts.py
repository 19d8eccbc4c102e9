"""The rows that figures count, as they stood at the end of a period and were known at a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.core.among import among
from visits.core.authz import Actor, predicate_for
from visits.core.clock import today
from visits.core.filters import narrowed
from visits.core.periods import local_date
from visits.core.permissions import Permission
from visits.coverage import facts as coverage
from visits.coverage.facts import once
from visits.enterprises.models import Enterprise
from visits.issues.models import Dispatch, DispatchKind, Evaluation, Issue, IssueMove, IssueProgramme
from visits.issues.states import EXCLUDED, OPEN, State
from visits.outreach.models import Attendance, Fact, PairProgramme, Visit, VisitPair
from visits.programmes.scope import Known, Scope
from visits.reports.filters import NONE, ReportFilter

Condition = sa.ColumnElement[bool]
Rows = Any  # a Select; its column types say nothing here
HISTORY_KEYS = frozenset({"issue_id", "is_void", "end_seq", "start_seq", "closing_seq", "repeat_seq"})
REWORKED = (State.IN_PROGRESS, State.ASSIGNED)
ON_SPOT = ("close_on_spot", "import:close_on_spot")


def _exists(table: Any, *where: Condition) -> sa.Exists:
    """Whether a row of the table is such; everything else named in it belongs to the statement around."""
    return (
        sa.select(sa.literal_column("1")).select_from(table).where(*where).correlate_except(table).exists()
    )


@dataclass(frozen=True)
class Question:
    """Who asks what, and what each programme counts and is about."""

    actor: Actor
    wanted: ReportFilter
    scopes: Sequence[Scope]

    @property
    def known(self) -> list[Known]:
        """The programmes asked for, or all, with their scopes as known at the moment."""
        named = self.wanted.programme
        return [
            scope.known_at(self.wanted.as_of)
            for scope in self.scopes
            if named in (None, scope.programme_id)
        ]

    def counts(self, mode: Any, programme: Any) -> Condition:
        """Whether a programme counts visits of a mode."""
        ways = (
            sa.and_(programme == scope.programme_id, mode.in_(list(scope.counted_modes)))
            for scope in self.scopes
        )
        return sa.or_(sa.false(), *ways)

    def reaches(self, table: Any) -> Condition:
        """Rows within reach of whoever asks; a statement of its own, since it names tables used here."""
        within = predicate_for(self.actor, Permission.REPORTS_READ, table)
        if within.compare(sa.true()):
            return within
        return table.id.in_(sa.select(sa.select(table.id).where(within).subquery().c.id))

    def is_part(self, dimension: str, column: Any) -> Condition:
        """Rows of the wanted unit, group or category; all, when none is named."""
        key = getattr(self.wanted, dimension)
        return sa.true() if key is None else column.is_(None) if key == NONE else column == key

    def is_in_programme(self, table: Any, link: Condition) -> Condition:
        """Rows linked to the wanted programme, or to none; all, when none is named."""
        key = self.wanted.programme
        if key is None:
            return sa.true()
        return ~_exists(table, link) if key == NONE else _exists(table, link, table.programme_id == key)


def enterprises(question: Question) -> Rows:
    """One row per programme asked for and enterprise in its scope on at least one day of the period."""
    return coverage.scoped(question.known, question.wanted.span)


def duties(question: Question) -> Rows:
    """One row per programme, enterprise within reach and calendar period ending in the period asked for."""
    wanted = question.wanted
    periods = coverage.ending_in(wanted.span, min(local_date(wanted.as_of), today()))
    owed = coverage.duties(question.known, periods).subquery("owed")
    within = predicate_for(question.actor, Permission.COVERAGE_READ, Enterprise)
    return sa.select(owed).where(owed.c.enterprise_id.in_(sa.select(Enterprise.id).where(within)))


def _of_visits(question: Question, fact: type[Fact]) -> list[Condition]:
    """Which rows of pairs or attendances are asked for: those of the version of their visit known then."""
    wanted = question.wanted
    return [
        question.reaches(Visit),
        wanted.days(fact.visited_on),
        fact.known_at(wanted.as_of),
        sa.or_(Visit.voided_at.is_(None), Visit.voided_at > wanted.as_of),
        question.is_part("group", fact.group_id),
    ]


def _attended(question: Question) -> Condition:
    """Visits in which the wanted unit took part."""
    unit = question.is_part("unit", Attendance.unit_id)
    known = Attendance.known_at(question.wanted.as_of)
    return (
        sa.true()
        if question.wanted.unit is None
        else _exists(Attendance, Attendance.visit_id == Visit.id, known, unit)
    )


def _is_counted(question: Question) -> Condition:
    key = question.wanted.programme
    named = sa.true() if key is None else PairProgramme.programme_id == key
    counting = question.counts(VisitPair.mode, PairProgramme.programme_id)
    return _exists(PairProgramme, PairProgramme.pair_id == VisitPair.id, named, counting)


def pairs(question: Question, scope: Any) -> Rows:
    """One row per visit and enterprise met on it."""
    return (
        sa.select(
            VisitPair.id,
            VisitPair.visit_id,
            VisitPair.enterprise_id,
            VisitPair.group_id,
            VisitPair.mode,
            VisitPair.is_late,
            _is_counted(question).label("is_counted"),
            VisitPair.enterprise_id.in_(sa.select(scope.c.enterprise_id)).label("is_in_scope"),
        )
        .join(Visit, Visit.id == VisitPair.visit_id)
        .where(
            *_of_visits(question, VisitPair),
            _attended(question),
            question.is_in_programme(PairProgramme, PairProgramme.pair_id == VisitPair.id),
        )
    )


def participants(question: Question, met: sa.CTE) -> Rows:
    """One row per participant of a visit with at least one counted pair among those met."""
    a = Attendance
    counted = sa.select(met.c.visit_id).where(met.c.is_counted)
    return sa.select(a.id, a.visit_id, a.unit_id, a.group_id, a.mode).where(
        a.visit_id.in_(counted),
        a.known_at(question.wanted.as_of),
        question.is_part("unit", a.unit_id),
    )


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


def _latest(table: Any, touched: sa.CTE, *where: Condition) -> sa.Subquery:
    """The newest such row of each problem touched."""
    newest = sa.func.max(table.id).label("row_id")
    of_touched = among(table.issue_id, sa.select(touched.c.id))
    return sa.select(table.issue_id, newest).where(of_touched, *where).group_by(table.issue_id).subquery()


def _latest_answer(wanted: ReportFilter, touched: sa.CTE, column: Any) -> sa.Subquery:
    known = (Evaluation.at <= wanted.as_of, Evaluation.answered_on <= wanted.span.to_on)
    return _latest(Evaluation, touched, column.is_not(None), *known)


def _latest_lead(wanted: ReportFilter, touched: sa.CTE) -> sa.Subquery:
    """The assignment to a lead unit that held at the end of the period."""
    held = (Dispatch.assigned_at < wanted.span.ends_at, Dispatch.assigned_at <= wanted.as_of)
    return _latest(Dispatch, touched, Dispatch.kind == DispatchKind.LEAD, *held)


def problems(question: Question) -> sa.CTE:
    """One row per problem not void, whatever its unit: with its states at both ends and its history."""
    wanted, touched = question.wanted, _touched(question)
    history = _history(wanted, touched)
    end, start, closing, repeat = (aliased(IssueMove) for _ in range(4))
    answer, rating = aliased(Evaluation), aliased(Evaluation)
    lead = _latest_lead(wanted, touched)
    answered = _latest_answer(wanted, touched, Evaluation.solved)
    rated = _latest_answer(wanted, touched, Evaluation.level)
    stmt = (
        sa.select(
            Issue.id,
            Issue.category_id,
            Issue.group_id,
            Issue.on_spot,
            *_said_by(closing, repeat),
            Dispatch.unit_id,
            Dispatch.due_on,
            end.to_state.label("state"),
            start.to_state.label("opening_state"),
            *(column for column in history.c if column.name not in HISTORY_KEYS),
            answer.solved.label("answer"),
            answer.answered_on,
            rating.level,
            rating.channel,
            rating.answered_on.label("rated_on"),
        )
        .join(history, sa.and_(history.c.issue_id == Issue.id, history.c.is_void == 0))
        .join(end, sa.and_(end.issue_id == Issue.id, end.seq == history.c.end_seq))
        .outerjoin(start, sa.and_(start.issue_id == Issue.id, start.seq == history.c.start_seq))
        .outerjoin(closing, sa.and_(closing.issue_id == Issue.id, closing.seq == history.c.closing_seq))
        .outerjoin(repeat, sa.and_(repeat.issue_id == Issue.id, repeat.seq == history.c.repeat_seq))
        .outerjoin(lead, lead.c.issue_id == Issue.id)
        .outerjoin(Dispatch, Dispatch.id == lead.c.row_id)
        .outerjoin(answered, answered.c.issue_id == Issue.id)
        .outerjoin(answer, answer.id == answered.c.row_id)
        .outerjoin(rated, rated.c.issue_id == Issue.id)
        .outerjoin(rating, rating.id == rated.c.row_id)
    )
    return once(stmt, "problems")


def wanted_problems(question: Question) -> list[Any]:
    """The problems asked for, whatever their unit."""
    return [
        question.reaches(Issue),
        *narrowed((question.wanted.registered, Issue.registered_on)),
        question.is_part("category", Issue.category_id),
        question.is_part("group", Issue.group_id),
        question.is_in_programme(IssueProgramme, IssueProgramme.issue_id == Issue.id),
    ]


def _said_by(closing: Any, repeat: Any) -> list[Any]:
    """What the last closing and the last link as a repeat say of a problem."""
    on_spot = sa.and_(closing.move.is_not(None), closing.move.in_(ON_SPOT))
    days = repeat.details["repeat_days"].as_integer()
    return [_outcome(closing).label("outcome"), on_spot.label("closed_on_spot"), days.label("repeat_days")]


def _outcome(closing: Any) -> Any:
    """The outcome with which a problem was last closed; the closing itself says it."""
    said = closing.details["outcome"].as_string()
    return sa.func.coalesce(said, sa.cast(Issue.outcome, sa.String))


def issues(question: Question, known: sa.CTE) -> Rows:
    """One row per problem, of the wanted unit."""
    return sa.select(known).where(question.is_part("unit", known.c.unit_id))


def dispatches(question: Question, known: sa.CTE) -> Rows:
    """One row per assignment to a unit, with what is known of its problem."""
    d, of_issue = (
        Dispatch,
        ("category_id", "group_id", "state", "reported_at", "is_accepted", "is_reworked"),
    )
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
            d.sign_due,
            d.signed_at,
            d.contact_due,
            d.contacted_at,
            d.due_on,
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
    by_problem = among(m.issue_id, sa.select(known.c.id)) if wanted.span.from_on else sa.true()
    of_issue = (known.c.unit_id, known.c.category_id, known.c.group_id)
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
