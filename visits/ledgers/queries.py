"""Every reading of ledgers that were made apart."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from visits.core.authz import Actor
from visits.core.clock import now
from visits.core.db import db
from visits.core.errors import NotFound
from visits.ledgers.models import AT_WORK, LedgerExport, Stage

DEAD_AFTER = timedelta(seconds=45)  # longer than any work goes without a sign of life


def own(actor: Actor) -> sa.ColumnElement[bool]:
    """Ledgers one had made, as long as they are kept."""
    return sa.and_(LedgerExport.person_id == actor.person_id, LedgerExport.expires_at > now())


def get_own(actor: Actor, export_id: int) -> LedgerExport:
    """One's own ledger; raise NotFound for any other, and for one that has expired."""
    stmt = sa.select(LedgerExport).where(LedgerExport.id == export_id, own(actor))
    found = db.session.scalar(stmt.execution_options(populate_existing=True))
    if found is None:
        raise NotFound()
    return found


def list_own(actor: Actor) -> Sequence[LedgerExport]:
    """One's own ledgers, the latest first."""
    return db.session.scalars(
        sa.select(LedgerExport).where(own(actor)).order_by(LedgerExport.id.desc())
    ).all()


def count_own(actor: Actor) -> tuple[int, int]:
    """How many ledgers one has, and how many of them are not done yet."""
    counted = (sa.func.count(), sa.func.count().filter(LedgerExport.stage.in_(AT_WORK)))
    row: Any = db.session.execute(sa.select(*counted).select_from(LedgerExport).where(own(actor))).one()
    return row[0], row[1]


def count_alive() -> int:
    """How many ledgers are being made at this moment."""
    is_alive = sa.and_(LedgerExport.stage == Stage.WORKING, LedgerExport.beat_at >= now() - DEAD_AFTER)
    return db.session.scalar(sa.select(sa.func.count(LedgerExport.id)).where(is_alive)) or 0


def expired(moment: datetime) -> Sequence[tuple[int, str]]:
    """The ledgers that have expired by a moment, as (id, name)."""
    stmt = sa.select(LedgerExport.id, LedgerExport.filename).where(LedgerExport.expires_at <= moment)
    return [(key, name or str(key)) for key, name in db.session.execute(stmt.order_by(LedgerExport.id))]


def known_keys() -> set[str]:
    """The keys of all files that belong to a ledger."""
    stmt = sa.select(LedgerExport.file_key).where(LedgerExport.file_key.is_not(None))
    return {key for key in db.session.scalars(stmt) if key}


def reach_of(actor: Actor) -> str:
    """A mark of the roles, units and groups that say what a person may read."""
    parts = (sorted(actor.roles), sorted(actor.unit_ids), sorted(actor.group_ids))
    return hashlib.sha256(repr(parts).encode()).hexdigest()
