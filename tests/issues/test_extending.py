"""Extensions: asked for by the unit, decided by the office or a leader, and what moves with them."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.issues import advance, make_issue, make_office
from visits.core.errors import NotAllowed, Refused, WrongState
from visits.core.permissions import Role
from visits.issues import operations as do
from visits.issues import queries
from visits.issues.models import Decision, Delay, Dispatch, IssueMove, RequestKind
from visits.issues.operations import AssignEntry, ExtensionEntry
from visits.issues.states import State

DUE, CAP = date(2026, 12, 2), date(2026, 12, 11)


@pytest.fixture
def office(db, at):
    at("2026-11-23")
    return make_office()


def entry(wanted=date(2026, 12, 8), **values):
    values = {"reason": Delay.WORKS, "plan": "设备本周到货，下周安装。", "told_enterprise": True, **values}
    return ExtensionEntry(wanted_on=wanted, **values)


def lead_of(db, issue):
    return db.session.scalars(
        sa.select(Dispatch).where(
            Dispatch.issue_id == issue.id, Dispatch.kind == "lead", Dispatch.ended_at.is_(None)
        )
    ).one()


def last_move(db, issue):
    return db.session.scalars(
        sa.select(IssueMove).where(IssueMove.issue_id == issue.id).order_by(IssueMove.seq.desc()).limit(1)
    ).one()


def test_asking_moves_nothing_and_says_what_is_wanted(db, office):
    issue = make_issue(office, State.IN_PROGRESS)
    do.ask_extension(office.handler, issue, entry())
    db.session.expire_all()
    assert (issue.due_on, issue.extension_asked) == (DUE, True)
    request = queries.requests_of(issue.id)[0].IssueRequest
    assert (request.from_on, request.wanted_on, request.reason) == (DUE, date(2026, 12, 8), "works")
    move = last_move(db, issue)
    assert move.details == {"delay": "works", "former_due_on": "2026-12-02", "wanted_due_on": "2026-12-08"}
    with pytest.raises(Refused, match="Wait for the decision"):
        do.ask_extension(office.handler, issue, entry())


def test_granted_moves_the_due_dates_and_keeps_the_original(db, office):
    issue = make_issue(office)
    do.assign(office.coordinator, issue, AssignEntry(office.unit.id, [office.other_unit.id]))
    do.sign(office.handler, issue)
    co_unit = db.session.scalars(sa.select(Dispatch).where(Dispatch.kind == "co")).one()
    assert co_unit.due_on == date(2026, 11, 30)
    do.ask_extension(office.handler, issue, entry())
    do.grant_extension(office.coordinator, issue, date(2026, 12, 7), "同意延至周一。")
    db.session.expire_all()
    lead = lead_of(db, issue)
    assert (issue.due_on, lead.due_on, lead.original_due_on, lead.extended) == (
        date(2026, 12, 7),
        date(2026, 12, 7),
        DUE,
        1,
    )
    assert issue.original_due_on == DUE
    assert (co_unit.due_on, co_unit.original_due_on) == (date(2026, 12, 3), date(2026, 11, 30))
    assert last_move(db, issue).details == {
        "former_due_on": "2026-12-02",
        "wanted_due_on": "2026-12-08",
        "due_on": "2026-12-07",
    }
    request = queries.requests_of(issue.id)[0].IssueRequest
    assert (request.decision, request.granted_on) == (Decision.GRANTED, date(2026, 12, 7))
    assert request.decided_by_id == office.coordinator.person_id


def test_a_co_unit_that_answered_keeps_its_date(db, office):
    issue = make_issue(office)
    do.assign(office.coordinator, issue, AssignEntry(office.unit.id, [office.other_unit.id]))
    do.sign(office.handler, issue)
    do.answer_as_co_unit(office.other_handler, issue, "已配合")
    do.ask_extension(office.handler, issue, entry())
    do.grant_extension(office.coordinator, issue, None)
    db.session.expire_all()
    assert db.session.scalars(sa.select(Dispatch.due_on).where(Dispatch.kind == "co")).one() == date(
        2026, 11, 30
    )
    assert issue.due_on == date(2026, 12, 8)


def test_refused_the_due_date_stays_and_the_unit_may_ask_again(db, office):
    issue = make_issue(office, State.IN_PROGRESS)
    do.ask_extension(office.handler, issue, entry())
    do.refuse_extension(office.coordinator, issue, "请按期办结。")
    db.session.expire_all()
    assert (issue.due_on, issue.extension_asked, lead_of(db, issue).extended) == (DUE, False, 0)
    do.ask_extension(office.handler, issue, entry())
    assert issue.extension_asked


def test_a_leader_decides_on_the_second_and_there_is_no_third(db, office):
    issue = make_issue(office, State.IN_PROGRESS)
    do.ask_extension(office.handler, issue, entry(date(2026, 12, 4)))
    with pytest.raises(NotAllowed):
        do.grant_extension(office.leader, issue, None)
    do.grant_extension(office.coordinator, issue, None)
    do.ask_extension(office.handler, issue, entry(date(2026, 12, 8)))
    with pytest.raises(NotAllowed, match="A zone leader decides on a second extension"):
        do.grant_extension(office.coordinator, issue, None)
    do.grant_extension(office.leader, issue, None)
    assert lead_of(db, issue).extended == 2
    with pytest.raises(Refused, match="extended 2 times already"):
        do.ask_extension(office.handler, issue, entry(date(2026, 12, 9)))


def test_what_was_asked_in_time_is_decided_later(db, office, at):
    issue = make_issue(office, State.IN_PROGRESS)
    at("2026-12-02")
    do.ask_extension(office.handler, issue, entry())
    at("2026-12-04")
    do.grant_extension(office.coordinator, issue, None)
    assert issue.due_on == date(2026, 12, 8)


def test_after_the_due_day_nobody_asks_but_once_the_day_after_a_report_came_back(db, office, at):
    late = make_issue(office, State.IN_PROGRESS)
    returned = make_issue(office, State.REPORTED)
    at("2026-12-03")
    with pytest.raises(Refused, match="on or before the due day"):
        do.ask_extension(office.handler, late, entry())
    do.send_back(office.coordinator, returned, "缺少照片")
    lead = lead_of(db, returned)
    lead.sent_back_at = returned.moved_at
    at("2026-12-04")
    do.ask_extension(office.handler, returned, entry())
    assert returned.extension_asked


def test_a_report_ends_the_asking(db, office):
    issue = make_issue(office, State.IN_PROGRESS)
    do.ask_extension(office.handler, issue, entry())
    advance(office, issue, State.REPORTED)
    db.session.expire_all()
    assert not issue.extension_asked
    assert queries.requests_of(issue.id)[0].IssueRequest.decision is Decision.LAPSED
    with pytest.raises(WrongState):
        do.grant_extension(office.coordinator, issue, None)


def test_nobody_of_the_handling_unit_grants(db, office):
    inside = actor_for(make_person([Role.COORDINATOR], office.unit))
    issue = make_issue(office, State.IN_PROGRESS)
    do.ask_extension(office.handler, issue, entry())
    with pytest.raises(NotAllowed, match="Your unit handles this problem"):
        do.grant_extension(inside, issue, None)


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"reason": None}, "reason", "Choose why it takes longer"),
        ({"plan": "  "}, "plan", "Write what is done until then"),
        ({"wanted": None}, "wanted_on", "Choose until when"),
        ({"wanted": DUE}, "wanted_on", "must be later than 2026-12-02"),
        ({"wanted": date(2026, 11, 20)}, "wanted_on", "must be later than 2026-12-02"),
        ({"wanted": date(2026, 12, 12)}, "wanted_on", "to 2026-12-11 at the latest"),
        ({"wanted": date(9999, 12, 31)}, "wanted_on", "to 2026-12-11 at the latest"),
        ({"told_enterprise": False}, "told_enterprise", "Tell the enterprise first"),
    ],
)
def test_what_cannot_be_asked_for_is_named(db, office, values, field, sentence):
    issue = make_issue(office, State.IN_PROGRESS)
    with pytest.raises(Refused, match=sentence) as refusal:
        do.ask_extension(office.handler, issue, entry(**values))
    assert refusal.value.field == field
    assert not issue.extension_asked


def test_a_rest_day_wanted_becomes_the_working_day_after(db, office):
    issue = make_issue(office, State.IN_PROGRESS)
    do.ask_extension(office.handler, issue, entry(date(2026, 12, 5)))
    assert queries.waiting_request(issue.id, RequestKind.EXTENSION).wanted_on == date(2026, 12, 7)


@pytest.mark.parametrize("granted", [DUE, date(2026, 12, 9), date(2026, 11, 1), CAP])
def test_nothing_is_granted_beyond_what_is_asked(db, office, granted):
    issue = make_issue(office, State.IN_PROGRESS)
    do.ask_extension(office.handler, issue, entry())
    with pytest.raises(Refused, match="at the latest 2026-12-08") as refusal:
        do.grant_extension(office.coordinator, issue, granted)
    assert (refusal.value.field, issue.due_on) == ("granted_on", DUE)


def test_extended_to_the_last_day_nothing_more_is_offered(db, office):
    issue = make_issue(office, State.IN_PROGRESS)
    do.ask_extension(office.handler, issue, entry(CAP))
    do.grant_extension(office.coordinator, issue, None)
    with pytest.raises(Refused, match="to 2026-12-11 at the latest"):
        do.ask_extension(office.handler, issue, entry(date(2026, 12, 14)))


def test_a_problem_without_leader_in_the_zone_does_not_wait_for_one(db, office):
    office.people["leader"].disabled_at = office.people["leader"].created_at
    issue = make_issue(office, State.IN_PROGRESS)
    for wanted in (date(2026, 12, 4), date(2026, 12, 8)):
        do.ask_extension(office.handler, issue, entry(wanted))
        do.grant_extension(office.coordinator, issue, None)
    assert lead_of(db, issue).extended == 2
