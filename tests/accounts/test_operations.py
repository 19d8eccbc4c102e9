"""People and units change only by an administrator, and leave a trace."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import PASSWORD, actor_for, make_person, make_unit
from visits.accounts import operations, queries
from visits.accounts.operations import PersonEntry
from visits.core import passwords
from visits.core.audit import AuditEntry
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.errors import NotAllowed, Refused, Stale
from visits.core.permissions import Role

pytestmark = pytest.mark.usefixtures("database")
MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)


def logged():
    return list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.ADMIN])
def test_only_an_administrator_changes_accounts(role):
    me, person, unit = actor_for(make_person([role])), make_person(), make_unit()
    changes = (
        lambda: operations.create_person(me, PersonEntry("newcomer", "新人")),
        lambda: operations.update_person(me, person, PersonEntry("x", "新名"), None),
        lambda: operations.disable_person(me, person, "离职"),
        lambda: operations.enable_person(me, person),
        lambda: operations.set_password(me, person, PASSWORD),
        lambda: operations.create_unit(me, "甲科"),
        lambda: operations.update_unit(me, unit, "甲科", False, None),
    )
    for change in changes:
        with pytest.raises(NotAllowed):
            change()


@pytest.mark.parametrize(
    ("entry", "password", "field"),
    [
        (PersonEntry("ZHANG", "张"), None, "username"),
        (PersonEntry("a b", "张"), None, "username"),
        (PersonEntry("li", "李"), "1234567890", "password"),
    ],
)
def test_a_wrong_account_is_refused_at_its_field(entry, password, field):
    make_person(username="zhang")
    with pytest.raises(Refused) as refusal:
        operations.create_person(SYSTEM, entry, password)
    assert refusal.value.field == field


def test_a_person_without_password_cannot_sign_in():
    make_person(username="zhang")
    with pytest.raises(Refused):
        operations.sign_in("zhang", "", "127.0.0.1")


def test_roles_are_replaced_and_the_change_is_on_record():
    person = make_person([Role.CADRE, Role.OFFICER], name="张伟")
    entry = PersonEntry("x", "张伟", [Role.OFFICER, Role.HANDLER])
    operations.update_person(SYSTEM, person, entry, person.revision)
    assert queries.roles_of(person.id) == [Role.HANDLER, Role.OFFICER]
    change = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "person.updated")).one()
    assert change.changes["roles"] == [["cadre", "officer"], ["handler", "officer"]]
    assert "name" not in change.changes


def test_a_change_of_roles_alone_makes_older_forms_stale():
    person = make_person([Role.CADRE])
    seen = person.revision
    operations.update_person(SYSTEM, person, PersonEntry("x", person.name, [Role.HANDLER]), seen)
    db.session.commit()
    with pytest.raises(Stale):
        operations.update_person(SYSTEM, person, PersonEntry("x", "新名", [Role.CADRE]), seen)


def test_a_transfer_leaves_the_past_as_it_was():
    old, new = make_unit(), make_unit()
    person = make_person(unit=old, since=MARCH)
    operations.update_person(
        SYSTEM, person, PersonEntry("x", person.name, unit_id=new.id, since=APRIL), None
    )
    operations.update_person(SYSTEM, person, PersonEntry("x", person.name, unit_id=new.id), None)
    days = (date(2026, 2, 28), MARCH, date(2026, 3, 31), APRIL, MAY)
    assert units_on(person, *days) == [None, old.id, old.id, new.id, new.id]


def units_on(person, *days):
    """The ids of the units a person was in on these days."""
    units = [queries.unit_of(person.id, day) for day in days]
    return [unit and unit.id for unit in units]


def put(person, unit=None, since=None):
    """Save a person with this unit and day."""
    entry = PersonEntry("x", person.name, unit_id=unit.id if unit else None, since=since)
    operations.update_person(SYSTEM, person, entry, None)
    db.session.commit()


def last_change():
    return db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one().changes


def test_a_first_unit_without_a_day_holds_from_always_and_a_change_from_today(at):
    at("2026-04-01")
    first, second = make_unit(), make_unit()
    person = make_person(unit=first, since=None)
    later = make_person()
    assert units_on(person, date(2000, 1, 1), APRIL) == [first.id, first.id]
    assert queries.memberships_of(person.id)[0].from_on is None
    assert queries.memberships_of_unit(first.id)[0].from_on is None
    at("2026-05-01")
    put(person, second)
    put(later, second)
    assert units_on(person, date(2000, 1, 1), APRIL, MAY) == [first.id, first.id, second.id]
    assert units_on(later, MARCH, MAY) == [second.id, second.id]


def test_a_slip_on_the_day_of_entry_leaves_no_trace_among_the_units(at):
    at("2026-04-01")
    wrong, right = make_unit(), make_unit()
    person = make_person(unit=wrong, since=None)
    put(person, right)
    assert units_on(person, MARCH, APRIL) == [right.id, right.id]
    assert [row.name for row in queries.memberships_of(person.id)] == [right.name]


@pytest.mark.parametrize("since", [MARCH, MAY, date(1995, 7, 1)])
def test_since_when_somebody_is_in_the_unit_can_be_corrected(at, since):
    at("2026-06-01")
    unit = make_unit("甲科")
    person = make_person(unit=unit, since=APRIL)
    put(person, unit, since)
    [row] = queries.memberships_of(person.id)
    assert (row.from_on, row.until_on) == (since, None)
    assert last_change() == {"unit": "甲科", "from_on": ["2026-04-01", since.isoformat()]}


def test_a_start_from_always_can_be_given_a_day(at):
    at("2026-06-01")
    unit = make_unit()
    person = make_person(unit=unit, since=None)
    put(person, unit, MAY)
    assert units_on(person, APRIL, MAY) == [None, unit.id]
    assert last_change()["from_on"] == [None, "2026-05-01"]


@pytest.mark.parametrize("since", [date(2026, 3, 20), MAY])
def test_the_day_of_a_transfer_moves_for_both_units(at, since):
    at("2026-06-01")
    old, new = make_unit(), make_unit()
    person = make_person(unit=old, since=MARCH)
    put(person, new, APRIL)
    put(person, new, since)
    assert [(row.from_on, row.until_on) for row in queries.memberships_of(person.id)] == [
        (since, None),
        (MARCH, since),
    ]


def test_a_planned_change_is_put_off_and_called_off(at):
    at("2026-03-15")
    old, new = make_unit(), make_unit()
    person = make_person(unit=old, since=MARCH)
    put(person, new, APRIL)
    put(person, old)
    assert units_on(person, MARCH, APRIL) == [old.id, new.id]
    put(person, new, MAY)
    assert units_on(person, MARCH, APRIL, MAY) == [old.id, old.id, new.id]
    put(person, old, date(2026, 3, 10))
    assert units_on(person, MARCH, date(2026, 3, 10), MAY) == [None, old.id, new.id]
    put(person, old, MAY)
    assert units_on(person, MAY, date(2027, 1, 1)) == [old.id, old.id]


def test_who_left_and_came_back_can_have_the_last_start_corrected(at):
    at("2026-06-01")
    unit = make_unit()
    person = make_person(unit=unit, since=MARCH)
    put(person, None, APRIL)
    put(person, unit, MAY)
    put(person, unit, date(2026, 4, 20))
    assert units_on(person, MARCH, APRIL, date(2026, 4, 20)) == [unit.id, None, unit.id]


BEFORE_ALL, MID_APRIL, JULY = date(1899, 12, 31), date(2026, 4, 15), date(2026, 7, 1)


@pytest.mark.parametrize(
    ("was", "wanted", "since", "because"),
    [
        ([("a", MARCH)], "a", JULY, "cannot lie in the future"),
        ([("a", MARCH)], "a", BEFORE_ALL, "before the year 1900"),
        ([("a", APRIL)], None, MARCH, "later change"),
        ([("a", APRIL)], "b", MARCH, "later change"),
        ([("a", MARCH), ("b", APRIL)], "b", MARCH, "Choose a later day"),
        ([("a", MARCH), ("b", APRIL)], "a", MARCH, "later change"),
        ([("a", MARCH), (None, APRIL), ("b", MAY)], "b", date(2026, 3, 15), "Up to then"),
        ([("a", MARCH), (None, APRIL)], None, MAY, "no unit then"),
        ([("a", MARCH), (None, APRIL)], "a", date(2026, 3, 15), "already"),
        ([], None, MAY, "no unit then"),
    ],
)
def test_a_day_that_cannot_be_taken_is_refused_and_changes_nothing(at, was, wanted, since, because):
    at("2026-06-01")
    units = {"a": make_unit(), "b": make_unit(), None: None}
    person = make_person()
    for name, day in was:
        put(person, units[name], day)
    before = queries.memberships_of(person.id)
    with pytest.raises(Refused, match=because) as refusal:
        put(person, units[wanted], since)
    assert refusal.value.field == "since"
    db.session.rollback()
    assert queries.memberships_of(person.id) == before


def test_a_day_without_a_unit_is_refused_for_a_new_person():
    with pytest.raises(Refused, match="Choose a unit"):
        operations.create_person(SYSTEM, PersonEntry("new", "新人", since=MARCH))


def test_the_last_administrator_stays():
    last, disabled = make_person([Role.ADMIN]), make_person([Role.ADMIN])
    operations.disable_person(SYSTEM, disabled, "调离")
    with pytest.raises(Refused):
        operations.disable_person(SYSTEM, last, "调离")
    with pytest.raises(Refused) as refusal:
        operations.update_person(SYSTEM, last, PersonEntry("x", last.name, [Role.CADRE]), None)
    assert refusal.value.field == "roles"


def test_nobody_disables_himself():
    person = make_person([Role.ADMIN])
    make_person([Role.ADMIN])
    with pytest.raises(Refused):
        operations.disable_person(actor_for(person), person, "试试")


def test_a_new_password_ends_all_sessions():
    person = make_person(password=PASSWORD)
    operations.begin_sign_in(person, "192.0.2.1")
    operations.set_password(SYSTEM, person, PASSWORD + "!")
    assert queries.live_sign_ins(person.id) == []
    assert passwords.matches(person.password_hash, PASSWORD + "!")


def test_units_have_names_of_their_own():
    unit, other = make_unit("甲科"), make_unit("乙科")
    for change in (
        lambda: operations.create_unit(SYSTEM, "甲科"),
        lambda: operations.update_unit(SYSTEM, other, "甲科", False, None),
    ):
        with pytest.raises(Refused) as refusal:
            change()
        assert refusal.value.field == "name"
    make_person([Role.UNIT_HEAD], unit)
    operations.update_unit(SYSTEM, unit, "甲科", True, unit.revision)
    assert unit.head_confirms


def test_every_change_is_on_record_and_the_record_only_grows():
    person, unit = make_person(), make_unit()
    operations.update_unit(SYSTEM, unit, "丙科", False, None)
    operations.disable_person(SYSTEM, person, "调离")
    operations.enable_person(SYSTEM, person)
    expected = ["person.created", "unit.created", "unit.updated", "person.disabled", "person.enabled"]
    assert logged() == expected
    db.session.commit()
    for statement in (sa.delete(AuditEntry), sa.update(AuditEntry).values(action="x")):
        with pytest.raises(sa.exc.DatabaseError, match="only grows"):
            db.session.execute(statement)
        db.session.rollback()
    assert logged() == expected
