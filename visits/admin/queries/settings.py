"""The settings as their page shows them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Person
from visits.core.db import db
from visits.core.settings import KNOWN, Kind, Known, Setting


@dataclass(frozen=True)
class Shown:
    """One setting: what it is, its present value, who set it when; None where it is the default."""

    key: str
    known: Known
    value: Any
    changed_at: datetime | None
    who: str | None


def list_settings() -> list[Shown]:
    """Every setting an administrator may change, in the order of the table in the kernel."""
    rows = db.session.execute(
        sa.select(Setting.key, Setting.value, Setting.changed_at, Person.name).outerjoin(
            Person, Person.id == Setting.changed_by_id
        )
    )
    stored = {row.key: row for row in rows}
    return [
        _shown(key, known, stored.get(key)) for key, known in KNOWN.items() if known.kind is not Kind.INNER
    ]


def _shown(key: str, known: Known, row: Any) -> Shown:
    if row is None:
        return Shown(key, known, known.default, None, None)
    return Shown(key, known, row.value, row.changed_at, row.name)
