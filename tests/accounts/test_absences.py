"""Who is away and who stands in: everybody for oneself, administrators for those who fell ill."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person, make_unit
from visits.accounts import queries
from visits.accounts.models import Delegation
from visits.accounts.operations import AbsenceEntry, disable_person, end_absence, name_deputy
from visits.accounts.rules import roles_to_stand_in
from visits.core.audit import AuditEntry
from visits.core.authz import SYSTEM
from visits.core.errors import NotAllowed, NotFound, Refused
from visits.core.permissions import Role
from visits.inbox.models import Notice

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _day(at):
    at("2026-11-23")


@pytest.fixture
def unit(database):
    return make_unit("经济发展局")


def away(person, deputy, first=TODAY, last=TODAY + timedelta(days=4), by=None):
    entry = AbsenceEntry(first, last, deputy.id, "病假")
    return name_deputy(actor_for(by or person), entry, actor_for(person))[0]


@pytest.mark.parametrize(
    ("absent", "deputy", "same_unit", "is_able"),
    [
        (Role.CADRE, Role.CADRE, False, True),
        (Role.CADRE, Role.OFFICER, False, True),
        (Role.OFFICER, Role.COORDINATOR, False, True),
        (Role.COORDINATOR, Role.CADRE, True, False),
        (Role.COORDINATOR, Role.COORDINATOR, False, True),
        (Role.HANDLER, Role.HANDLER, True, True),
        (Role.HANDLER, Role.HANDLER, False, False),
        (Role.UNIT_HEAD, Role.HANDLER, True, True),
        (Role.HANDLER, Role.CADRE, True, False),
        (Role.LEADER, Role.COORDINATOR, True, False),
        (Role.LEADER, Role.LEADER, False, True),
        (Role.CALLBACK, Role.CALLBACK, False, True),
        (Role.ADMIN, Role.ADMIN, False, True),
        (Role.AUDITOR, Role.ADMIN, True, False),
    ],
)
def test_a_deputy_does_the_same_work(unit, absent, deputy, same_unit, is_able):
    one = make_person([absent], unit)
    other = make_person([deputy], unit if same_unit else make_unit())
    assert (other.id in dict(queries.possible_deputies(actor_for(one)))) is is_able
    if is_able:
        assert away(one, other).deputy_id == other.id
    else:
        with pytest.raises(Refused) as refused:
            away(one, other)
        assert refused.value.field == "deputy_id"


def test_nobody_stands_in_for_who_has_no_role():
    assert roles_to_stand_in([]) == (frozenset(), frozenset())


def test_neither_oneself_nor_the_disabled_nor_those_away_stand_in(unit):
    one, gone, other = (make_person([Role.HANDLER], unit) for _ in range(3))
    disable_person(SYSTEM, gone, "left")
    for nobody in (one, gone):
        with pytest.raises(Refused):
            away(one, nobody)
    away(other, one, TODAY + timedelta(days=7), TODAY + timedelta(days=9))
    with pytest.raises(Refused):
        away(one, other, TODAY + timedelta(days=6), TODAY + timedelta(days=7))


def test_administrators_enter_and_end_an_absence_for_others_and_nobody_else(unit):
    ill, other, admin = (
        make_person([role], unit, name=name)
        for role, name in ((Role.HANDLER, "病人"), (Role.HANDLER, "同事"), (Role.ADMIN, "管理员"))
    )
    with pytest.raises(NotAllowed):
        away(ill, other, by=other)
    made = away(ill, other, by=admin)
    assert (made.person_id, made.made_by_id) == (ill.id, admin.id)
    for stranger in (other, make_person([Role.COORDINATOR])):
        with pytest.raises(NotFound):
            queries.get_absence(actor_for(stranger), made.id)
    end_absence(actor_for(admin), queries.get_absence(actor_for(admin), made.id))
    assert made.until_on == TODAY


@pytest.mark.parametrize("role", Role)
def test_everybody_names_a_deputy_and_is_back(client_for, database, unit, role):
    me, colleague = make_person([role], unit, name="本人"), make_person([role], unit, name="同事")
    database.session.commit()
    browser = client_for(me)
    page = browser.get("absences.index")
    assert page.main.count("同事") == 0
    form = browser.get("absences.new")
    data = {"last_on": "2026-11-27", "deputy_id": str(colleague.id), "reason": "年休假"}
    shown = browser.follow(browser.post("absences.new", data, page=form))
    assert shown.rows[0][1] == "同事"
    assert "本人" in client_for(colleague).get("absences.index").main
    absence = database.session.scalars(sa.select(Delegation)).one()
    assert "请假时间" in shown.main
    browser.post(f"/absences/{absence.id}/end")
    assert "同事" not in browser.get("absences.index").main
    verbs = database.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert [verb for verb in verbs if verb.startswith("absence")] == ["absence.begun", "absence.ended"]


def test_an_administrator_does_it_on_the_page_of_the_person(client_for, database, unit):
    ill, other, admin = (
        make_person([role], unit, name=name)
        for role, name in ((Role.HANDLER, "病人"), (Role.HANDLER, "同事"), (Role.ADMIN, "管理员"))
    )
    database.session.commit()
    browser = client_for(admin)
    page = browser.get("accounts.edit_person", person_id=ill.id)
    assert f"/people/{ill.id}/absences/new" in page.links.values()
    data = {"last_on": "2026-11-27", "deputy_id": str(other.id)}
    shown = browser.follow(browser.post(f"/people/{ill.id}/absences/new", data))
    assert [shown.rows[0][0], shown.rows[0][2]] == ["病人", "同事"]
    assert client_for(other).open(f"/people/{ill.id}/absences/new").status == 403
    entry = database.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "absence.begun")
    ).one()
    assert (entry.changes["absent"], entry.changes["person"]) == ("病人", other.id)


def test_the_list_costs_little_however_many_are_away(client_for, database, unit, statements):
    people = [make_person([Role.HANDLER], unit) for _ in range(12)]
    admin = make_person([Role.ADMIN], unit)
    for number in range(6):
        away(people[number], people[number + 6])
    database.session.commit()
    browser = client_for(admin)
    with statements() as seen:
        page = browser.get("absences.index")
    assert len(page.rows) == 6
    assert len(seen) <= 10


def test_the_deputy_is_told_for_whom_and_when(database, unit):
    ill, other = (make_person([Role.HANDLER], unit, name=name) for name in ("病人", "同事"))
    admin = make_person([Role.ADMIN])
    made = away(ill, other, by=admin)
    notice = database.session.scalars(sa.select(Notice)).one()
    assert (notice.person_id, notice.event, notice.actor_id) == (
        other.id,
        f"delegations:{made.id}",
        admin.id,
    )
    assert notice.params == {"who": "病人", "first": "2026-11-23", "last": "2026-11-27"}
