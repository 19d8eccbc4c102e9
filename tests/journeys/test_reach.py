"""The permission grid on rows and on lists: for every role, one row and the whole list answer alike."""

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.outreach import make_visit, problem_at
from tests.factories.programmes import join, make_group, make_link
from tests.support.databases import roles_asked
from visits.accounts.models import Person
from visits.accounts.operations import PersonEntry, update_person
from visits.core import authz
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.permissions import GRID, Permission, Role
from visits.enterprises.models import Enterprise
from visits.issues import operations
from visits.issues.models import Issue
from visits.issues.operations import AssignEntry, create_starter_limits
from visits.outreach.models import Visit

EVERYTHING = {"mine", "attended", "unit", "group", "linked", "covered", "assigned", "foreign"}
OWN = {"mine", "attended", "linked"}
GROUP = OWN | {"group", "covered"}
VISITS_OF_UNIT = OWN | {"unit", "assigned"}
ISSUES_OF_UNIT = {"assigned"}
READERS = (Role.COORDINATOR, Role.SUPERVISOR, Role.LEADER, Role.AUDITOR)
VISITS = {
    Role.CADRE: OWN,
    Role.OFFICER: OWN,
    Role.SPECIALIST: OWN,
    Role.GROUP_LEADER: GROUP,
    Role.HANDLER: VISITS_OF_UNIT,
    Role.UNIT_HEAD: VISITS_OF_UNIT,
    Role.CALLBACK: set(),
    Role.ADMIN: set(),
    **dict.fromkeys(READERS, EVERYTHING),
}
ISSUES = VISITS | {
    Role.HANDLER: ISSUES_OF_UNIT,
    Role.UNIT_HEAD: ISSUES_OF_UNIT,
    Role.CALLBACK: EVERYTHING,
}


@pytest.fixture
def world(database):
    """Visits, each with one problem, that lie near a person in different ways; made for each role anew."""

    def make(role):
        create_starter_limits(SYSTEM)
        unit, elsewhere = make_unit(), make_unit()
        me = make_person([Role.CADRE], unit)  # whoever one is today, one may have been a cadre
        colleague, stranger = (
            make_person([Role.CADRE, Role.HANDLER], unit),
            make_person([Role.CADRE], elsewhere),
        )
        group, linked, covered = make_group(unit=elsewhere), make_enterprise(), make_enterprise()
        join(group, me)
        join(group, stranger)
        make_link(linked, officer=me)
        make_link(covered, group=group)
        kinds = {
            "mine": {"author": me},
            "attended": {"author": stranger, "people": [stranger, me]},
            "unit": {"author": stranger, "people": [stranger, colleague]},
            "group": {"author": stranger, "group_id": group.id},
            "linked": {"author": stranger, "at": linked},
            "covered": {"author": stranger, "at": covered},
            "assigned": {"author": stranger},
            "foreign": {"author": stranger},
        }
        visits = {name: _visit(**values) for name, values in kinds.items()}
        issues = {name: _issue_of(visit) for name, visit in visits.items()}
        coordinator = make_person([Role.COORDINATOR], elsewhere)
        operations.assign(actor_for(coordinator), issues["assigned"], AssignEntry(unit.id))
        _become(me, role, unit)
        return actor_for(me), visits, issues

    return make


def _become(person, role, unit):
    update_person(SYSTEM, person, PersonEntry(person.username, person.name, [role], unit.id), None)
    db.session.flush()


def _visit(author, people=None, at=None, **values):
    firm = at or make_enterprise()
    return make_visit(firm, author=author, people=people or [author], problems=[problem_at(firm)], **values)


def _issue_of(visit):
    return db.session.scalars(sa.select(Issue).where(Issue.visit_id == visit.id)).one()


def both_answers(actor, model, permission, rows):
    """Which of the named rows the list holds, and which a single question permits."""
    if not authz.may(actor, permission):
        return set(), {name for name, row in rows.items() if authz.can(actor, permission, row)}
    ids = set(db.session.scalars(authz.within_reach(sa.select(model.id), model, actor, permission)))
    listed = {name for name, row in rows.items() if row.id in ids}
    return listed, {name for name, row in rows.items() if authz.can(actor, permission, row)}


@pytest.mark.parametrize("role", Role)
def test_each_role_reaches_its_visits_and_problems_and_no_others(world, role):
    actor, visits, issues = world(role)
    assert both_answers(actor, Visit, Permission.OUTREACH_READ, visits) == (VISITS[role], VISITS[role])
    assert both_answers(actor, Issue, Permission.ISSUES_READ, issues) == (ISSUES[role], ISSUES[role])
    for permission in (right for right in GRID if right.startswith("issues:")):
        listed, permitted = both_answers(actor, Issue, permission, issues)
        assert listed == permitted, permission


@pytest.mark.parametrize("role", roles_asked())
def test_phones_are_shown_for_linked_enterprises_or_to_the_office(world, role):
    actor, _, issues = world(role)
    firms = {name: db.session.get(Enterprise, issue.enterprise_id) for name, issue in issues.items()}
    listed, permitted = both_answers(actor, Enterprise, Permission.ENTERPRISES_REVEAL, firms)
    expected = {
        Role.OFFICER: {"linked"},
        Role.SPECIALIST: {"linked"},
        Role.COORDINATOR: EVERYTHING,
        Role.CALLBACK: EVERYTHING,
    }.get(role, set())
    assert listed == permitted == expected


@pytest.mark.parametrize("role", roles_asked())
def test_out_of_reach_does_not_exist(world, client_for, role):
    actor, visits, issues = world(role)
    person = db.session.get(Person, actor.person_id)
    visit_ids = {name: visit.id for name, visit in visits.items()}
    issue_ids = {name: issue.id for name, issue in issues.items()}
    db.session.commit()
    client = client_for(person)
    for name in EVERYTHING:
        shown = 200 if name in VISITS[role] else 404 if VISITS[role] else 403
        client.get("outreach.show", visit_id=visit_ids[name], status=shown)
        shown = 200 if name in ISSUES[role] else 404 if ISSUES[role] else 403
        client.get("issues.show", issue_id=issue_ids[name], status=shown)
