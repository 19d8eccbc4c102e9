"""The list narrowed to what is near: on my unit's desk, or registered by me."""

from tests.factories.issues import make_issue, make_office
from visits.core.calendar import load_calendar
from visits.issues import listing
from visits.issues.filters import IssueFilters
from visits.issues.states import State


def listed(actor, *mine):
    page = listing.of_issues(actor, IssueFilters(mine=mine), load_calendar()).page({})
    return {row.id for row in page.rows}


def test_each_sees_what_lies_on_the_own_desk_and_what_was_registered(database):
    office = make_office()
    waiting, done = make_issue(office, State.ASSIGNED), make_issue(office, State.REPORTED)
    untouched = make_issue(office)
    assert listed(office.handler, "desk") == {waiting.id}
    assert listed(office.other_handler, "desk") == set()
    assert listed(office.cadre, "authored") == {waiting.id, done.id, untouched.id}
    assert listed(office.coordinator, "authored") == set()
    assert listed(office.handler, "desk", "authored") == {waiting.id}
    assert listed(office.coordinator, "nonsense") == {waiting.id, done.id, untouched.id}
