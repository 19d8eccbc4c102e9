"""`jobs`: what problems do by themselves, run twice, on other days, and with one that fails."""

import json
from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.issues import make_issue, make_office
from visits.cli.jobs import JOBS
from visits.core.db import write_next
from visits.core.errors import Refused
from visits.core.permissions import Role
from visits.core.timetable import TIMETABLE
from visits.issues import operations as do
from visits.issues import queries
from visits.issues.models import Block, Issue, Level, Outcome, Solved
from visits.issues.operations import EvaluationEntry, ReportEntry, SuspensionEntry
from visits.issues.states import State


@pytest.fixture
def office(db, at):
    at("2026-11-23")
    return make_office()


def suspended(office, review_on=date(2026, 12, 15)):
    issue = make_issue(office, State.IN_PROGRESS)
    do.ask_suspension(office.handler, issue, SuspensionEntry(Block.UPPER, "待批复。", "王科长", review_on))
    do.suspend(office.leader, issue, None)
    return issue


def promised(office, day=date(2026, 12, 10), level=Level.SATISFIED):
    issue = make_issue(office, State.IN_PROGRESS)
    do.report(office.handler, issue, ReportEntry(Outcome.PLANNED, "列入计划。", "已告知。", day))
    do.pass_review(office.coordinator, issue)
    solved = EvaluationEntry(
        Solved.UNSOLVED, level, accepts=level is Level.SATISFIED, evaluator="王经理", to_unit="请继续沟通"
    )
    do.record_evaluation(office.callback, issue, solved)
    return issue


@pytest.fixture
def jobs(app, db):
    """Run the command; what it prints, and its exit code."""

    def run(*args, code=0):
        db.session.commit()
        write_next(False)
        done = app.test_cli_runner().invoke(args=["jobs", *args])
        assert done.exit_code == code, done.output
        db.session.rollback()
        db.session.expire_all()
        return done.output

    return run


def lapse(jobs, *args, code=0):
    """The two parts of the job that problems have, by what they did and could not do."""
    found = json.loads(jobs("once", "issues.lapse", *args, "--format", "json", code=code))
    return [(part["done"], [row["name"] for row in part["failed"]]) for part in found["parts"][:2]]


def test_the_jobs_are_named(jobs):
    jobs("once", "handover.due")
    said, told = jobs("list"), json.loads(jobs("list", "--format", "json"))
    assert "\nissues.lapse  (" in said
    assert len(told["issues.lapse"]["about"]) >= 2
    assert told["issues.lapse"]["next"].endswith("06:10:00+08:00")
    assert (told["issues.lapse"]["last"], bool(told["handover.due"]["last"])) == (None, True)


def test_every_job_has_its_times():
    assert {job.name for job in JOBS} == set(TIMETABLE)


def test_nothing_lapses_before_its_day(office, jobs, at):
    suspended(office)
    promised(office)
    at("2026-12-10")
    assert lapse(jobs) == [([], []), ([], [])]


def test_on_their_days_problems_come_back_once(office, jobs, at):
    rests, closed = suspended(office), promised(office)
    at("2026-12-15")
    said = jobs("once", "issues.lapse")
    assert rests.number in said
    assert closed.number in said
    assert (rests.state, rests.due_on) == (State.IN_PROGRESS, date(2026, 12, 24))
    assert (closed.state, closed.round, closed.outcome) == (State.IN_PROGRESS, 2, None)
    moves = [queries.moves_of(issue.id)[-1].IssueMove for issue in (rests, closed)]
    assert [(move.move, move.acted_as, move.actor_id) for move in moves] == [
        ("resume", "system", None),
        ("reopen", "system", None),
    ]
    seen = rests.revision, closed.revision
    assert lapse(jobs) == [([], []), ([], [])]
    assert (rests.revision, closed.revision) == seen


def test_a_day_to_come_is_tried_as_if_it_were_today(office, jobs):
    issue = suspended(office)
    assert lapse(jobs, "--on", "2026-12-14") == [([], []), ([], [])]
    assert lapse(jobs, "--on", "2026-12-15") == [([issue.number], []), ([], [])]
    assert issue.due_on == date(2026, 12, 24)


def test_for_a_day_past_only_what_was_due_by_then_comes_back_now(office, jobs, at):
    first, second = suspended(office, date(2026, 11, 25)), suspended(office, date(2026, 11, 30))
    at("2026-12-01")
    assert lapse(jobs, "--on", "2026-11-27")[0] == ([first.number], [])
    assert (first.due_on, second.state) == (date(2026, 12, 10), State.SUSPENDED)
    assert first.moved_at.date() == date(2026, 12, 1)


def test_one_that_fails_is_named_and_stops_no_other(office, jobs, at, monkeypatch):
    bad, worse, good = suspended(office), suspended(office), suspended(office)
    original, faults = do.resume, {bad.id: Refused("Not now."), worse.id: ZeroDivisionError()}

    def resume(actor, issue, *args):
        original(actor, issue, *args)
        if issue.id in faults:
            raise faults[issue.id]

    monkeypatch.setattr(do, "resume", resume)
    at("2026-12-15")
    assert lapse(jobs, code=1)[0] == ([good.number], [bad.number, worse.number])
    assert [issue.state for issue in (bad, worse, good)] == [
        State.SUSPENDED,
        State.SUSPENDED,
        State.IN_PROGRESS,
    ]
    said = jobs("once", "issues.lapse", code=1)
    assert f"✗ {bad.number}" in said


def test_what_a_ruling_closed_stays_closed(office, jobs, at):
    issue = promised(office, level=Level.DISSATISFIED)
    do.ask_ruling(office.leader, issue, "已尽力。")
    do.rule_closed(actor_for(make_person([Role.SUPERVISOR])), issue)
    assert issue.outcome is Outcome.PLANNED
    at("2026-12-15")
    assert lapse(jobs) == [([], []), ([], [])]
    assert issue.state is State.CLOSED


def test_a_problem_closed_again_after_a_ruling_was_undone_lapses(office, jobs, at, db):
    issue = promised(office)
    at("2026-12-11")
    assert lapse(jobs)[1] == ([issue.number], [])
    assert db.session.scalar(sa.select(Issue.commitment_due).where(Issue.id == issue.id)) is None


@pytest.mark.parametrize(
    "args",
    [
        ("once", "issues.nothing"),
        ("once",),
        ("once", "issues.lapse", "--on", "tomorrow"),
        ("once", "issues.lapse", "--on", "2026-02-30"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(jobs, args):
    assert "Error" in jobs(*args, code=2)
