"""What a morning's digest gathers: everybody's sections at once, the same as each one's own reading."""

import pytest

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.honesty import make_question
from tests.factories.issues import make_issue, make_office
from tests.factories.outreach import make_visit
from visits.core.permissions import Role
from visits.digest.queries import PARTS, gather, read_ground, sections_of
from visits.issues.states import State


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
