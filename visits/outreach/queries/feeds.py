"""The address of a person's calendar."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Person
from visits.accounts.rules import link_hash
from visits.core.db import db
from visits.outreach.models import CalendarFeed

PURPOSE = "calendar"


def open_feeds_of(person_id: int | None) -> Sequence[CalendarFeed]:
    """The addresses of a person's calendar that are in use: one at most."""
    wanted = (CalendarFeed.person_id == person_id, CalendarFeed.revoked_at.is_(None))
    return db.session.scalars(sa.select(CalendarFeed).where(*wanted)).all()


def owner_of_feed(code: str) -> Any:
    """Whose calendar a code opens, as (id, name); None for any other code and for accounts not in use."""
    return db.session.execute(
        sa.select(Person.id, Person.name)
        .join(CalendarFeed, CalendarFeed.person_id == Person.id)
        .where(
            CalendarFeed.token_hash == link_hash(PURPOSE, code),
            CalendarFeed.revoked_at.is_(None),
            Person.disabled_at.is_(None),
        )
    ).first()


def was_feed(code: str) -> bool:
    """Whether a code ever opened a calendar."""
    stmt = sa.select(CalendarFeed.id).where(CalendarFeed.token_hash == link_hash(PURPOSE, code))
    return db.session.scalar(stmt) is not None
