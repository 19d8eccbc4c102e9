"""The jobs of a working morning: digests, the ladder of reminders, and what leaves the house."""

from collections import Counter
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.inbox import make_point
from tests.factories.issues import make_issue, make_office
from visits.accounts.models import Delegation
from visits.cli.jobs import run_named
from visits.core.calendar import fill_calendar, load_calendar
from visits.core.db import write_next
from visits.core.permissions import Role
from visits.core.workdays import add_workdays, is_workday
from visits.digest.ladder import ordered_with
from visits.digest.models import Digest, LadderStep
from visits.digest.rules import Rung
from visits.inbox.models import Delivery, Notice, NoticeKind
from visits.issues import operations as do
from visits.issues.models import Block, Delay, IssueMove
from visits.issues.operations import ExtensionEntry, SuspensionEntry
from visits.issues.states import State

MONDAY, SATURDAY = "2026-11-23", "2026-11-28"


@pytest.fixture
def office(db, at):
    at(MONDAY)
    fill_calendar([2026, 2027])
    office = make_office()
    office.head = actor_for(make_person([Role.UNIT_HEAD], office.unit))
    return office


@pytest.fixture
def morning(db, at):
    """Do the jobs of a morning; what each did."""

    def run(day):
        at(day if isinstance(day, str) else day.isoformat())
        on = date.fromisoformat(day) if isinstance(day, str) else day
        db.session.commit()
        write_next(False)
        outcomes = [
            o for name in ("digest.ladder", "digest.send") for o in run_named(name, on, lambda: None)
        ]
        assert [o.failed for o in outcomes] == [[], []]
        write_next(True)
        db.session.expire_all()
        return [o.done for o in outcomes]

    return run


def all_of(db, model):
    return db.session.scalars(sa.select(model).order_by(model.id)).all()


def keys_of(db, actor, day):
    digest = db.session.scalar(
        sa.select(Digest).where(Digest.person_id == actor.person_id, Digest.day == day)
    )
    return [section["key"] for section in digest.content["sections"]] if digest else []


def test_one_digest_a_working_day_and_none_when_nothing_waits(office, morning, db):
    make_issue(office, State.REGISTERED)
    assert morning(MONDAY)[1]
    assert morning(MONDAY)[1] == []
    told = {digest.person_id for digest in all_of(db, Digest)}
    assert office.coordinator.person_id in told
    assert office.callback.person_id not in told


def test_none_on_rest_days_and_one_on_a_saturday_that_is_worked(office, morning, db):
    make_issue(office, State.REGISTERED)
    assert morning(SATURDAY) == [[], []]
    assert morning("2026-10-01") == [[], []]
    assert morning("2026-10-10")[1], "a Saturday worked in exchange for the National Day holiday"


def test_the_ladder_climbs_one_step_at_a_time(office, morning, db):
    issue = make_issue(office, State.IN_PROGRESS)
    due, calendar = issue.due_on, load_calendar()
    two_before = due
    while add_workdays(two_before, 2, calendar) != due:
        two_before -= timedelta(days=1)
    morning(two_before)
    assert "unit_soon" in keys_of(db, office.handler, two_before)
    assert "unit_soon" not in keys_of(db, office.head, two_before)
    morning(due)
    assert "unit_due" in keys_of(db, office.handler, due)
    assert "unit_due" in keys_of(db, office.head, due)
    assert [notice for notice in all_of(db, Notice) if notice.kind is NoticeKind.URGE] == []
    for days in range(1, 8):
        morning(add_workdays(due, days, calendar))
    steps = [(step.rung, step.day) for step in all_of(db, LadderStep)]
    assert steps == [
        (Rung.SOON, two_before),
        (Rung.DUE, due),
        (Rung.REMINDED, add_workdays(due, 1, calendar)),
        (Rung.ORDERED, add_workdays(due, 5, calendar)),
    ]
    reminders = db.session.scalars(sa.select(IssueMove).where(IssueMove.move == "remind")).all()
    assert [(move.actor_id, move.acted_as) for move in reminders] == [(None, "system")]
    told = {(notice.person_id, notice.said.split()[0]) for notice in all_of(db, Notice)}
    assert {office.handler.person_id, office.head.person_id} <= {person for person, _ in told}
    orders = [notice for notice in all_of(db, Notice) if notice.event.startswith("ladder:")]
    assert {notice.person_id for notice in orders} == {
        office.coordinator.person_id,
        office.leader.person_id,
    }
    assert orders[0].params["numbers"] == issue.number


