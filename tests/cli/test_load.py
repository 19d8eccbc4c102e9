"""The load zone: bulk rows that agree with each other as if they had come through the pages."""

from collections import Counter, defaultdict
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.reports import plain
from visits.core.audit import AuditEntry
from visits.core.authz import SYSTEM
from visits.core.calendar import load_calendar
from visits.core.clock import now, today
from visits.core.db import db
from visits.core.health import is_sound
from visits.core.periods import Month, Span, local_date
from visits.core.search import standings
from visits.core.settings import get_setting
from visits.enterprises import tiers
from visits.enterprises.models import Enterprise
from visits.honesty.models import RecordQuestion
from visits.issues.integrity import find_broken_records
from visits.issues.limits import all_rules
from visits.issues.models import (
    Conclusion,
    Dispatch,
    DispatchKind,
    Duty,
    Evaluation,
    Issue,
    IssueCounter,
    IssueMove,
    ProgressLink,
    RatingRight,
)
from visits.issues.progress import is_known
from visits.issues.rules import Kind, due_dates, rule_for
from visits.issues.states import LIFE, State
from visits.meetings.integrity import find_broken_records as find_broken_meetings
from visits.meetings.models import AgendaItem, Meeting
from visits.meetings.states import State as MeetingState
from visits.outreach.integrity import find_broken_plans
from visits.outreach.models import PlanState, Promise, Visit, VisitCheck, VisitPair, VisitPlan
from visits.programmes.models import ScopeVersion, Tier
from visits.reports import assemble
from visits.reports.filters import ReportFilter
from visits.supervision.integrity import find_broken_supervision
from visits.supervision.models import Order, OrderProblem
from visits.supervision.states import OrderState

ENTERPRISES, YEARS = 40, 2


@pytest.fixture
def seed(app, monkeypatch):
    monkeypatch.setitem(app.config, "DEMO", True)
    words = ["seed", "load", "--years", str(YEARS), "--enterprises", str(ENTERPRISES)]
    return lambda: app.test_cli_runner().invoke(args=words)


@pytest.fixture
def zone(seed, database, at):
    at("2026-11-23")
    done = seed()
    assert done.exit_code == 0, done.output
    return done


def all_of(model, *order):
    return list(db.session.scalars(sa.select(model).order_by(*order)))


def count(model):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_it_makes_as_many_rows_as_it_says(zone):
    assert count(Enterprise) == ENTERPRISES
    assert count(Visit) == ENTERPRISES * YEARS * 4
    assert count(Issue) <= ENTERPRISES * YEARS * 2
    assert count(Issue) >= ENTERPRISES * YEARS * 2 - 5
    assert 4.5 < count(IssueMove) / count(Issue) < 7.5


def test_every_state_is_the_fold_of_its_moves(zone):
    log = defaultdict(list)
    for move in all_of(IssueMove, IssueMove.issue_id, IssueMove.seq):
        log[move.issue_id].append(move)
    for issue in all_of(Issue):
        state, moves = None, log[issue.id]
        for number, move in enumerate(moves, 1):
            step = LIFE[move.move]
            assert (move.seq, move.from_state) == (number, state)
            assert state in step.origin or (state is None and not step.origin)
            state = step.target or state
            assert move.to_state == state
        assert issue.state == state
        assert moves[-1].happened_at == issue.moved_at
        assert [m.happened_at for m in moves] == sorted(m.happened_at for m in moves)
    assert is_sound(find_broken_records())


def test_orders_and_meetings_agree_with_the_problems(zone):
    assert is_sound(find_broken_supervision() + find_broken_meetings())
    orders, items = all_of(Order), all_of(AgendaItem)
    assert {order.state for order in orders} >= {OrderState.CLOSED}
    assert {item.verdict for item in items} >= {Conclusion.SETTLED}
    assert all(part.stood["state"] == State.IN_PROGRESS for part in all_of(OrderProblem))
    moved = Counter(move.move for move in all_of(IssueMove))
    assert moved["order_supervision"] == len(orders)
    assert moved["put_on_agenda"] == len(items)
    assert moved["complete_duty"] == sum(duty.done_at is not None for duty in all_of(Duty)) > 0
    for meeting in all_of(Meeting):
        assert (meeting.state is MeetingState.HELD) == (meeting.meets_on < today())


