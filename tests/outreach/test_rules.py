"""What makes a visit late, joint, complete, and under which programmes it counts."""

from datetime import date, time

import pytest

from visits.core.workdays import Calendar, CalendarDay
from visits.outreach import rules
from visits.outreach.entries import NEW_FIRM, NewFirm, Outsider, ProblemEntry, PromiseEntry, VisitEntry
from visits.programmes.models import VisitMode

TODAY = date(2026, 11, 23)
HOLIDAY = Calendar({date(2026, 11, 24): CalendarDay(is_workday=False)})


def entry(**values):
    given = {
        "client_id": "x",
        "visited_on": TODAY,
        "mode": VisitMode.ON_SITE,
        "enterprise_ids": [1],
        "programme_ids": [1],
        "participant_ids": [1],
    }
    return VisitEntry(**(given | values))


@pytest.mark.parametrize(
    ("visited", "recorded", "calendar", "late"),
    [
        (date(2026, 11, 23), date(2026, 11, 26), Calendar(), False),
        (date(2026, 11, 23), date(2026, 11, 27), Calendar(), True),
        (date(2026, 11, 23), date(2026, 11, 27), HOLIDAY, False),
        (date(2026, 11, 20), date(2026, 11, 25), Calendar(), False),
        (date(2026, 11, 21), date(2026, 11, 25), Calendar(), False),
        (date(2026, 11, 21), date(2026, 11, 26), Calendar(), True),
    ],
)
def test_a_visit_recorded_after_the_third_working_day_is_a_late_entry(visited, recorded, calendar, late):
    assert rules.is_late_entry(recorded, rules.last_timely_day(visited, calendar)) is late


@pytest.mark.parametrize(
    ("units", "joint"),
    [
        ([], False),
        (["甲局"], False),
        (["甲局", "甲局"], False),
        (["甲局", ""], False),
        (["甲局", "乙局"], True),
    ],
)
def test_a_visit_of_two_units_is_joint(units, joint):
    assert rules.is_joint(units) is joint


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, None),
        ({"enterprise_ids": []}, "enterprises"),
        ({"enterprise_ids": [], "new_firm": NewFirm("甲公司", "新落户")}, None),
        ({"visited_on": date(2026, 11, 24)}, "visited_on"),
        ({"visited_on": date(1999, 12, 31)}, "visited_on"),
        ({"start_time": time(10), "end_time": time(9)}, "end_time"),
        ({"participant_ids": []}, "participant_ids"),
        ({"participant_ids": [], "outsiders": [Outsider("王某", "街道办")]}, None),
        ({"programme_ids": []}, "programme_ids"),
    ],
)
def test_what_must_be_entered_is_asked_for_at_its_field(values, field):
    fault = rules.fault_of(entry(**values), TODAY)
    assert (fault.field if fault else None) == field


def test_every_enterprise_is_asked_for_a_problem_or_the_tick():
    visit = entry(
        enterprise_ids=[1, 2, 3],
        new_firm=NewFirm("甲公司", "新落户"),
        problems=[ProblemEntry(1, "用电紧张", 1), ProblemEntry(3, "招工难", 1)],
        no_issue_ids=frozenset({3}),
    )
    assert rules.unanswered(visit) == [2, NEW_FIRM]
    assert rules.contradicted(visit) == [3]


def test_a_promise_to_an_enterprise_not_visited_is_noticed():
    assert rules.strangers(entry(promises=[PromiseEntry(9, "联系供电公司")])) == {9}


@pytest.mark.parametrize(
    ("chosen", "is_linked", "counted"),
    [([1], False, [1]), ([1, 2], False, [1]), ([1, 2], True, [1, 2]), ([2], True, [2]), ([2], False, [])],
)
def test_group_linked_counts_only_where_a_group_answers(chosen, is_linked, counted):
    assert rules.programmes_of_pair(chosen, 2, is_linked) == counted
