"""An uploaded file's way through its stages: what is stored of it, and who is at work on it."""

import json
import secrets
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from visits.core.clock import now
from visits.core.db import db, transaction
from visits.core.errors import DomainError
from visits.core.spreadsheet import Table
from visits.enterprises.models import AT_WORK, Cargo, Upload, UploadStage

# Longer than any step goes without a sign of life; the reading of a workbook is stopped after 30 seconds.
DEAD_AFTER = timedelta(seconds=45)
LISTED = 20


class Overtaken(Exception):
    """Another process has taken over the work, or the file was discarded."""


def packed(value: Any) -> bytes:
    """Store a value of plain lists and texts in little room."""
    return zlib.compress(json.dumps(value, ensure_ascii=False).encode(), 6)


def unpacked(content: bytes) -> Any:
    """The value that was stored."""
    return json.loads(zlib.decompress(content))


def packed_table(table: Table) -> bytes:
    """Store a file's cells."""
    return packed(asdict(table))


def table_of(upload: Upload) -> Table:
    """The cells of a file that has been read."""
    return Table(**unpacked(upload.cells))


def get_upload(upload_id: int, person_id: int | None, cargo: Cargo) -> Upload | None:
    """One's own upload with such a cargo."""
    wanted = (Upload.id == upload_id, Upload.person_id == person_id, Upload.cargo == cargo)
    return db.session.scalar(sa.select(Upload).where(*wanted))


def stage_of(upload_id: int) -> UploadStage | None:
    """How far a file has come."""
    return db.session.scalar(sa.select(Upload.stage).where(Upload.id == upload_id))


def unfinished(person_id: int | None, cargo: Cargo) -> Sequence[Any]:
    """One's own files with such a cargo that are not carried in yet, the latest first."""
    return db.session.execute(
        sa.select(Upload.id, Upload.filename, Upload.created_at, Upload.stage, Upload.beat_at)
        .where(Upload.person_id == person_id, Upload.cargo == cargo, Upload.stage != UploadStage.WRITTEN)
        .order_by(Upload.id.desc())
        .limit(LISTED)
    ).all()


def is_stalled(stage: UploadStage, beat_at: datetime | None) -> bool:
    """Say whether work should be going on and has given no sign of life for too long."""
    return stage in AT_WORK and (beat_at is None or beat_at < now() - DEAD_AFTER)


def _change(upload_id: int, *conditions: Any, **values: Any) -> bool:
    stmt = sa.update(Upload).where(Upload.id == upload_id, *conditions).values(values)
    changed: Any = db.session.execute(stmt.execution_options(synchronize_session=False))
    return bool(changed.rowcount)


def enter(upload_id: int, stages: Sequence[UploadStage], to: UploadStage, **values: Any) -> bool:
    """Move a file to its next stage in the running transaction, unless it has left these stages."""
    signs: dict[str, Any] = {"worker": None, "beat_at": now(), "done": 0, "total": 0, "problem": {}}
    return _change(upload_id, Upload.stage.in_(stages), stage=to, **signs, **values)


def claim(upload_id: int) -> str | None:
    """Take over the work that waits on a file, in a transaction of its own; None when there is none.

    Of several who come at once one gets it; work without a sign of life may be taken over.
    """
    token = secrets.token_hex(16)
    is_free = sa.or_(Upload.worker.is_(None), Upload.beat_at < now() - DEAD_AFTER)
    with transaction():
        is_mine = _change(upload_id, Upload.stage.in_(AT_WORK), is_free, worker=token, beat_at=now())
    return token if is_mine else None


def beat(upload_id: int, token: str, done: int, total: int) -> None:
    """Give a sign of life and say how far the work is; raise Overtaken when it is no longer ours."""
    with transaction():
        if not _change(upload_id, Upload.worker == token, beat_at=now(), done=done, total=total):
            raise Overtaken


@dataclass(frozen=True)
class Work:
    """Work on an upload as one process has claimed it."""

    upload: Upload
    token: str

    def beat(self, done: int, total: int) -> None:
        """Give a sign of life in a transaction of its own; raise Overtaken when it is no longer ours."""
        beat(self.upload.id, self.token, done, total)

    def hold(self, done: int, total: int, **values: Any) -> None:
        """Note how far the work is in the running transaction; raise Overtaken when it is not ours."""
        signs = {"beat_at": now(), "done": done, "total": total, **values}
        if not _change(self.upload.id, Upload.worker == self.token, **signs):
            raise Overtaken


def leave(upload_id: int, token: str, to: UploadStage, **values: Any) -> None:
    """End the work on a stage in the running transaction; raise Overtaken when it is no longer ours."""
    if not _change(upload_id, Upload.worker == token, stage=to, worker=None, **values):
        raise Overtaken


def fail(upload_id: int, token: str, refusal: DomainError) -> None:
    """Note in a transaction of its own why the work cannot be done."""
    problem = {"message": refusal.message, "params": refusal.params}
    with transaction():
        _change(upload_id, Upload.worker == token, stage=UploadStage.FAILED, worker=None, problem=problem)


def give_back(upload_id: int, token: str) -> None:
    """Note in a transaction of its own that the work broke off and may be taken up again."""
    with transaction():
        _change(upload_id, Upload.worker == token, worker=None, beat_at=None)
