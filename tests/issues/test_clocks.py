"""Two clocks, lights with words, and due dates that say how they came about."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.issues import make_issue, make_office
from visits.core.authz import SYSTEM
from visits.core.calendar import fill_calendar, load_calendar
from visits.core.calendar_seed import seed_rows
from visits.core.db import db as handle
from visits.core.workdays import Calendar, CalendarDay, explained, workdays_between
from visits.issues import asked, clocks, listing, queries, rules
from visits.issues import operations as do
from visits.issues.filter_forms import IssueFilter
from visits.issues.filters import IssueFilters
from visits.issues.models import Delay
from visits.issues.operations import AssignEntry, ExtensionEntry, ReportEntry
from visits.issues.rules import Outcome, Stay, Tone
from visits.issues.states import State

PUBLISHED = Calendar(
    {row.day: CalendarDay(row.is_workday, row.label, row.provisional) for row in seed_rows([2026, 2027])}
)
TODAY = date(2026, 11, 25)
DAYS = st.dates(date(2026, 1, 1), TODAY)


@given(st.lists(DAYS, min_size=2, max_size=12, unique=True))
def test_the_clocks_of_all_units_never_run_longer_than_the_enterprises(days):
    days.sort()
    stays = [Stay(begun, ended) for begun, ended in zip(days[::2], days[1::2], strict=False)]
    together = rules.desk_days(stays, TODAY, PUBLISHED)
    assert together == sum(rules.desk_days([stay], TODAY, PUBLISHED) for stay in stays)
    assert 0 <= together <= workdays_between(days[0], TODAY, PUBLISHED)


@given(DAYS, DAYS, st.integers(0, 60))
def test_a_stay_cut_in_two_runs_as_long_and_a_suspension_only_shortens(begun, cut, paused):
    first, second = sorted((begun, cut))
    whole = rules.desk_days([Stay(first)], TODAY, PUBLISHED)
    assert rules.desk_days([Stay(first, second), Stay(second)], TODAY, PUBLISHED) == whole
    assert rules.desk_days([Stay(first, None, paused)], TODAY, PUBLISHED) == max(0, whole - paused)


@given(DAYS)
def test_a_running_clock_never_goes_back(begun):
    clock = [rules.desk_days([Stay(begun)], TODAY + timedelta(days=n), PUBLISHED) for n in range(10)]
    assert clock == sorted(clock)


@given(st.integers(1, 15), st.dates(date(2026, 1, 20), date(2026, 12, 1)))
def test_the_last_day_ago_is_the_latest_with_so_many_working_days_since(count, today):
    last = rules.last_day_ago(count, today, PUBLISHED)
    assert workdays_between(last, today, PUBLISHED) == count
    assert workdays_between(last + timedelta(days=1), today, PUBLISHED) < count


@given(DAYS, st.integers(0, 80))
def test_an_explanation_accounts_for_every_day(start, length):
    due = start + timedelta(days=length)
    count = explained(start, due, PUBLISHED)
    rested = sum((s.last - s.first).days + 1 for s in count.stretches if not s.is_workday)
    assert count.days + rested == length
    assert all(s.first <= s.last for s in count.stretches)


def test_an_explanation_names_the_holidays_and_the_worked_weekends():
    count = explained(date(2026, 9, 24), date(2026, 10, 12), PUBLISHED)
    said = [(str(s.first), str(s.last), s.is_workday, s.label[:3]) for s in count.stretches]
    assert ("2026-10-01", "2026-10-03", False, "国庆节") in said
    assert ("2026-10-10", "2026-10-10", True, "调休上") in said
    assert not count.is_provisional
    assert explained(date(2026, 12, 28), date(2027, 1, 8), PUBLISHED).is_provisional


@pytest.fixture
def office(db):
    return make_office()


def on_page(client_for, person, issue):
    handle.session.commit()
    return client_for(person).get("issues.show", issue_id=issue.id).text


def wander(office, at):
    """Two days on one desk, a day of waiting, three on another and reported."""
    at("2026-11-02")
    issue = make_issue(office, State.ASSIGNED)
    at("2026-11-03")
    do.return_issue(office.handler, issue, "不属于本单位职责", office.other_unit.id)
    at("2026-11-04")
    do.reassign(office.coordinator, issue, AssignEntry(office.other_unit.id))
    at("2026-11-06")
    do.sign(office.other_handler, issue)
    at("2026-11-09")
    do.report(office.other_handler, issue, ReportEntry(Outcome.SOLVED, "已办", "已告知"))
    at("2026-11-11")
    return issue


def test_both_clocks_stand_side_by_side_with_each_unit_that_had_it(office, at, client_for):
    issue = wander(office, at)
    found = clocks.unit_clocks(issue, queries.dispatches_of(issue.id), load_calendar())
    assert [(row.unit, row.days, row.is_running) for row in found] == [
        (office.unit.name, 1, False),
        (office.other_unit.name, 3, False),
    ]
    text = on_page(client_for, office.people["coordinator"], issue)
    for said in (
        "企业等待时长",
        "单位办理时长",
        "各单位办理时长",
        "7个工作日",
        "3个工作日",
        office.unit.name,
    ):
        assert said in text


def test_the_list_shows_both_clocks(office, at, client_for, statements):
    issue = wander(office, at)
    handle.session.commit()
    browser = client_for(office.people["coordinator"])
    with statements() as seen:
        page = browser.get("issues.index", columns="workdays,unit_days")
    assert len(seen) <= 10
    assert issue.number in page.text
    assert "企业等待时长" in page.text
    assert "单位办理时长" in page.text


def test_a_due_date_explains_itself(office, at, client_for):
    fill_calendar([2026])
    at("2026-09-24")
    issue = make_issue(office, State.ASSIGNED)
    text = on_page(client_for, office.people["handler"], issue)
    assert "7个工作日，如何计算" in text
    assert "交办，自次日起算，7个工作日" in text
    assert "不计入（国庆节" in text
    slip = client_for(office.people["coordinator"]).get("issue_slips.show", issue_id=issue.id).text
    assert "不计入（国庆节" in slip


def test_a_provisional_due_date_says_so(office, at, client_for):
    at("2026-12-29")
    issue = make_issue(office, State.ASSIGNED)
    assert "放假安排尚未公布" in on_page(client_for, office.people["handler"], issue)


def found(**values):
    page = listing.of_issues(SYSTEM, IssueFilters(**values), load_calendar()).page({})
    return {row.id for row in page.rows}


def test_what_the_page_calls_stalled_the_filter_finds(office, at):
    at("2026-11-02")
    issue = make_issue(office, State.IN_PROGRESS)
    seen = {}
    for day in ("2026-11-06", "2026-11-08", "2026-11-09", "2026-11-12"):
        at(day)
        is_found = issue.id in found(board=("stalled",))
        assert is_found == queries.is_stalled(issue, load_calendar())
        seen[day] = is_found
    assert seen == {"2026-11-06": False, "2026-11-08": False, "2026-11-09": True, "2026-11-12": True}
    do.add_progress(office.handler, issue, "已进场")
    assert found(board=("stalled",)) == set()


def test_the_office_is_late_with_accepting_reviewing_and_asking(office, at):
    at("2026-11-02")
    waiting = make_issue(office)
    reported = make_issue(office, State.REPORTED)
    asked = make_issue(office, State.EVALUATING)
    late = {}
    for day in ("2026-11-03", "2026-11-04", "2026-11-05", "2026-11-06"):
        at(day)
        late[day] = found(office_late=True)
        for issue in (waiting, reported, asked):
            light = queries.light_of(issue, load_calendar())
            assert (light is not None and light.tone is Tone.RED) == (issue.id in late[day])
    assert late == {
        "2026-11-03": set(),
        "2026-11-04": {waiting.id},
        "2026-11-05": {waiting.id, reported.id},
        "2026-11-06": {waiting.id, reported.id, asked.id},
    }


def test_an_interim_report_has_a_light_of_its_own(office, at, client_for):
    at("2026-11-02")
    issue = make_issue(office, State.IN_PROGRESS)
    assert found(stage=(Tone.YELLOW, Tone.RED)) == set()
    at("2026-11-03")
    assert found(stage=(Tone.YELLOW,)) == {issue.id}
    assert "阶段反馈剩2个工作日" in on_page(client_for, office.people["handler"], issue)
    at("2026-11-09")
    assert (found(stage=(Tone.YELLOW,)), found(stage=(Tone.RED,))) == (set(), {issue.id})
    text = on_page(client_for, office.people["handler"], issue)
    assert "阶段反馈超期2个工作日" in text
    assert "5个工作日无进展" in text
    do.add_progress(office.handler, issue, "已完成勘察")
    assert found(stage=(Tone.RED,)) == set()
    assert "阶段反馈超期" not in on_page(client_for, office.people["handler"], issue)


def test_the_filters_are_offered(app):
    with app.test_request_context("/issues?stage=red&board=stalled&office_late=y"):
        chosen = IssueFilter().filters()
    assert (chosen.stage, chosen.board, chosen.office_late) == ((Tone.RED,), ("stalled",), True)


def test_an_extended_due_date_says_how_many_days_were_added(office, at, client_for):
    fill_calendar([2026])
    at("2026-11-23")
    issue = make_issue(office, State.IN_PROGRESS)
    due = issue.due_on
    wanted = asked.extension_span(issue)[1]
    asking = ExtensionEntry(Delay.UPPER, "等待批复。", wanted, told_enterprise=True)
    do.ask_extension(office.handler, issue, asking)
    do.grant_extension(office.coordinator, issue, wanted, "同意")
    handle.session.commit()
    calendar = load_calendar()
    whole, added = (workdays_between(first, issue.due_on, calendar) for first in (date(2026, 11, 23), due))
    text = on_page(client_for, office.people["handler"], issue)
    assert f"{whole}个工作日（含延长{added}个工作日），如何计算" in text
    assert f"原定时限 {due}" in text
