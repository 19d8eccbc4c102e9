"""Notices and places where people are told, made directly."""

from tests.factories.accounts import make_person
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.inbox.models import Channel, ContactPoint, Notice, NoticeKind
from visits.inbox.operations import Message, Telling, post_notice, queue_message


def make_notice(person=None, *, kind=NoticeKind.DESK, event="tests:1", said="Told", subject=None, **params):
    """One notice of one person, committed."""
    person = person or make_person()
    (notice,) = post_notice(SYSTEM, [person.id], Telling(kind, event, said, subject, params))
    db.session.commit()
    return notice


def make_point(*, person=None, unit=None, channel=Channel.MAIL, address="somebody@example.org", **fields):
    """An address of a person or a unit, committed."""
    owner = {"unit_id": unit.id} if unit else {"person_id": (person or make_person()).id}
    point = ContactPoint(channel=channel, address=address, **owner, **fields)
    db.session.add(point)
    db.session.commit()
    return point


def make_delivery(
    point=None, *, event="tests:1", subject="红旗", text="有一个问题被举了红旗。", html="", **fields
):
    """One message on its way to one point, committed."""
    (delivery,) = queue_message([point or make_point()], event, Message(subject, text, html))
    for name, value in fields.items():
        setattr(delivery, name, value)
    db.session.commit()
    return delivery


__all__ = ["Notice", "make_delivery", "make_notice", "make_point"]
