"""The pages of digests: one's own only, with the first rows of each section and the way to all."""

from datetime import date, timedelta

import pytest

from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.issues import make_issue, make_office
from visits.core.clock import today
from visits.core.permissions import Role
from visits.digest import operations, queries
from visits.digest.models import LadderStep
from visits.digest.rules import Rung
from visits.issues.states import State

DAY = date(2026, 11, 23)


@pytest.fixture
def office(db, at):
    at("2026-11-23")
    office = make_office()
    for _ in range(queries.SHOWN + 2):
        make_issue(office, State.REGISTERED)
    for waiting in queries.gather():
        operations.send_digest(waiting, today())
    db.session.commit()
    return office


def test_it_says_what_waited_and_leads_to_the_list(office, client_for):
    browser = client_for(office.people["coordinator"])
    page = browser.get("digest.index")
    for said in ("每日提醒", "待受理交办", "还有 2 项", "打开列表"):
        assert said in page.text
    assert browser.url("desks.office", queue="accept") in page.links.values()


def test_nobody_reads_anybody_elses(office, client_for):
    stranger = client_for(make_person([Role.COORDINATOR]))
    other = stranger.get("digest.show", day="2026-11-23", status=404).text
    never = stranger.get("digest.show", day="2026-11-20", status=404).text
    assert other == never
    assert "还没有每日提醒" in stranger.get("digest.index").text


@pytest.mark.parametrize("day", ["today", "2026-13-01", "20261123x", "０"])
def test_a_day_that_is_none_is_not_found(office, client_for, day):
    client_for(office.people["coordinator"]).get("digest.show", day=day, status=404)


def test_an_old_one_says_so(office, client_for, at):
    at("2026-11-24")
    assert "今天没有每日提醒" in client_for(office.people["coordinator"]).get("digest.index").text


def test_pages_cost_the_same_however_many_sections(office, client_for, statements, db):
    browser = client_for(office.people["coordinator"])
    with statements() as seen:
        browser.get("digest.index")
    assert len(seen) <= 10


def test_the_form_of_orders_opens_filled(office, client_for, db):
    issue = make_issue(office, State.IN_PROGRESS)
    step = LadderStep(issue_id=issue.id, due_on=issue.due_on, rung=Rung.ORDERED, day=DAY)
    noted = LadderStep(issue_id=issue.id, due_on=issue.due_on, rung=Rung.DUE, day=DAY - timedelta(days=7))
    db.session.add_all([step, noted])
    db.session.commit()
    browser = client_for(office.people["leader"])
    page = browser.get("digest.orders_due", step_id=step.id, status=303)
    assert f"issue={issue.id}" in page.response.location
    assert issue.number in browser.open(page.response.location).text
    browser.get("digest.orders_due", step_id=noted.id, status=404)


def test_the_list_of_every_section_opens_for_whoever_gets_it(office, client_for, db):
    unit, wrong = make_unit(), []
    people = {role: make_person([role], unit) for role in Role}
    db.session.commit()
    browsers = {role: client_for(person) for role, person in people.items()}
    for role, browser in browsers.items():
        parts = queries.parts_for(actor_for(people[role]))
        for endpoint, query in {(p.shown_at[0], tuple(p.shown_at[1].items())) for p in parts}:
            page = browser.get(endpoint, status=None, **dict(query))
            wrong += [] if page.status == 200 else [(role, endpoint, page.status)]
    assert wrong == []
    assert {part.key for role in Role for part in queries.parts_for(actor_for(people[role]))} == set(
        queries.BY_KEY
    )
