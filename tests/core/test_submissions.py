"""The same form sent twice is one record."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person
from visits.accounts.models import Unit
from visits.core import clock, submissions
from visits.core.db import db
from visits.core.permissions import Role


@pytest.fixture
def admin(database, client_for):
    return client_for(make_person([Role.ADMIN]))


def units():
    return db.session.scalar(sa.select(sa.func.count(Unit.id)))


def test_a_form_sent_twice_is_one_record_and_one_answer(admin):
    form = admin.get("accounts.new_unit")
    first = admin.post("accounts.new_unit", {"name": "甲科"}, page=form)
    again = admin.post("accounts.new_unit", {"name": "甲科"}, page=form)
    assert first.location == again.location
    assert units() == 1


def test_a_refused_form_may_be_sent_again(admin):
    form = admin.get("accounts.new_unit")
    admin.post("accounts.new_unit", {"name": ""}, page=form, status=422)
    admin.post("accounts.new_unit", {"name": "甲科"}, page=form)
    assert units() == 1


def test_two_forms_are_two_records(admin):
    for name in ("甲科", "乙科"):
        admin.post("accounts.new_unit", {"name": name})
    assert units() == 2


def test_the_id_of_another_persons_form_gives_nothing_away(admin, client_for):
    other = client_for(make_person([Role.ADMIN]))
    form = admin.get("accounts.new_unit")
    sent = form.root.first("input", name="submission_id")["value"]
    admin.post("accounts.new_unit", {"name": "甲科"}, page=form)
    page = other.post("accounts.new_unit", {"name": "乙科", "submission_id": sent}, status=409)
    assert "乙科" in page.main
    assert units() == 1


def test_old_notes_are_dropped(database):
    person, begun = make_person(), datetime(2026, 8, 31, 4, tzinfo=UTC)
    with clock.at(begun):
        submissions.remember("a" * 36, person.id, "/units")
        db.session.commit()
    with clock.at(begun + submissions.KEPT):
        submissions.forget_old()
        assert submissions.answer_of("a" * 36, person.id) == "/units"
    with clock.at(begun + submissions.KEPT + timedelta(seconds=1)):
        submissions.forget_old()
        assert submissions.answer_of("a" * 36, person.id) is None
