"""Which group answers for which enterprise on which day, read once for many days."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from visits.core.db import db
from visits.programmes.models import Link


class Answering:
    """Every time during which a group answers for an enterprise; the first entered first."""

    def __init__(self) -> None:
        columns = (Link.enterprise_id, Link.group_id, Link.from_on, Link.until_on)
        stmt = sa.select(*columns).where(Link.group_id.is_not(None)).order_by(Link.id)
        self.links: dict[int, list[Any]] = {}
        for row in db.session.execute(stmt):
            self.links.setdefault(row.enterprise_id, []).append(row)

    def groups_on(self, enterprise_ids: Iterable[int], day: date) -> dict[int, int]:
        """The group that answers for each of these enterprises on a day; those without one are missing."""
        held = (
            (i, next((r for r in self.links.get(i, ()) if holds(r, day)), None)) for i in enterprise_ids
        )
        return {i: row.group_id for i, row in held if row is not None}


def holds(row: Any, day: date) -> bool:
    """Whether a membership or link holds on a day."""
    return bool(row.from_on <= day and (row.until_on is None or row.until_on > day))
