"""What is sent by mistake or malice about absences gets a plain sentence, and changes nothing."""

from datetime import timedelta

import pytest

from tests.factories.accounts import actor_for, make_person
from tests.journeys.refusals import assert_refused
from tests.journeys.tries import HUGE, try_
from visits.accounts.operations import AbsenceEntry, name_deputy
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Role

NEW, OTHERS, END = "/absences/new", "/people/{ill}/absences/new", "/absences/{absence}/end"
DAYS = {"from_on": "{tomorrow}", "last_on": "{tomorrow}"}
TRIES = [
    try_("cadre", NEW, {}, 422, "请选择"),
    try_("cadre", NEW, DAYS | {"deputy_id": "{stranger}"}, 422, "请选择"),
    try_("cadre", NEW, DAYS | {"deputy_id": "{self}"}, 422, "请选择"),
    try_("cadre", NEW, DAYS | {"deputy_id": "\x00"}, 422, "请选择"),
    try_("cadre", NEW, DAYS | {"deputy_id": HUGE}, 422, "请选择"),
    try_(
        "cadre",
        NEW,
        {"from_on": "9999-12-31", "last_on": "{tomorrow}", "deputy_id": "{deputy}"},
        422,
        "末日早于首日",
    ),
    try_("cadre", NEW, {"last_on": "9999-12-31", "deputy_id": "{deputy}"}, 422, "更正"),
    try_("cadre", NEW, DAYS | {"last_on": "morgen", "deputy_id": "{deputy}"}, 422, "年-月-日"),
    try_("cadre", NEW, DAYS | {"deputy_id": "{deputy}", "reason": "长" * 100_000}, 422, "最多200个字"),
    try_("cadre", OTHERS, DAYS | {"deputy_id": "{deputy}"}, 403),
    try_("coordinator", OTHERS, DAYS | {"deputy_id": "{deputy}"}, 403),
    try_("admin", OTHERS, DAYS | {"deputy_id": "{deputy}"}, 422, "重叠"),
    try_("admin", OTHERS, DAYS | {"deputy_id": "{stranger}"}, 422, "请选择"),
    try_("admin", "/people/999999/absences/new", DAYS | {"deputy_id": "{deputy}"}, 404),
    try_("cadre", END, {}, 404),
    try_("coordinator", END, {}, 404),
    try_("visitor", NEW, DAYS, 401, "登录"),
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


@pytest.mark.parametrize(("who", "path", "data", "answer", "says"), TRIES)
def test_absences_refuse_with_a_sentence_and_nothing_changes(
    office, contents, who, path, data, answer, says
):
    assert_refused(office, contents, who, path, data, answer, says)
