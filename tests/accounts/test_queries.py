"""Who is who today, and lists that cost the same however long they are."""

from datetime import date

import pytest

from tests.factories.accounts import actor_for, make_person, make_unit
from visits.accounts import operations, queries
from visits.core.authz import SYSTEM
from visits.core.permissions import Role


def test_an_actor_is_what_the_person_is_today(database, at):
    unit = make_unit()
    person = make_person([Role.CADRE, Role.HANDLER], unit=unit, since=date(2026, 8, 1))
    for day, units in (("2026-07-31", set()), ("2026-08-01", {unit.id})):
        at(day)
        actor = actor_for(person)
        assert (actor.roles, actor.unit_ids) == ({Role.CADRE, Role.HANDLER}, units)
        assert (actor.name, actor.group_ids) == (person.name, frozenset())


def test_people_offered_for_a_choice(database):
    unit = make_unit("甲科")
    cadre = make_person([Role.CADRE], unit=unit, name="张一")
    both = make_person([Role.CADRE, Role.OFFICER], name="张二")
    gone = make_person([Role.CADRE], name="张三")
    operations.disable_person(SYSTEM, gone, "调离")
    assert queries.active_people(Role.CADRE, Role.OFFICER) == [
        (cadre.id, "张一（甲科）"),
        (both.id, "张二"),
    ]
    assert queries.active_people(Role.ADMIN) == []


def test_a_unit_without_anybody_to_handle_is_known(database):
    staffed, unstaffed, abandoned = make_unit(), make_unit(), make_unit()
    make_person([Role.HANDLER], unit=staffed)
    make_person([Role.CADRE], unit=unstaffed)
    operations.disable_person(SYSTEM, make_person([Role.UNIT_HEAD], unit=abandoned), "退休")
    assert queries.units_with_handler(date(2026, 8, 31)) == {staffed.id}


@pytest.mark.parametrize("endpoint", ["accounts.people", "accounts.units"])
def test_twice_the_rows_cost_the_same_statements(client_for, database, statements, endpoint):
    browser = client_for(make_person([Role.ADMIN]))

    def cost():
        for _ in range(4):
            make_person([Role.CADRE, Role.HANDLER], unit=make_unit())
        database.session.commit()
        with statements() as seen:
            browser.get(endpoint)
        return len(seen)

    first = cost()
    assert first == cost()
    assert first <= 10