def test_an_extension_begins_the_ladder_anew(office, morning, db):
    issue = make_issue(office, State.IN_PROGRESS)
    due, calendar = issue.due_on, load_calendar()
    morning(due)
    wanted = add_workdays(due, 3, calendar)
    do.ask_extension(
        office.handler,
        issue,
        ExtensionEntry(Delay.PROCEDURE, "等待检测报告。", wanted, told_enterprise=True),
    )
    do.grant_extension(office.coordinator, issue, wanted)
    morning(wanted)
    assert [(step.rung, step.due_on) for step in all_of(db, LadderStep)] == [
        (Rung.DUE, due),
        (Rung.DUE, wanted),
    ]


def test_missed_mornings_are_made_up_for_by_the_highest_step_only(office, morning, db):
    issue = make_issue(office, State.IN_PROGRESS)
    morning(add_workdays(issue.due_on, 8, load_calendar()))
    assert [step.rung for step in all_of(db, LadderStep)] == [Rung.ORDERED]
    assert db.session.scalars(sa.select(IssueMove).where(IssueMove.move == "remind")).all() == []


def overdue_by(office, day, workdays):
    """A problem at work that on a day has been overdue for so many working days."""
    issue, calendar = make_issue(office, State.IN_PROGRESS), load_calendar()
    issue.due_on = next(
        due
        for due in (day - timedelta(days=n) for n in range(40))
        if is_workday(due, calendar) and add_workdays(due, workdays, calendar) == day
    )
    return issue


def reminded(db):
    """The ids of the problems the system reminded of, in order."""
    stmt = sa.select(IssueMove.issue_id).where(IssueMove.move == "remind", IssueMove.actor_id.is_(None))
    return db.session.scalars(stmt.order_by(IssueMove.id)).all()


def proposed(db):
    """The problems named in proposals of orders, once for each morning."""
    notices = [n for n in all_of(db, Notice) if n.event.startswith("ladder:")]
    return list({n.event: n.params["numbers"] for n in notices}.values())


def test_the_first_morning_reminds_of_nothing_that_was_overdue_before(office, morning, db):
    calendar = load_calendar()
    day = add_workdays(date.fromisoformat(MONDAY), 5, calendar)
    late = {workdays: overdue_by(office, day, workdays) for workdays in (1, 2, 3, 4, 5, 6, 20)}
    morning(day)
    assert reminded(db) == [late[1].id], "only what comes to its step on this very morning"
    assert proposed(db) == [late[5].number]
    assert len(all_of(db, LadderStep)) == len(late), "where the others stand is noted"
    digest = db.session.scalar(sa.select(Digest).where(Digest.person_id == office.handler.person_id))
    said = {section["key"]: section["total"] for section in digest.content["sections"]}
    assert said["unit_overdue"] == len(late), "the digest names them all"
    morning(add_workdays(day, 1, calendar))
    assert reminded(db) == [late[1].id]
    assert proposed(db) == [late[5].number, late[4].number]


def test_the_orders_proposed_are_those_told_of(office, morning, db):
    day = add_workdays(date.fromisoformat(MONDAY), 5, load_calendar())
    old, fresh = overdue_by(office, day, 9), overdue_by(office, day, 5)
    morning(day)
    steps = {step.issue_id: step.id for step in all_of(db, LadderStep)}
    assert ordered_with(steps[fresh.id]) == [fresh.id]
    assert ordered_with(steps[old.id]) == [fresh.id]


