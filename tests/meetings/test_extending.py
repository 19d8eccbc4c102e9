"""What a meeting does to a due date: nothing, unless whoever records it may grant an extension."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories import meetings as make
from tests.factories.accounts import actor_for, make_person
from tests.factories.issues import make_issue, make_office
from tests.factories.programmes import join, make_group
from visits.core.calendar import fill_calendar
from visits.core.db import db
from visits.core.errors import Refused
from visits.core.permissions import Role
from visits.issues import asked
from visits.issues import operations as issues
from visits.issues.models import Conclusion, Decision, Delay, Duty, IssueMove, IssueRequest
from visits.issues.operations import ExtensionEntry
from visits.issues.states import State as Problem
from visits.meetings.models import AgendaItem

TOLD = {"delay": Delay.UPPER, "told_enterprise": True}


@pytest.fixture(autouse=True)
def _day(at, database):
    at("2026-11-27")
    fill_calendar(range(2025, 2028))


@pytest.fixture
def office(database):
    return make_office()


@pytest.fixture
def issue(office):
    return make_issue(office, Problem.IN_PROGRESS, title="北路出入口拥堵")


@pytest.fixture
def held(office, issue):
    return make.hold(office.coordinator, make.make_meeting(office.coordinator, [issue]))


def concluded(actor, held, **values):
    """Conclude on the one problem of a meeting that its due date moves."""
    (item,) = make.items_of(held)
    make.conclude(actor, held, item, Conclusion.STUDY, text="分两段施工。", **values)
    return item


def last_day(issue):
    return asked.extension_span(issue)[1]


def requests(issue):
    return list(db.session.scalars(sa.select(IssueRequest).where(IssueRequest.issue_id == issue.id)))


def ask(office, issue, wanted):
    entry = ExtensionEntry(Delay.UPPER, "等待上级批复。", wanted, told_enterprise=True)
    issues.ask_extension(office.handler, issue, entry)


def test_a_meeting_extends_by_a_request_written_down_and_granted_in_one_go(office, issue, held):
    former, wanted = issue.due_on, last_day(issue)
    item = concluded(office.coordinator, held, extended_to=wanted, **TOLD)
    assert issue.due_on == item.extended_to > former
    (request,) = requests(issue)
    assert (request.decision, request.granted_on, request.unit_id) == (
        Decision.GRANTED,
        issue.due_on,
        office.unit.id,
    )
    assert (request.reason, request.text, request.told_enterprise) == ("upper", "分两段施工。", True)
    assert (request.asked_by_id, request.decided_by_id) == (office.coordinator.person_id,) * 2
    assert not issue.extension_asked
    move = db.session.scalars(
        sa.select(IssueMove).where(IssueMove.issue_id == issue.id).order_by(IssueMove.seq.desc())
    ).first()
    assert (move.move, move.details["meeting_id"], move.details["former_due_on"]) == (
        "grant_extension",
        held.id,
        str(former),
    )


def test_what_the_unit_asked_for_is_granted_with_the_meetings_day(office, issue, held):
    wanted = last_day(issue)
    ask(office, issue, wanted)
    granted = date(2026, 12, 10)
    assert issue.due_on < granted < wanted
    concluded(office.coordinator, held, extended_to=granted)
    assert issue.due_on == granted
    (request,) = requests(issue)
    assert (request.asked_by_id, request.wanted_on, request.granted_on) == (
        office.handler.person_id,
        wanted,
        granted,
    )


def refused(office, held, actor, **values):
    """What a refused extension says, at which field; nothing else of the conclusion is kept."""
    (item,) = make.items_of(held)
    moves = db.session.scalar(sa.select(sa.func.count(IssueMove.id)))
    with pytest.raises(Refused) as told:
        make.conclude(actor, held, item, Conclusion.ESCALATE, office.unit, **values)
    assert db.session.scalar(sa.select(sa.func.count(IssueMove.id))) == moves
    assert db.session.scalar(sa.select(sa.func.count(Duty.id))) == 0
    assert db.session.get(AgendaItem, item.id).verdict is None
    return str(told.value), told.value.field


def test_a_day_beyond_the_last_one_possible_is_refused_and_nothing_is_kept(office, issue, held):
    former, last = issue.due_on, last_day(issue)
    sentence, field = refused(
        office, held, office.coordinator, extended_to=date.fromordinal(last.toordinal() + 1), **TOLD
    )
    assert (field, issue.due_on, issue.escalation) == ("extended_to", former, 0)
    assert f"{last} at the latest" in sentence


def test_who_may_not_decide_moves_no_due_date(office, issue, held):
    leader, group = make_person([Role.GROUP_LEADER]), make_group()
    join(group, leader)
    issue.group_id = held.group_id = group.id
    db.session.flush()
    sentence, field = refused(office, held, actor_for(leader), extended_to=last_day(issue), **TOLD)
    assert field == "extended_to"
    assert "may not move due dates" in sentence


def test_a_coordinator_of_the_handling_unit_extends_nothing(office, issue, held):
    own = actor_for(make_person([Role.COORDINATOR], office.unit))
    sentence, field = refused(office, held, own, extended_to=last_day(issue), **TOLD)
    assert field == "extended_to"
    assert "another unit" in sentence


def test_a_second_extension_is_a_leaders(office, issue, held):
    first = date.fromordinal(issue.due_on.toordinal() + 1)
    item = concluded(office.coordinator, held, extended_to=first, **TOLD)
    granted = issue.due_on
    with pytest.raises(Refused, match="zone leader") as told:
        concluded(office.coordinator, held, amended_for="再延", extended_to=last_day(issue), **TOLD)
    assert told.value.field == "extended_to"
    assert (issue.due_on, db.session.get(AgendaItem, item.id).extended_to) == (granted, granted)


@pytest.mark.parametrize("state", [Problem.ASSIGNED, Problem.REPORTED, Problem.EVALUATING])
def test_only_a_problem_in_progress_is_extended(office, state):
    meeting = make.make_meeting(office.coordinator, [make_issue(office, state)])
    make.hold(office.coordinator, meeting)
    with pytest.raises(Refused, match="in progress") as told:
        concluded(office.coordinator, meeting, extended_to=date(2026, 12, 10), **TOLD)
    assert told.value.field == "extended_to"


@pytest.mark.parametrize(
    ("values", "field"),
    [({"told_enterprise": True}, "delay"), ({"delay": Delay.UPPER}, "told_enterprise")],
)
def test_an_extension_wants_a_reason_and_that_the_enterprise_knows(office, issue, held, values, field):
    assert refused(office, held, office.coordinator, extended_to=last_day(issue), **values)[1] == field


def test_an_amendment_leaves_a_granted_extension_as_it_is(office, issue, held):
    item = concluded(office.coordinator, held, extended_to=last_day(issue), **TOLD)
    granted = item.extended_to
    concluded(office.coordinator, held, extended_to=granted, amended_for="措辞")
    assert (issue.due_on, len(requests(issue))) == (granted, 1)
    with pytest.raises(Refused, match="already") as told:
        concluded(office.coordinator, held, amended_for="措辞")
    assert told.value.field == "extended_to"


def test_a_conclusion_is_amended_with_the_reason_of_its_extension(office, issue, held, client_for):
    item = concluded(office.coordinator, held, extended_to=last_day(issue), **TOLD)
    db.session.commit()
    page = client_for(office.people["coordinator"]).get(f"/meetings/{held.id}/items/{item.id}/conclude")
    chosen = [o["value"] for o in page.root.first("select", name="delay").all("option") if "selected" in o]
    assert chosen == ["upper"]
    assert "checked" in page.root.first("input", name="told_enterprise")


def test_the_page_offers_extends_and_says_why_not(office, issue, held, client_for):
    last = last_day(issue)
    (item,) = make.items_of(held)
    db.session.commit()
    desk = client_for(office.people["coordinator"])
    at = f"/meetings/{held.id}/items/{item.id}/conclude"
    page = desk.get(at)
    assert page.root.first("input", name="extended_to")["max"] == str(last)
    sent = {
        "verdict": "settled",
        "conclusion": "三日内提出方案。",
        "lead_unit_id": str(office.unit.id),
        "due_on": "2026-12-04",
        "extended_to": "2027-11-01",
        "delay": "upper",
        "told_enterprise": "y",
    }
    again = desk.post(at, sent, page=page, status=422)
    assert f"最迟可延至{last}" in again.main
    assert "三日内提出方案。" in again.main
    done = desk.follow(desk.post(at, sent | {"extended_to": str(last)}, page=again))
    assert "办理时限延至" in done.main
    assert "办理时限延至" in desk.get(f"/meetings/{held.id}/minutes").main
    timeline = desk.get(f"/issues/{issue.id}")
    assert "批准延期" in timeline.main


def test_the_page_tells_what_the_unit_asks_for(office, issue, held, client_for):
    wanted = last_day(issue)
    ask(office, issue, wanted)
    (item,) = make.items_of(held)
    db.session.commit()
    page = client_for(office.people["coordinator"]).get(f"/meetings/{held.id}/items/{item.id}/conclude")
    assert f"承办单位申请延至{wanted}" in page.main
    assert page.root.all("select", name="delay") == []
