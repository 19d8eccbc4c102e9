"""What is sent by mistake or malice about absences gets a plain sentence, and changes nothing."""

from datetime import timedelta

import pytest

from tests.factories.accounts import actor_for, make_person
from tests.journeys.refusals import Try, assert_refused
from tests.journeys.tries import HUGE
from visits.accounts.operations import AbsenceEntry, name_deputy
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Role

NEW, OTHERS, END = "/absences/new", "/people/{ill}/absences/new", "/absences/{absence}/end"
DAYS = {"from_on": "{tomorrow}", "last_on": "{tomorrow}"}
TRIES = [
    Try("cadre", NEW, {}, 422, "请选择"),
    Try("cadre", NEW, DAYS | {"deputy_id": "{stranger}"}, 422, "请选择"),
    Try("cadre", NEW, DAYS | {"deputy_id": "{self}"}, 422, "请选择"),
    Try("cadre", NEW, DAYS | {"deputy_id": "\x00"}, 422, "请选择"),
    Try("cadre", NEW, DAYS | {"deputy_id": HUGE}, 422, "请选择"),
    Try(
        "cadre",
        NEW,
        {"from_on": "9999-12-31", "last_on": "{tomorrow}", "deputy_id": "{deputy}"},
        422,
        "末日早于首日",
    ),
    Try("cadre", NEW, {"last_on": "9999-12-31", "deputy_id": "{deputy}"}, 422, "更正"),
    Try("cadre", NEW, DAYS | {"last_on": "morgen", "deputy_id": "{deputy}"}, 422, "年-月-日"),
    Try("cadre", NEW, DAYS | {"deputy_id": "{deputy}", "reason": "长" * 100_000}, 422, "最多200个字"),
    Try("cadre", OTHERS, DAYS | {"deputy_id": "{deputy}"}, 403),
    Try("coordinator", OTHERS, DAYS | {"deputy_id": "{deputy}"}, 403),
    Try("admin", OTHERS, DAYS | {"deputy_id": "{deputy}"}, 422, "重叠"),
    Try("admin", OTHERS, DAYS | {"deputy_id": "{stranger}"}, 422, "请选择"),
    Try("admin", "/people/999999/absences/new", DAYS | {"deputy_id": "{deputy}"}, 404),
    Try("cadre", END, {}, 404),
    Try("coordinator", END, {}, 404),
    Try("visitor", NEW, DAYS, 401, "登录"),
]


@pytest.fixture
def office(world):
    """Somebody ill with a deputy, and people who could not stand in for the cadre."""
    ill, deputy = (make_person([Role.CADRE]) for _ in range(2))
    entry = AbsenceEntry(today(), today() + timedelta(days=3), deputy.id)
    absence, _ = name_deputy(actor_for(ill), entry)
    db.session.flush()
    world.ids |= {
        "ill": ill.id,
        "deputy": deputy.id,
        "absence": absence.id,
        "self": world.people["cadre"].id,
        "stranger": world.people["handler"].id,
    }
    db.session.commit()
    return world


def test_absences_refuse_with_a_sentence_and_nothing_changes(office, contents):
    assert_refused(office, contents, TRIES)
