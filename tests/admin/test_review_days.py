"""Suspended problems and the calendar: their tasks are left alone, a review day leaves a rest day."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.issues import make_issue, make_office
from tests.support.notices import NOTICE_2027
from visits.core.calendar import CalendarChange, fill_calendar
from visits.core.db import db
from visits.issues import operations as do
from visits.issues import queries
from visits.issues.models import Block, Dispatch
from visits.issues.operations import SuspensionEntry
from visits.issues.rules import Complexity
from visits.issues.states import State


@pytest.fixture
def office(database, at):
    at("2027-01-18")
    fill_calendar(range(2026, 2029))
    return make_office()


def suspended(office, review_on):
    issue = make_issue(office, State.IN_PROGRESS, complexity=Complexity.MAJOR)
    do.ask_suspension(office.handler, issue, SuspensionEntry(Block.UPPER, "待批复。", "王科长", review_on))
    do.suspend(office.leader, issue, None)
    return issue


def test_publishing_moves_review_days_that_become_rest_days_and_lists_them(office, client_for):
    holiday, workday = date(2027, 2, 11), date(2027, 2, 3)
    moved, stays = suspended(office, holiday), suspended(office, workday)
    left = {task.id: task.due_on for task in db.session.scalars(sa.select(Dispatch))}
    coordinator = client_for(office.people["coordinator"])
    preview = coordinator.post("admin.import_year", {"text": NOTICE_2027}, year=2027, status=200)
    assert moved.number in preview.main
    assert "复核日期" in preview.main
    assert stays.number not in preview.main
    page = coordinator.follow(
        coordinator.post("admin.publish_year", {"source": "国办发明电"}, page=preview, year=2027)
    )
    db.session.expire_all()
    assert (moved.review_on, stays.review_on) == (date(2027, 2, 12), workday)
    assert {task.id: task.due_on for task in db.session.scalars(sa.select(Dispatch))} == left
    assert moved.due_on is None
    assert [moved.number, "2027-02-11", "2027-02-12"] in page.rows
    change = db.session.scalars(sa.select(CalendarChange)).one()
    assert change.moved == [[moved.id, moved.number, "2027-02-11", "2027-02-12"]]
    row = queries.moves_of(moved.id)[-1].IssueMove
    assert (row.move, row.note, row.actor_id) == ("recompute_review", "国办发明电", None)
    assert row.details == {"former_review_on": "2027-02-11", "review_on": "2027-02-12"}
    assert "随工作日历调整复核日期" in coordinator.get("issues.show", issue_id=moved.id).main
