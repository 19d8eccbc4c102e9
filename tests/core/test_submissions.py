"""The same form sent twice is one record."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person
from tests.factories.issues import make_issue, make_office
from visits.accounts.models import Unit
from visits.core import clock, submissions
from visits.core.db import db
from visits.core.erasing import erase
from visits.core.permissions import Role
from visits.issues.queries import moves_of
from visits.issues.states import State


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
        erase(submissions.spent())
        assert submissions.answer_of("a" * 36, person.id) == "/units"
    with clock.at(begun + submissions.KEPT + timedelta(seconds=1)):
        erase(submissions.spent())
        assert submissions.answer_of("a" * 36, person.id) is None


def test_two_at_the_same_moment_are_one_bulk_action(database, client_for, monkeypatch):
    office = make_office()
    issue = make_issue(office, State.IN_PROGRESS)
    person, address = (
        client_for(office.people["coordinator"]),
        f"/issues/bulk/remind?state=all&row={issue.id}",
    )
    form = person.get(address)
    first = person.post(address, {"note": "请抓紧"}, page=form)
    asked, answer_of = [], submissions.answer_of

    def not_yet(*given):
        asked.append(given)
        return answer_of(*given) if len(asked) > 1 else None

    monkeypatch.setattr(submissions, "answer_of", not_yet)
    again = person.post(address, {"note": "请抓紧"}, page=form)
    assert (again.status, again.location) == (303, first.location)
    assert [row.IssueMove.move for row in moves_of(issue.id)].count("remind") == 1
