"""The board of what is stuck: each list holds what it says, and its number is the number of its rows."""

from datetime import date

import pytest

from tests.factories.accounts import actor_for, make_person
from tests.factories.issues import advance, make_issue, make_office
from visits.core.calendar import load_calendar
from visits.core.permissions import Role
from visits.issues import boards, desks, listing
from visits.issues import operations as do
from visits.issues.filters import IssueFilters
from visits.issues.models import Level, Outcome, RedFlag, Solved
from visits.issues.operations import AssignEntry, EvaluationEntry, ReportEntry
from visits.issues.states import State

BAD = EvaluationEntry(Solved.UNSOLVED, Level.DISSATISFIED, evaluator="王经理", to_unit="请重新办理")
PLANNED = ReportEntry(Outcome.PLANNED, "已列入计划", "已告知", date(2026, 12, 1))
ACCEPTED = EvaluationEntry(Solved.PARTLY, Level.SATISFIED, accepts=True, evaluator="王经理")


@pytest.fixture
def stuck(database, at):
    """One problem in each plight, by the name of the list that holds it, and one in none."""
    at("2026-10-12")
    office = make_office()
    office.supervisor = actor_for(make_person([Role.SUPERVISOR]))
    named = {
        "unsigned": make_issue(office, State.ASSIGNED),
        "overdue": make_issue(office, State.IN_PROGRESS),
    }
    returned = make_issue(office, State.RETURNED)
    do.reassign(office.coordinator, returned, AssignEntry(office.other_unit.id))
    do.return_issue(office.other_handler, returned, "也不属于我们", office.unit.id)
    named["returned"] = returned
    at("2026-11-25")
    for name in ("red_flag", "rated_badly", "lapsing", "none"):
        named[name] = make_issue(office, State.IN_PROGRESS)
    named["red_flag"].red_flag = RedFlag.MOVING_OUT
    advance(office, named["rated_badly"], State.EVALUATING)
    do.record_evaluation(office.callback, named["rated_badly"], BAD)
    do.report(office.handler, named["lapsing"], PLANNED)
    do.pass_review(office.coordinator, named["lapsing"])
    do.record_evaluation(office.callback, named["lapsing"], ACCEPTED)
    database.session.commit()
    office.named = named
    return office


def conditions():
    return boards.conditions_of(boards.days_of(load_calendar()))


def held(office, key):
    filters = IssueFilters(board=(key,), state=("all",))
    page = listing.of_issues(office.coordinator, filters, load_calendar()).page({})
    return {name for name, issue in office.named.items() if issue.id in {row.id for row in page.rows}}


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("overdue", {"unsigned", "overdue", "returned"}),
        ("unsigned", {"unsigned"}),
        ("stalled", {"overdue"}),
        ("returned", {"returned"}),
        ("rated_badly", {"rated_badly"}),
        ("lapsing", {"lapsing"}),
        ("red_flag", {"red_flag"}),
        ("due_soon", set()),
        ("extended", set()),
        ("review_due", set()),
    ],
)
def test_each_list_holds_what_it_says(stuck, key, names):
    assert held(stuck, key) == names
    assert boards.in_all(boards.count_by_unit(stuck.coordinator, conditions()))[key] == len(names)


def test_due_soon_ends_after_two_working_days(stuck, at):
    at("2026-12-02")
    assert "none" in held(stuck, "due_soon")
    at("2026-12-05")
    assert "none" not in held(stuck, "due_soon")


def test_the_worst_come_first_with_their_reasons(stuck):
    worst = desks.worst_problems(stuck.coordinator, conditions())
    assert next(row.id for row in worst) in {stuck.named["unsigned"].id, stuck.named["overdue"].id}
    assert stuck.named["none"].id not in {row.id for row in worst}
    reasons = {row.id: [board.key for board in desks.reasons_of(row)] for row in worst}
    assert reasons[stuck.named["overdue"].id] == ["overdue", "stalled"]
    assert reasons[stuck.named["lapsing"].id] == ["lapsing"]


def test_a_group_leader_sees_the_group_only(stuck):
    leader = actor_for(make_person([Role.GROUP_LEADER]))
    assert set(boards.in_all(boards.count_by_unit(leader, conditions())).values()) == {0}
    assert desks.worst_problems(leader, conditions()) == []


def test_by_unit_the_most_overdue_first(stuck):
    rows = desks.stuck_by_unit(boards.count_by_unit(stuck.coordinator, conditions()))
    assert rows[0].id == stuck.unit.id
    assert (rows[0].overdue, rows[0].unsigned, rows[0].stalled) == (2, 1, 1)


def test_the_page_costs_the_same_for_more_rows(stuck, client_for, database, statements):
    person = client_for(stuck.people["coordinator"])
    counts = []
    for _ in range(2):
        with statements() as seen:
            page = person.get("desks.board")
        counts.append(len(seen))
        for _ in range(3):
            make_issue(stuck, State.ASSIGNED)
        database.session.commit()
    assert "最需督办" in page.main
    assert counts[0] == counts[1] <= 10
