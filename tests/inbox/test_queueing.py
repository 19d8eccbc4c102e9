"""What goes into the outbox: one message per place and event."""

import sqlalchemy as sa

from tests.factories.accounts import make_person, make_unit
from tests.factories.inbox import make_point
from visits.accounts import operations as accounts
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.inbox import queries
from visits.inbox.models import Delivery
from visits.inbox.operations import Message, queue_message

MESSAGE = Message("Subject", "Text")


def test_one_message_per_place_and_event(database):
    points = [make_point(), make_point(unit=make_unit("发改局"))]
    assert len(queue_message(points[:1], "tests:1", MESSAGE)) == 1
    assert [delivery.contact_point_id for delivery in queue_message(points, "tests:1", MESSAGE)] == [
        points[1].id
    ]
    queue_message(points, "tests:2", MESSAGE)
    rows = db.session.scalars(sa.select(Delivery.message_id)).all()
    assert len(rows) == len(set(rows)) == 4


def test_people_disabled_are_told_nowhere(database):
    gone, there = make_person(), make_person()
    points = [make_point(person=gone), make_point(person=there)]
    accounts.disable_person(SYSTEM, gone, "left")
    assert queries.points_of_people([gone.id, there.id]) == points[1:]
