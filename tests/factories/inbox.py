"""Notices and places where people are told, made directly."""

from tests.factories.accounts import make_person
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.inbox.models import Channel, ContactPoint, Notice, NoticeKind
from visits.inbox.operations import Telling, post_notice


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


__all__ = ["Notice", "make_notice", "make_point"]