def test_links_and_rights_agree_with_what_was_answered(zone):
    issues = {issue.id: issue for issue in all_of(Issue)}
    assert 0 < count(ProgressLink) < len(issues)
    rights = all_of(RatingRight)
    for right in rights:
        answers = [
            row for row in all_of(Evaluation) if (row.issue_id, row.round) == (right.issue_id, right.round)
        ]
        assert (right.used_at is not None) == (right.turn == 1 and bool(answers)), right.id
    open_now = {right.issue_id for right in rights if right.used_at is None and right.closes_at > now()}
    assert open_now
    assert {issues[key].state for key in open_now} <= {State.EVALUATING, State.CLOSED}
    code = f"load-{all_of(ProgressLink)[-1].issue_id:027d}"
    assert is_known(code)


def test_each_move_and_each_visit_has_its_audit_entry(zone):
    kinds = sa.select(sa.func.count()).select_from(AuditEntry)
    moved = db.session.scalar(kinds.where(AuditEntry.subject_type == "issues"))
    visited = db.session.scalar(kinds.where(AuditEntry.action == "visit.recorded"))
    assert (moved, visited) == (count(IssueMove), count(Visit))


def test_limits_follow_the_calendar(zone):
    calendar, issues = load_calendar(), {issue.id: issue for issue in all_of(Issue)}
    leads = [d for d in all_of(Dispatch) if d.kind is DispatchKind.LEAD and d.round == 1]
    known = all_rules()
    assert leads
    for task in leads:
        issue = issues[task.issue_id]
        kind = Kind(issue.category_id, None, issue.urgency, issue.complexity)
        limits = rule_for(known, kind, issue.registered_at).limits
        due = due_dates(limits, local_date(task.assigned_at), calendar)
        wanted = (due.sign, due.contact, due.stage, due.lead)
        assert (task.sign_due, task.contact_due, task.stage_due, task.due_on) == wanted


def test_numbers_run_through_each_day(zone):
    last = defaultdict(int)
    for issue in all_of(Issue, Issue.number):
        last[issue.registered_on] += 1
        assert issue.number == f"WT{issue.registered_on:%Y%m%d}-{last[issue.registered_on]:03d}"
    assert {counter.day: counter.last for counter in all_of(IssueCounter)} == last


def test_what_is_closed_was_evaluated_or_not_reached(zone):
    rated = {evaluation.issue_id for evaluation in all_of(Evaluation)}
    unreached = {m.issue_id for m in all_of(IssueMove) if m.move == "close_unreached"}
    closed = {issue.id for issue in all_of(Issue) if issue.state is State.CLOSED}
    assert closed
    assert closed <= rated | unreached


def test_rows_that_figures_count_repeat_their_visit(zone):
    visits = {visit.id: visit for visit in all_of(Visit)}
    for pair in all_of(VisitPair):
        visit = visits[pair.visit_id]
        said = (visit.visited_on, visit.mode, visit.group_id, visit.recorded_at)
        assert (pair.visited_on, pair.mode, pair.group_id, pair.recorded_at) == said
        assert pair.is_late == (visit.recorded_on > visit.timely_until)


def test_its_figures_are_those_of_a_plain_count(zone):
    for span in (Month(2026, 10).span, Span(None, today()), Span(today() - timedelta(days=400), today())):
        wanted = ReportFilter.of(span)
        slow = plain.figures_of(span, wanted.as_of)
        figures = assemble.get_totals(SYSTEM, wanted).figures
        workdays = {"mean_workdays", "median_workdays"}  # the plain count knows no holidays
        assert {k: figures[k].value for k in slow if k not in workdays} == {
            k: v for k, v in slow.items() if k not in workdays
        }


def test_plans_questions_and_rules_surround_the_visits(zone):
    states = dict(
        db.session.execute(sa.select(VisitPlan.state, sa.func.count()).group_by(VisitPlan.state)).all()
    )
    assert states[PlanState.DONE] > 20
    assert states[PlanState.PLANNED] > 0
    assert is_sound(find_broken_plans())
    assert count(ScopeVersion) == 4
    assert count(Tier) == 12
    assert count(VisitCheck) > 0
    assert count(RecordQuestion) > 0
    owned = sa.select(sa.func.count(Promise.id)).where(Promise.owner_id.is_(None))
    assert db.session.scalar(owned) == 0
    board = tiers.get_board(tiers.Wanted(today(), today().year - 1))
    assert board.registered == ENTERPRISES
    assert board.chosen.filed > ENTERPRISES / 2


def test_its_words_are_found(zone):
    assert [(s.wrong, s.missed) for s in standings()] == [(0, 0), (0, 0)]


def test_it_takes_an_empty_database_only_and_marks_it(zone, seed):
    assert get_setting("demo") is True
    again = seed()
    assert again.exit_code == 1
    assert count(Enterprise) == ENTERPRISES


def test_it_needs_leave_to_invent_records(app, database):
    done = app.test_cli_runner().invoke(args=["seed", "load"])
    assert done.exit_code == 1
    assert count(Enterprise) == 0
