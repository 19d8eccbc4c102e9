"""The table of ledgers that are made apart from a request."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.db import Model, Stamped
from visits.core.i18n import N_


class Book(StrEnum):
    """Which ledger."""

    VISITS = "visits"
    PROBLEMS = "problems"
    ENTERPRISES = "enterprises"


class Stage(StrEnum):
    """How far the making of a file has come."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


AT_WORK = (Stage.WAITING, Stage.WORKING)
BOOK_LABELS = {
    Book.VISITS: N_("Ledger of visits"),
    Book.PROBLEMS: N_("Ledger of problems"),
    Book.ENTERPRISES: N_("Ledger of enterprises"),
}
STAGE_LABELS = {
    Stage.WAITING: N_("Waiting for its turn"),
    Stage.WORKING: N_("Being made"),
    Stage.DONE: N_("Ready"),
    Stage.FAILED: N_("Could not be made"),
}


class LedgerExport(Stamped, Model):
    """A ledger somebody had made as a file, its owner's alone until it expires.

    `asked` is what it is narrowed to (`filters.Wanted`), `said` the same in words, `columns` the keys of
    its columns, in order; `is_office` says that they are the office's set, with running numbers. `reach`
    marks the roles, units and groups with which it was made. `worker` names the process at work, `beat_at`
    its last sign of life; `file_key` is the file's name in the folder of ledgers.
    """

    __tablename__ = "ledger_exports"
    __table_args__ = (
        sa.CheckConstraint("(stage = 'done') = (file_key IS NOT NULL)", name="file_when_done"),
        sa.CheckConstraint("(stage = 'done') = (made_at IS NOT NULL)", name="made_when_done"),
        sa.Index("ix_ledger_exports_stage", "stage", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    book: Mapped[Book]
    format: Mapped[str] = mapped_column(sa.String(4))
    asked: Mapped[dict[str, Any]]
    said: Mapped[list[str]]
    columns: Mapped[list[str]]
    is_office: Mapped[bool]
    sort: Mapped[str] = mapped_column(sa.String(30), default="")
    language: Mapped[str] = mapped_column(sa.String(12))
    reach: Mapped[str] = mapped_column(sa.String(64), default="")
    stage: Mapped[Stage] = mapped_column(default=Stage.WAITING)
    problem: Mapped[dict[str, Any]] = mapped_column(default=dict)
    worker: Mapped[str | None] = mapped_column(sa.String(32))
    beat_at: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    file_key: Mapped[str | None] = mapped_column(sa.String(32))
    filename: Mapped[str] = mapped_column(sa.String(200), default="")
    size: Mapped[int] = mapped_column(sa.BigInteger, default=0)
