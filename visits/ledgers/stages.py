"""A ledger's way from waiting to done: who is at work on it, how far it is, signs of life."""

import secrets
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from visits.core.clock import now
from visits.core.db import db, lock_name, transaction
from visits.core.errors import DomainError
from visits.ledgers.models import LedgerExport, Stage
from visits.ledgers.queries import DEAD_AFTER, count_alive

AT_THE_SAME_TIME = 2  # ledgers made by all processes together; the others wait
LOCK = "ledgers"


class Overtaken(Exception):
    """Another process has taken over the work, or the ledger was discarded."""


def claim_next() -> tuple[int, str] | None:
    """Take the ledger that waits longest, in a transaction of its own; None when all places are taken."""
    token = secrets.token_hex(16)
    with transaction():
        lock_name(LOCK)
        waiting = sa.select(sa.func.min(LedgerExport.id)).where(LedgerExport.stage == Stage.WAITING)
        found = db.session.scalar(waiting)
        if found is None or count_alive() >= AT_THE_SAME_TIME:
            return None
        if not _change(found, stage=Stage.WORKING, worker=token, beat_at=now(), done=0, total=0):
            return None
    return found, token


def _change(export_id: int, *conditions: Any, **values: Any) -> bool:
    stmt = sa.update(LedgerExport).where(LedgerExport.id == export_id, *conditions).values(values)
    changed: Any = db.session.execute(stmt.execution_options(synchronize_session=False))
    return bool(changed.rowcount)


def beat(export_id: int, token: str, done: int, total: int) -> None:
    """Give a sign of life in a transaction of its own; raise Overtaken when it is not ours any more."""
    with transaction():
        if not _change(export_id, LedgerExport.worker == token, beat_at=now(), done=done, total=total):
            raise Overtaken


def finish(export_id: int, token: str, **values: Any) -> None:
    """End the work well, in a transaction of its own; raise Overtaken when it is not ours any more."""
    with transaction():
        ended: dict[str, Any] = {"stage": Stage.DONE, "worker": None, "made_at": now()}
        if not _change(export_id, LedgerExport.worker == token, **ended, **values):
            raise Overtaken


def fail(export_id: int, token: str, refusal: DomainError) -> None:
    """Note in a transaction of its own why the ledger cannot be made."""
    problem = {"message": refusal.message, "params": refusal.params}
    with transaction():
        _change(export_id, LedgerExport.worker == token, stage=Stage.FAILED, worker=None, problem=problem)


def give_back(export_id: int, token: str) -> None:
    """Note in a transaction of its own that the work broke off and may be begun again."""
    with transaction():
        _change(export_id, LedgerExport.worker == token, worker=None, beat_at=None)


def is_stalled(stage: Stage, beat_at: datetime | None, others_alive: int) -> bool:
    """Say whether work should be going on and is not: no sign of life, or a wait for nobody."""
    is_silent = beat_at is None or beat_at < now() - DEAD_AFTER
    if stage is Stage.WAITING:
        return is_silent and others_alive == 0
    return stage is Stage.WORKING and is_silent
