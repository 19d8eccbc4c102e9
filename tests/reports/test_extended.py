"""Extensions and suspensions in the figures: granted time counts, the original limit is kept apart."""

from datetime import date

import pytest

from tests.factories.issues import advance, make_issue, make_office
from visits.core.authz import SYSTEM
from visits.core.calendar import fill_calendar
from visits.core.periods import Span
from visits.issues import operations as do
from visits.issues.models import Block, Delay
from visits.issues.operations import ExtensionEntry, SuspensionEntry
from visits.issues.states import State
from visits.reports import assemble
from visits.reports.filters import ReportFilter


@pytest.fixture
def office(db, at):
    at("2026-11-23")
    fill_calendar([2026, 2027])
    return make_office()


def rates(from_on, to_on):
    totals = assemble.get_totals(SYSTEM, ReportFilter.of(Span(from_on, to_on)))
    keys = ("on_time_rate", "on_time_rate_original", "extension_rate")
    return [(totals.figures[key].numerator, totals.figures[key].denominator) for key in keys]


def test_feedback_within_granted_time_is_on_time_but_not_by_the_original_limit(office, at):
    issue = make_issue(office, State.IN_PROGRESS)
    asking = ExtensionEntry(Delay.WORKS, "下周安装。", date(2026, 12, 8), told_enterprise=True)
    do.ask_extension(office.handler, issue, asking)
    do.grant_extension(office.coordinator, issue, None)
    at("2026-12-07")
    advance(office, issue, State.CLOSED)
    at("2026-12-31")
    assert rates(date(2026, 12, 1), date(2026, 12, 31))[:2] == [(1, 1), (0, 1)]
    assert rates(date(2026, 11, 1), date(2026, 12, 31))[2] == (1, 1)


def test_what_rests_is_out_of_the_rate_until_it_comes_back(office, at):
    issue = make_issue(office, State.IN_PROGRESS)
    asking = SuspensionEntry(Block.UPPER, "待批复。", "王科长", date(2026, 12, 15))
    do.ask_suspension(office.handler, issue, asking)
    do.suspend(office.leader, issue, None)
    at("2026-12-14")
    assert rates(date(2026, 12, 1), date(2026, 12, 14))[:2] == [(0, 0), (0, 1)]
    at("2026-12-15")
    do.resume(SYSTEM, issue)
    advance(office, issue, State.CLOSED)
    at("2026-12-31")
    assert rates(date(2026, 12, 1), date(2026, 12, 31))[:2] == [(1, 1), (0, 1)]
