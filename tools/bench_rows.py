"""Rows for the bench that a zone filled at once lacks: notices, messages, suggestions, absences."""

from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import sqlalchemy as sa

from visits.accounts.models import Delegation, Person
from visits.core.clock import now, today
from visits.core.db import db, transaction
from visits.feedback.models import Suggestion, SuggestionState
from visits.inbox.models import Channel, ContactPoint, Delivery, DeliveryState, Notice, NoticeKind
from visits.issues.models import Issue

EVENT = "bench-rows:"
NOTICES, MESSAGES, SUGGESTIONS, ABSENCES = 3_000, 5_000, 500, 40


def fill(person_id: int) -> None:
    """Give one person an inbox, and the office an outbox, suggestions and absences; once per database."""
    with transaction():
        if db.session.scalar(sa.select(sa.exists().where(Notice.event.startswith(EVENT)))):
            return
        others = list(db.session.scalars(sa.select(Person.id).order_by(Person.id).limit(ABSENCES + 1)))
        problems = list(db.session.scalars(sa.select(Issue.id).limit(NOTICES)))
        db.session.add_all(_notice(person_id, number, key) for number, key in enumerate(problems))
        db.session.add_all(
            _suggestion(others[number % len(others)], number) for number in range(SUGGESTIONS)
        )
        first, last = today() - timedelta(days=3), today() + timedelta(days=4)
        db.session.add_all(
            Delegation(person_id=one, deputy_id=other, from_on=first, until_on=last, reason="量测")
            for one, other in pairwise(others)
        )
        point = ContactPoint(person_id=others[0], channel=Channel.MAIL, address="bench@example.org")
        db.session.add(point)
        db.session.flush()
        db.session.add_all(_message(point.id, number) for number in range(MESSAGES))


def _notice(person_id: int, number: int, issue_id: int) -> Notice:
    return Notice(
        person_id=person_id,
        kind=NoticeKind.DESK,
        event=f"{EVENT}{number}",
        said="量测用的一条消息。",
        subject_type="issue",
        subject_id=issue_id,
        read_at=now() if number % 4 else None,
    )


def _suggestion(person_id: int, number: int) -> Suggestion:
    is_open = number % 5 == 0
    state = SuggestionState.OPEN if is_open else SuggestionState.SETTLED
    settled_at = None if is_open else now()
    return Suggestion(person_id=person_id, page="/issues", text="量测", state=state, settled_at=settled_at)


def _message(point_id: int, number: int) -> Delivery:
    state = DeliveryState.SENT if number % 10 else DeliveryState.DEAD
    return Delivery(
        contact_point_id=point_id,
        event=f"{EVENT}{number}",
        message_id=f"<{uuid4()}@bench>",
        subject="量测",
        text="量测用的一封邮件。",
        state=state,
        tries=1,
        next_at=now(),
        ended_at=now(),
    )
