"""How it stands with earlier promises and problems, as the enterprise says at the next visit."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for
from tests.factories.enterprises import make_enterprise
from tests.factories.outreach import make_visit, visit_entry
from visits.core.authz import SYSTEM
from visits.core.calendar import load_calendar
from visits.core.errors import Refused
from visits.enterprises.operations import MergeEntry, merge_enterprises, undo_merge
from visits.issues import boards, listing
from visits.issues import operations as problems
from visits.issues.filters import IssueFilters
from visits.issues.models import Finding, IssueMove
from visits.outreach import operations, queries
from visits.outreach.entries import CheckEntry
from visits.outreach.models import VisitCheck
from visits.outreach.operations import Amendment

pytestmark = pytest.mark.usefixtures("november")


def visit_with(firm, officer, *checks, **values):
    return make_visit(firm, author=officer, checks=checks, **values)


def current(database, visit):
    wanted = (VisitCheck.visit_id == visit.id, VisitCheck.superseded_at.is_(None))
    return {
        queries.key_of(row.promise_id, row.issue_id): row.finding
        for row in database.session.scalars(sa.select(VisitCheck).where(*wanted))
    }


def moves_of(database, issue):
    wanted = IssueMove.issue_id == issue.id
    return database.session.scalars(sa.select(IssueMove).where(wanted).order_by(IssueMove.seq)).all()


def contradicted(office):
    found = listing.of_issues(
        office.coordinator, IssueFilters(board=("contradicted",), state=("all",)), load_calendar()
    ).page({})
    conditions = boards.conditions_of(boards.days_of(load_calendar()))
    counts = boards.in_all(boards.count_by_unit(office.coordinator, conditions))
    assert counts["contradicted"] == found.total
    return {row.id for row in found.rows}


def amend(officer, visit, firm, *checks, reason="", **values):
    people = values.pop("people", [officer])
    entry = visit_entry(firm, people=people, checks=checks, **values)
    operations.amend_visit(actor_for(officer), visit, Amendment(entry, reason))


def test_the_board_lists_what_is_closed_as_solved_and_said_otherwise(
    officer, firm, solved, running, office, at
):
    visit_with(firm, officer, CheckEntry(Finding.NO_PROGRESS, issue_id=running.id))
    assert contradicted(office) == set()
    visit = visit_with(firm, officer, CheckEntry(Finding.NO_PROGRESS, issue_id=solved.id))
    assert contradicted(office) == {solved.id}
    operations.void_visit(office.coordinator, visit, "记错企业", {})
    assert contradicted(office) == set()
    visit_with(firm, officer, CheckEntry(Finding.WORSE, issue_id=solved.id))
    assert contradicted(office) == {solved.id}
    at("2026-11-25")
    visit_with(firm, officer, CheckEntry(Finding.SOLVED, issue_id=solved.id))
    assert contradicted(office) == set()


def test_a_problem_taken_up_again_is_no_longer_contradicted(officer, firm, solved, office):
    visit_with(firm, officer, CheckEntry(Finding.WORSE, issue_id=solved.id))
    problems.reopen(actor_for(officer), solved, "企业现场反映仍未解决")
    assert contradicted(office) == set()


def test_what_an_amendment_leaves_is_not_told_twice(database, officer, firm, running):
    said = CheckEntry(Finding.WORSE, issue_id=running.id, note="停产两天")
    visit = visit_with(firm, officer, said)
    before = len(moves_of(database, running))
    amend(officer, visit, firm, said, summary="另记一笔")
    assert len(moves_of(database, running)) == before
    assert current(database, visit) == {f"problem-{running.id}": Finding.WORSE}


def test_on_another_day_everything_was_said_then(database, officer, firm, promise, running):
    said = CheckEntry(Finding.SOLVED, promise_id=promise.id), CheckEntry(Finding.WORSE, issue_id=running.id)
    visit = visit_with(firm, officer, *said)
    database.session.commit()
    with pytest.raises(Refused):  # before the day on which it was promised
        amend(officer, visit, firm, *said, visited_on=date(2026, 11, 20))
    database.session.rollback()
    promise.visit_id = make_visit(firm, visited_on=date(2026, 11, 10)).id
    amend(officer, visit, firm, *said, visited_on=date(2026, 11, 20))
    assert promise.kept_on == date(2026, 11, 20)
    assert moves_of(database, running)[-1].details["heard_on"] == "2026-11-20"


def test_an_operation_takes_no_foreign_or_double_answer(officer, firm, promise, running):
    double = (
        CheckEntry(Finding.WORSE, issue_id=running.id),
        CheckEntry(Finding.PROGRESS, issue_id=running.id),
    )
    for checks in (
        double,
        [CheckEntry(Finding.WORSE, promise_id=promise.id)],
        [CheckEntry(Finding.WORSE, issue_id=0)],
    ):
        with pytest.raises(Refused) as refusal:
            visit_with(firm, officer, *checks)
        assert refusal.value.field == "checks"


def test_promises_and_answers_go_along_when_records_become_one_and_part_again(
    database, officer, firm, promise, running
):
    said = (
        CheckEntry(Finding.PROGRESS, promise_id=promise.id),
        CheckEntry(Finding.WORSE, issue_id=running.id),
    )
    visit_with(firm, officer, *said)
    other = make_enterprise("江滨电子有限公司")
    merge = merge_enterprises(SYSTEM, MergeEntry(firm.id, other.id, "同一企业"))
    database.session.flush()
    database.session.expire_all()
    keys = {f"promise-{promise.id}", f"problem-{running.id}"}
    assert queries.latest_heard([other.id]).keys() == keys
    assert {row.id for row in queries.promises_open(SYSTEM, other.id)} == {promise.id}
    assert {row.key for row in queries.subjects_at(actor_for(officer), [other.id])} == keys
    undo_merge(SYSTEM, merge, "误并")
    database.session.flush()
    assert queries.latest_heard([firm.id]).keys() == keys
    assert queries.latest_heard([other.id]) == {}
