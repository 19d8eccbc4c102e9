"""What a morning's digest gathers: everybody's sections at once, the same as each one's own reading."""

from datetime import date, timedelta

import pytest

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.honesty import make_question
from tests.factories.issues import make_issue, make_office
from tests.factories.outreach import make_visit
from tests.factories.plans import make_plan
from tests.factories.programmes import join, make_group, make_link, make_programmes, require_visits
from tests.factories.supervision import make_item, supervisor_actor
from visits.accounts.models import Delegation
from visits.accounts.operations import AbsenceEntry, name_deputy
from visits.core.clock import today
from visits.core.permissions import Role
from visits.digest.queries import PARTS, gather, read_ground, sections_of
from visits.issues.states import State
from visits.outreach.entries import PromiseEntry
from visits.programmes.models import ENTERPRISE_VISIT
from visits.supervision.rules import Kind


@pytest.fixture
def office(db, at):
    at("2026-11-23")
    return make_office()


def told(person):
    """The sections of one person: {key: (total, names)}."""
    found = [one for one in gather() if one.person_id == person.person_id]
    return {section.key: section for one in found for section in one.sections}


def test_each_gets_what_waits_for_them(office, at):
    issue = make_issue(office, State.IN_PROGRESS)
    make_issue(office, State.REGISTERED)
    at(issue.due_on.isoformat())
    assert told(office.handler)["unit_due"].items[0].number == issue.number
    assert "unit_due" not in told(office.other_handler)
    assert told(office.coordinator)["accept"].total == 1
    assert "accept" not in told(office.leader)


def test_all_at_once_say_what_each_alone_would(office, at, db):
    for state in (State.ASSIGNED, State.IN_PROGRESS, State.REPORTED, State.EVALUATING, State.RETURNED):
        make_issue(office, state)
    db.session.commit()
    at("2026-12-21")
    together = {one.person_id: one.sections for one in gather()}
    assert len(together) >= 5
    for person in office.people.values():
        actor = actor_for(person)
        assert sections_of(actor, read_ground()) == together.get(person.id, [])


def test_a_question_about_a_record_is_named_by_the_enterprise_met(office, db):
    author = make_person([Role.CADRE])
    visit = make_visit(make_enterprise("甲有限公司"), author=author)
    make_question(visit)
    db.session.commit()
    (found,) = [one for one in gather() if one.person_id == author.id]
    (asked,) = [section for section in found.sections if section.key == "asked"]
    assert [item.name for item in asked.items] == ["甲有限公司"]


def test_records_drawn_are_named_as_one_knows_them(office, db):
    issue = make_issue(office, State.CLOSED)
    visit = make_visit(make_enterprise("甲厂"), make_enterprise("乙厂"), visited_on=date(2026, 11, 20))
    for kind, record in ((Kind.ISSUE, issue), (Kind.VISIT, visit)):
        make_item(kind, record.id)
    db.session.commit()
    items = told(supervisor_actor())["unchecked"].items
    assert [(item.number, item.name) for item in items] == [
        (issue.number, issue.title),
        ("2026-11-20", "乙厂"),
    ]


def behalf(person):
    """What one person is told for others: {(key, for whom): names}."""
    (found,) = [one for one in gather() if one.person_id == person.id] or [None]
    sections = found.sections if found else []
    return {(s.key, s.behalf): [item.name for item in s.items] for s in sections}


@pytest.mark.parametrize("role", [Role.CADRE, Role.COORDINATOR])
def test_a_deputy_hears_for_whom_visits_are_planned_and_owed(office, db, role):
    cadre, deputy = make_person([Role.CADRE], name="张走访"), make_person([role])
    programme = make_programmes()[ENTERPRISE_VISIT]
    require_visits(programme, date(2026, 1, 1))
    owed, group = make_enterprise("湖畔精密机械有限公司"), make_group()
    join(group, cadre)
    make_link(owed, group)
    make_plan(make_enterprise("江滨电子有限公司"), owner=cadre, planned_on=today())
    make_plan(make_enterprise("青山食品有限公司"), owner=deputy, planned_on=today())
    name_deputy(actor_for(cadre), AbsenceEntry(today(), today(), deputy.id))
    db.session.commit()
    assert behalf(deputy) == {
        ("plans", ""): ["青山食品有限公司"],
        ("plans", "张走访"): ["江滨电子有限公司"],
        ("visits_due", "张走访"): [owed.name],
    }


def test_a_deputy_hears_of_no_promise_that_the_deputy_may_not_read(office, db):
    cadre, stranger = make_person([Role.CADRE], name="张走访"), make_person([Role.CADRE])
    reader, firm = make_person([Role.COORDINATOR]), make_enterprise()
    make_visit(firm, author=cadre, promises=[PromiseEntry(firm.id, "今天送政策清单", due_on=today())])
    for deputy in (stranger, reader):
        days = {"from_on": today(), "until_on": today() + timedelta(days=1)}
        db.session.add(Delegation(person_id=cadre.id, deputy_id=deputy.id, **days))
    db.session.commit()
    assert behalf(stranger) == {}
    assert behalf(reader)["promises", "张走访"] == ["今天送政策清单"]


def test_the_number_of_statements_does_not_follow_that_of_people(office, statements, db):
    make_issue(office, State.IN_PROGRESS)
    db.session.commit()
    with statements() as before:
        gather()
    for _ in range(20):
        make_person([Role.HANDLER, Role.CADRE], office.unit)
    db.session.commit()
    with statements() as after:
        gather()
    assert len(after) == len(before) <= 9


def test_keys_are_unique():
    assert len({part.key for part in PARTS}) == len(PARTS)
