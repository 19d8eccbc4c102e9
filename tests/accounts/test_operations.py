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
    operations.update_person(SYSTEM, person, PersonEntry("x", person.name, unit_id=new.id, since=MAY), None)
    units = [
        queries.unit_of(person.id, day) for day in (date(2026, 2, 28), MARCH, date(2026, 3, 31), APRIL, MAY)
    ]
    assert [unit and unit.id for unit in units] == [None, old.id, old.id, new.id, new.id]


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
