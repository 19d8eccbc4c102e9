"""The sets that figures count: of which fact's rows, under which condition."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from visits.core.site_days import site_day
from visits.issues.models import DispatchKind, IssueSource, Level, Outcome, Solved
from visits.issues.states import State
from visits.programmes.models import VisitMode
from visits.reports.facts import Condition
from visits.reports.filters import AGE, DIMENSIONS, ReportFilter
from visits.reports.histories import BY_THE_ENTERPRISE
from visits.supervision.models import Result

EXCLUDED = (State.REJECTED, State.MERGED, State.WITHDRAWN)
OPEN = (
    State.REGISTERED,
    State.ASSIGNED,
    State.RETURNED,
    State.IN_PROGRESS,
    State.SUSPENDED,
    State.REPORTED,
    State.EVALUATING,
)
AT_THE_UNIT = (State.ASSIGNED, State.RETURNED, State.IN_PROGRESS)
SATISFIED_STRICT = (Level.VERY_SATISFIED, Level.SATISFIED)
SATISFIED = (*SATISFIED_STRICT, Level.BASICALLY)
DISSATISFIED = (Level.DISSATISFIED, Level.VERY_DISSATISFIED)
REPEAT_DAYS = 90
CONTACT_MODES = (VisitMode.PHONE, VisitMode.ONLINE)

Rule = Callable[[Any, ReportFilter], Condition]


@dataclass(frozen=True)
class RowSet:
    """Rows of one fact; counted by `counts`, each value once.

    With `by_counting_programme` a programme's column holds only visits in modes that this programme counts,
    with `by_scope` only those to enterprises in this programme's scope. With `sums` the set is as large as
    that column of its rows adds up to.
    """

    fact: str
    where: Rule
    counts: str = "id"
    by_counting_programme: bool = False
    by_scope: bool = False
    sums: str | None = None


def _all(*rules: Rule) -> Rule:
    return lambda row, wanted: sa.and_(*(rule(row, wanted) for rule in rules))


def _new(row: Any, wanted: ReportFilter) -> Condition:
    return wanted.moments(row.registered_at)


def _registered(row: Any, wanted: ReportFilter) -> Condition:
    return sa.and_(_new(row, wanted), row.state.not_in(EXCLUDED))


def _closed(row: Any, wanted: ReportFilter) -> Condition:
    return sa.and_(row.state == State.CLOSED, wanted.moments(row.closed_at))


def _stands(state: State) -> Rule:
    return lambda row, wanted: row.state == state


def _of_outcome(outcome: Outcome) -> Rule:
    return lambda row, wanted: row.outcome == outcome


def _is_closed(row: Any, wanted: ReportFilter) -> Condition:
    return row.state == State.CLOSED


def _is_overdue(row: Any, wanted: ReportFilter) -> Condition:
    return sa.and_(row.state.in_(AT_THE_UNIT), row.due_on < wanted.overdue_before)


def _was_dispatched(row: Any, wanted: ReportFilter) -> Condition:
    return sa.and_(row.assigned_at.is_not(None), wanted.moments(row.assigned_at))


def _has_feedback(row: Any, wanted: ReportFilter) -> Condition:
    return sa.and_(row.is_accepted == 1, wanted.moments(row.reported_at))


def _is_answered(row: Any, wanted: ReportFilter) -> Condition:
    return sa.and_(row.answer.is_not(None), wanted.days(row.answered_on))


def _is_rated(row: Any, wanted: ReportFilter) -> Condition:
    return sa.and_(row.level.is_not(None), wanted.days(row.rated_on))


def _is_to_be_rated(row: Any, wanted: ReportFilter) -> Condition:
    evaluating = sa.and_(row.evaluating_at.is_not(None), wanted.moments(row.evaluating_at))
    return sa.or_(evaluating, sa.and_(row.on_spot, _new(row, wanted)))


def _is_called_for(row: Any, wanted: ReportFilter) -> Condition:
    """Problems that came to evaluation, without those whose enterprise answered before anybody called."""
    evaluating = sa.and_(row.evaluating_at.is_not(None), wanted.moments(row.evaluating_at))
    needs_call = sa.or_(row.is_called == 1, row.is_self_given.is_distinct_from(1))
    return sa.and_(evaluating, needs_call)


def _is_heard_on_visit(row: Any, wanted: ReportFilter) -> Condition:
    return sa.and_(_new(row, wanted), row.source == IssueSource.VISIT)


def _assigned_of_first(row: Any, wanted: ReportFilter) -> Condition:
    """First-round tasks of lead units with problems first assigned in the period, given by its end."""
    first = sa.and_(row.first_assigned_at.is_not(None), wanted.moments(row.first_assigned_at))
    return sa.and_(
        first, row.round == 1, row.kind == DispatchKind.LEAD, row.assigned_at < wanted.span.ends_at
    )


def _is_true(row: Any, wanted: ReportFilter) -> Condition:
    return sa.and_(row.result == Result.TRUE)


def _is_first_lead(row: Any, wanted: ReportFilter) -> Condition:
    return sa.and_(
        row.round == 1,
        row.kind == DispatchKind.LEAD,
        ~row.is_returned,
        row.state.not_in(EXCLUDED),
    )


def _is_due(row: Any, wanted: ReportFilter) -> Condition:
    return sa.and_(wanted.days(row.due_on), row.state != State.SUSPENDED)


def _was_due(row: Any, wanted: ReportFilter) -> Condition:
    return wanted.days(row.original_due_on)


def _kept(due: str) -> Rule:
    return lambda row, wanted: sa.and_(
        row.is_accepted == 1, row.is_reworked == 0, site_day(row.reported_at) <= getattr(row, due)
    )


def _late(row: Any, wanted: ReportFilter) -> Condition:
    """Accepted feedback that came after the limit, or led to rework."""
    return sa.and_(
        row.is_accepted == 1, sa.or_(row.is_reworked == 1, site_day(row.reported_at) > row.due_on)
    )


def _unaccepted(row: Any, wanted: ReportFilter) -> Condition:
    return sa.and_(row.is_accepted == 0)


def _sign_due(row: Any, wanted: ReportFilter) -> Condition:
    return sa.and_(row.sign_due.is_not(None), wanted.days(row.sign_due))


def _contact_due(row: Any, wanted: ReportFilter) -> Condition:
    return sa.and_(row.contact_due.is_not(None), wanted.days(row.contact_due))


def _stamped(stamp: str, due: str) -> Rule:
    return lambda row, wanted: sa.and_(
        getattr(row, stamp).is_not(None),
        getattr(row, stamp) <= wanted.as_of,
        site_day(getattr(row, stamp)) <= getattr(row, due),
    )


def _leaves_closed(row: Any, wanted: ReportFilter) -> Condition:
    return sa.and_(row.from_state == State.CLOSED, row.to_state.in_(OPEN))


def _enters_closed(row: Any, wanted: ReportFilter) -> Condition:
    return sa.and_(row.to_state == State.CLOSED, row.from_state.is_distinct_from(State.CLOSED))


def _enters_excluded(row: Any, wanted: ReportFilter) -> Condition:
    return sa.and_(row.to_state.in_(EXCLUDED), row.from_state.in_(OPEN))


def _leaves_excluded(row: Any, wanted: ReportFilter) -> Condition:
    return sa.and_(row.from_state.in_(EXCLUDED), row.to_state.in_(OPEN))


def _is_counted(row: Any, wanted: ReportFilter) -> Condition:
    return sa.and_(row.is_counted)


def _every(row: Any, wanted: ReportFilter) -> Condition:
    return sa.true()


def _issues(*rules: Rule) -> RowSet:
    return RowSet("issues", _all(*rules))


def _dispatches(*rules: Rule) -> RowSet:
    return RowSet("dispatches", _all(*rules))


SETS: dict[str, RowSet] = {
    "counted_pairs": RowSet("pairs", _is_counted, by_counting_programme=True),
    "visited": RowSet("pairs", _is_counted, "enterprise_id", by_counting_programme=True),
    "visited_in_scope": RowSet(
        "pairs",
        _all(_is_counted, lambda row, wanted: sa.and_(row.is_in_scope)),
        "enterprise_id",
        by_counting_programme=True,
        by_scope=True,
    ),
    "joint_visits": RowSet(
        "pairs",
        _all(_is_counted, lambda row, wanted: sa.and_(row.is_joint)),
        "visit_id",
        by_counting_programme=True,
    ),
    "contacts": RowSet("pairs", lambda row, wanted: row.mode.in_(CONTACT_MODES)),
    "late_visits": RowSet("pairs", lambda row, wanted: sa.and_(row.is_late), "visit_id"),
    "participants": RowSet("participants", _every, by_counting_programme=True),
    "scope": RowSet("enterprises", _every, "enterprise_id"),
    "required_visits": RowSet("duties", _every, sums="required"),
    "credited_visits": RowSet("duties", lambda row, wanted: row.given > 0, sums="credited"),
    "with_duty": RowSet("duties", _every, "enterprise_id"),
    "due_not_visited": RowSet("duties", lambda row, wanted: row.given < row.required, "enterprise_id"),
    "opening": _issues(lambda row, wanted: row.opening_state.in_(OPEN)),
    "new": _issues(_new),
    "excluded": _issues(_new, lambda row, wanted: row.state.in_(EXCLUDED)),
    "registered": _issues(_registered),
    "rejected": _issues(_new, _stands(State.REJECTED)),
    "merged": _issues(_new, _stands(State.MERGED)),
    "withdrawn": _issues(_new, _stands(State.WITHDRAWN)),
    "heard_on_visits": _issues(_is_heard_on_visit),
    "repeats": _issues(_registered, lambda row, wanted: row.repeat_days < REPEAT_DAYS),
    "registered_closed": _issues(_registered, _is_closed),
    "registered_solved": _issues(_registered, _is_closed, _of_outcome(Outcome.SOLVED)),
    "closed": _issues(_closed),
    "closed_on_spot": _issues(_closed, lambda row, wanted: sa.and_(row.closed_on_spot)),
    "closed_by_units": _issues(_closed, lambda row, wanted: sa.not_(row.closed_on_spot)),
    "closed_a": _issues(_closed, _of_outcome(Outcome.SOLVED)),
    "closed_b": _issues(_closed, _of_outcome(Outcome.PLANNED)),
    "closed_c": _issues(_closed, _of_outcome(Outcome.EXPLAINED)),
    "closed_d": _issues(_closed, _of_outcome(Outcome.ANSWERED)),
    "open": _issues(lambda row, wanted: row.state.in_(OPEN)),
    "suspended": _issues(lambda row, wanted: row.state == State.SUSPENDED),
    "overdue": _issues(_is_overdue),
    "dispatched": _issues(_was_dispatched),
    "dispatched_returned": _issues(_was_dispatched, lambda row, wanted: row.is_returned == 1),
    "dispatched_extended": _issues(_was_dispatched, lambda row, wanted: row.is_extended == 1),
    "with_feedback": _issues(_has_feedback),
    "with_feedback_reworked": _issues(_has_feedback, lambda row, wanted: row.is_reworked == 1),
    "answered": _issues(_is_answered),
    "answered_solved": _issues(_is_answered, lambda row, wanted: row.answer == Solved.SOLVED),
    "rated": _issues(_is_rated),
    "rated_satisfied": _issues(_is_rated, lambda row, wanted: row.level.in_(SATISFIED)),
    "rated_satisfied_strict": _issues(_is_rated, lambda row, wanted: row.level.in_(SATISFIED_STRICT)),
    "rated_dissatisfied": _issues(_is_rated, lambda row, wanted: row.level.in_(DISSATISFIED)),
    "rated_by_enterprise": _issues(_is_rated, lambda row, wanted: row.channel.in_(BY_THE_ENTERPRISE)),
    "to_be_rated": _issues(_is_to_be_rated),
    "to_be_rated_rated": _issues(_is_to_be_rated, lambda row, wanted: row.level.is_not(None)),
    "callbacks_due": _issues(_is_called_for),
    "callbacks_reached": _issues(_is_called_for, lambda row, wanted: row.is_called == 1),
    "due": _dispatches(_is_first_lead, _is_due),
    "due_kept": _dispatches(_is_first_lead, _is_due, _kept("due_on")),
    "due_late": _dispatches(_is_first_lead, _is_due, _late),
    "due_unaccepted": _dispatches(_is_first_lead, _is_due, _unaccepted),
    "assignments": _dispatches(_assigned_of_first),
    "originally_due": _dispatches(_is_first_lead, _was_due),
    "originally_due_kept": _dispatches(_is_first_lead, _was_due, _kept("original_due_on")),
    "sign_due": _dispatches(_sign_due),
    "signed_in_time": _dispatches(_sign_due, _stamped("signed_at", "sign_due")),
    "contact_due": _dispatches(_contact_due),
    "contacted_in_time": _dispatches(_contact_due, _stamped("contacted_at", "contact_due")),
    "reopenings": RowSet("moves", _leaves_closed),
    "closings": RowSet("moves", _enters_closed),
    "exclusions": RowSet("moves", _enters_excluded),
    "exclusions_undone": RowSet("moves", _leaves_excluded),
    "flags": RowSet("flags", _every),
    "flags_answered": RowSet("flags", lambda row, wanted: sa.and_(row.is_answered)),
    "checked": RowSet("checks", _every),
    "checked_true": RowSet("checks", _is_true),
    "visits_checked": RowSet("visit_checks", _every),
    "visits_checked_true": RowSet("visit_checks", _is_true),
    "topics_converted": RowSet("topics", lambda row, wanted: sa.and_(row.is_converted)),
}

OF_PROBLEMS = frozenset({"issues", "dispatches", "moves", "flags", "checks"})
# By what the rows of a fact can be broken down, and narrowed down.
DIVIDED_BY: dict[str, frozenset[str]] = {
    **dict.fromkeys(OF_PROBLEMS, frozenset(DIMENSIONS)),
    "issues": frozenset({*DIMENSIONS, AGE}),
    **dict.fromkeys(("pairs", "participants"), frozenset({"programme", "unit", "group", "park"})),
    **dict.fromkeys(("enterprises", "duties"), frozenset({"programme", "park"})),
    "visit_checks": frozenset({"group"}),
    "topics": frozenset({"unit", "category"}),
}
NARROWED_BY = DIVIDED_BY | {"visit_checks": DIVIDED_BY["pairs"]}

# What a handling unit does not learn of its single problems.
OF_ANSWERS = frozenset(
    {
        "answered",
        "answered_solved",
        "rated",
        "rated_satisfied",
        "rated_satisfied_strict",
        "rated_dissatisfied",
        "rated_by_enterprise",
    }
)
