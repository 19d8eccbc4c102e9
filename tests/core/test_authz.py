"""A row and a list are cut by the same answer."""

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person, make_unit
from visits.accounts.models import Person, UnitMembership
from visits.core import authz
from visits.core.authz import SYSTEM, Actor
from visits.core.errors import NotAllowed
from visits.core.permissions import Permission, Reach, Role, reach_of


def own(actor):
    return Person.id == actor.person_id


def group(actor):
    return Person.id.in_(actor.group_ids)


def unit(actor):
    return Person.id.in_(
        sa.select(UnitMembership.person_id).where(UnitMembership.unit_id.in_(actor.unit_ids))
    )


@pytest.fixture(autouse=True)
def _people_stand_for_any_row(monkeypatch):
    monkeypatch.setattr(authz, "_predicates", {})
    authz.bind(Person, Permission, {Reach.OWN: own, Reach.GROUP: group, Reach.UNIT: unit})


@pytest.fixture
def rows(database):
    """Four rows: one's own, one of the group, one of the unit, one of nobody."""
    home = make_unit()
    me, colleague, partner, stranger = (
        make_person(unit=home),
        make_person(unit=home),
        make_person(),
        make_person(),
    )
    database.session.commit()
    return {"me": me, "colleague": colleague, "partner": partner, "stranger": stranger, "unit": home}


REACHED = {
    Reach.NONE: set(),
    Reach.OWN: {"me"},
    Reach.GROUP: {"partner"},
    Reach.UNIT: {"me", "colleague"},
    Reach.ALL: {"me", "colleague", "partner", "stranger"},
}


@pytest.mark.parametrize("role", Role)
def test_row_and_list_agree_with_the_grid(rows, role):
    me = Actor(
        rows["me"].id, "", frozenset({role}), frozenset({rows["unit"].id}), frozenset({rows["partner"].id})
    )
    for permission in Permission:
        expected = REACHED[reach_of(role, permission)]
        listed = authz.within_reach(sa.select(Person.id), Person, me, permission)
        found = set(authz.db.session.scalars(listed))
        assert found == {rows[name].id for name in expected}, permission
        for name in REACHED[Reach.ALL]:
            assert authz.can(me, permission, rows[name]) == (name in expected), (permission, name)


def test_roles_add_up(rows):
    me = Actor(
        rows["me"].id, roles=frozenset({Role.CADRE, Role.HANDLER}), unit_ids=frozenset({rows["unit"].id})
    )
    assert authz.can(me, Permission.ISSUES_READ, rows["colleague"])
    assert not authz.can(me, Permission.ISSUES_READ, rows["stranger"])


def test_many_permissions_for_a_row_cost_one_statement(rows, statements):
    me = Actor(rows["me"].id, roles=frozenset({Role.CADRE, Role.HANDLER, Role.GROUP_LEADER}))
    with statements() as seen:
        held = authz.permitted(me, Permission, rows["me"])
    assert len(seen) == 1
    assert Permission.ISSUES_READ in held
    assert Permission.ISSUES_HANDLE not in held


def test_without_a_role_nothing_is_allowed(database):
    person = make_person()
    for permission in Permission:
        assert not authz.may(actor_for(person), permission)
        with pytest.raises(NotAllowed):
            authz.require(actor_for(person), permission)


def test_the_system_may_everything(rows):
    for permission in Permission:
        authz.require(SYSTEM, permission)
        assert authz.can(SYSTEM, permission, rows["stranger"])