def test_a_week_without_mornings_is_made_up_for_by_one_step_each(office, morning, db):
    calendar, first = load_calendar(), date.fromisoformat(MONDAY)
    back = add_workdays(first, 6, calendar)
    overdue_by(office, first, 0)
    morning(first)
    late = {workdays: overdue_by(office, back, workdays) for workdays in range(6)}
    known = len(all_of(db, LadderStep))
    morning(back)
    assert reminded(db) == [late[workdays].id for workdays in (4, 3, 2, 1)], "those due first, first"
    (numbers,) = proposed(db)
    assert late[5].number in numbers
    taken = all_of(db, LadderStep)[known:]
    assert {issue.id: 1 for issue in late.values()}.items() <= Counter(s.issue_id for s in taken).items()
    counted = [len(all_of(db, model)) for model in (LadderStep, Notice, IssueMove)]
    morning(back)
    assert counted == [len(all_of(db, model)) for model in (LadderStep, Notice, IssueMove)]


def test_what_comes_into_the_house_overdue_is_not_reminded_of(office, morning, db, at):
    calendar, first = load_calendar(), date.fromisoformat(MONDAY)
    overdue_by(office, first, 0)
    morning(first)
    day = add_workdays(first, 3, calendar)
    at(day.isoformat())
    taken_over = [overdue_by(office, day, workdays) for workdays in (2, 3, 7)]
    morning(day)
    assert not {issue.id for issue in taken_over} & set(reminded(db))
    assert proposed(db) == []


def test_what_rests_or_waits_for_the_office_is_not_reminded_of(office, morning, db):
    resting, reported = make_issue(office, State.IN_PROGRESS), make_issue(office, State.REPORTED)
    entry = SuspensionEntry(Block.UPPER, "待批复。", "王科长", date(2026, 12, 22))
    do.ask_suspension(office.handler, resting, entry)
    do.suspend(office.leader, resting, None)
    morning(add_workdays(reported.due_on, 3, load_calendar()))
    assert all_of(db, LadderStep) == []


def test_a_mail_goes_where_the_digest_is_wanted(office, morning, db):
    make_issue(office, State.REGISTERED)
    wanted = make_point(person=office.people["coordinator"])
    make_point(person=office.people["leader"], takes_digest=False)
    morning(MONDAY)
    morning(MONDAY)
    (delivery,) = all_of(db, Delivery)
    assert delivery.contact_point_id == wanted.id
    assert delivery.event == f"digest:{MONDAY}"
    assert "待受理交办" in delivery.subject
    assert "style" in delivery.html
    assert "<script" not in delivery.html


def away(db, absent, deputy):
    days = {"from_on": date(2026, 11, 20), "until_on": date(2026, 12, 20)}
    db.session.add(Delegation(person_id=absent.person_id, deputy_id=deputy.person_id, **days))


def test_a_deputy_hears_of_what_waits_for_the_absent(office, morning, db):
    able = actor_for(make_person([Role.COORDINATOR, Role.HANDLER]))
    stranger, cadre = actor_for(make_person([Role.HANDLER])), actor_for(make_person([Role.CADRE]))
    issue = make_issue(office, State.ASSIGNED)
    for deputy in (able, stranger, cadre):
        away(db, office.handler, deputy)
    morning(issue.due_on)
    digest = db.session.scalar(sa.select(Digest).where(Digest.person_id == able.person_id))
    told = [(section["key"], section["behalf"]) for section in digest.content["sections"]]
    assert ("unit_due", office.handler.name) in told
    assert keys_of(db, office.handler, issue.due_on)[0] == "unit_due", "the absent are told as well"
    assert keys_of(db, stranger, issue.due_on) == [], "whoever may not read the problem is not told of it"
    assert keys_of(db, cadre, issue.due_on) == [], "whoever may not handle problems is not told of them"
