"""Who stands in for whom while somebody is away."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from visits.accounts.models import Delegation, Person
from visits.core.db import db


def deputies_on(day: date, person_ids: Collection[int]) -> list[tuple[int, int]]:
    """The deputies not disabled of those of these people who are away on a day, as (absent, deputy)."""
    if not person_ids:
        return []
    stmt = (
        sa.select(Delegation.person_id, Delegation.deputy_id)
        .join(Person, Person.id == Delegation.deputy_id)
        .where(
            Delegation.person_id.in_(person_ids),
            Delegation.from_on <= day,
            Delegation.until_on > day,
            Person.disabled_at.is_(None),
        )
        .order_by(Delegation.person_id, Delegation.deputy_id)
    )
    return [(absent, deputy) for absent, deputy in db.session.execute(stmt)]
