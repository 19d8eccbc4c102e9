"""Changes to the register: who may, what is refused, what is logged."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.enterprises import make_code, make_enterprise
from visits.core.audit import AuditEntry
from visits.core.authz import SYSTEM, Actor
from visits.core.db import db
from visits.core.errors import NotAllowed, Refused, Stale
from visits.core.permissions import Role
from visits.enterprises import operations, queries
from visits.enterprises.models import ContactRole, EnterpriseStatus, StatusChange
from visits.enterprises.operations import ContactEntry, EnterpriseEntry

ENTRY = EnterpriseEntry(name="湖畔精密机械有限公司", code=make_code(801))


def test_cadre_cannot_write_but_may_note_a_firm_met_on_a_visit(database):
    cadre = Actor(None, "干部", frozenset({Role.CADRE}))
    with pytest.raises(NotAllowed):
        operations.register_enterprise(cadre, ENTRY)
    met = operations.register_provisional(cadre, "新来的厂", "走访时无营业执照")
    assert (met.is_provisional, met.code) == (True, None)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "91350100M000100Y44"}, "code"),
        ({"code": ""}, "provisional_reason"),
        ({"code": make_code(802), "name": "湖畔精密机械有限责任公司"}, "name"),
        ({"name": "别家公司"}, "code"),
    ],
)
def test_wrong_or_repeated_entry_is_refused_at_its_field(database, change, field):
    operations.register_enterprise(SYSTEM, ENTRY)
    with pytest.raises(Refused) as refusal:
        operations.register_enterprise(SYSTEM, replace(ENTRY, **change))
    assert refusal.value.field == field


def test_namesake_goes_in_once_it_is_said_to_be_another(database):
    operations.register_enterprise(SYSTEM, ENTRY)
    other = operations.register_enterprise(SYSTEM, replace(ENTRY, code=make_code(803)), is_distinct=True)
    assert other.id


def test_new_name_leaves_the_old_one_searchable(database):
    enterprise = operations.register_enterprise(SYSTEM, ENTRY)
    operations.update_enterprise(
        SYSTEM, enterprise, replace(ENTRY, name="山下新材料有限公司"), enterprise.revision
    )
    db.session.flush()
    assert queries.former_names_of(enterprise.id) == ["湖畔精密机械有限公司"]
    for q in ("湖畔", "山下", "hpjmjx", "sxxcl", make_code(801)[-5:], "材料 山下"):
        assert [row.id for row in queries.search(q)] == [enterprise.id], q
    assert queries.search("湖山") == []


def test_stale_revision_is_refused_before_anything_is_written(database):
    enterprise = operations.register_enterprise(SYSTEM, ENTRY)
    with pytest.raises(Stale):
        operations.update_enterprise(
            SYSTEM, enterprise, replace(ENTRY, street="新街道"), enterprise.revision + 1
        )
    assert enterprise.street == ""


def test_status_needs_its_day_and_keeps_its_history(database):
    enterprise = operations.register_enterprise(SYSTEM, ENTRY)
    moved = replace(ENTRY, status=EnterpriseStatus.MOVED)
    with pytest.raises(Refused) as refusal:
        operations.update_enterprise(SYSTEM, enterprise, moved, None)
    assert refusal.value.field == "status_on"
    operations.update_enterprise(SYSTEM, enterprise, replace(moved, status_on=date(2026, 3, 1)), None)
    db.session.flush()
    days = db.session.execute(
        sa.select(StatusChange.status, StatusChange.from_on).order_by(StatusChange.id)
    ).all()
    assert days[-1] == (EnterpriseStatus.MOVED, date(2026, 3, 1))
    assert len(days) == 2


def test_revealing_a_phone_is_logged_and_not_for_everybody(database):
    enterprise = make_enterprise()
    contact = operations.add_contact(
        SYSTEM, enterprise, ContactEntry(ContactRole.LIAISON, "张工", "厂长", "13812341234")
    )
    db.session.flush()
    with pytest.raises(NotAllowed):
        operations.reveal_contact(Actor(None, "督查", frozenset({Role.SUPERVISOR})), enterprise, contact)
    callback = Actor(None, "回访", frozenset({Role.CALLBACK}))
    assert operations.reveal_contact(callback, enterprise, contact) == "13812341234"
    db.session.flush()
    logged = db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.actor_name == "回访")).all()
    assert logged == ["contact.revealed"]
