"""Tables of spreadsheets on their way into the system, and of what they brought."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.clock import now
from visits.core.db import Model, Stamped
from visits.core.i18n import N_
from visits.enterprises.models.register import STAYS


class Cargo(StrEnum):
    """What an uploaded spreadsheet holds, a row each."""

    ENTERPRISES = "enterprises"
    VISITS = "visits"
    ISSUES = "issues"


class ImportRun(Model):
    """One file carried in, so that it can be taken out again as a whole."""

    __tablename__ = "import_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    cargo: Mapped[Cargo] = mapped_column(default=Cargo.ENTERPRISES)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    filename: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(default=now)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    undo_reason: Mapped[str] = mapped_column(sa.String(200), default="")
    outcome: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ImportChange(Model):
    """What an import did to one record: made it (`before` empty), or changed these columns.

    `added` holds the ids of the former names, tags, contacts and status changes it brought.
    """

    __tablename__ = "import_changes"
    __table_args__ = {"info": STAYS}

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("import_runs.id"), index=True)
    enterprise_id: Mapped[int | None] = mapped_column(sa.ForeignKey("enterprises.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    is_new: Mapped[bool]
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    added: Mapped[dict[str, Any]] = mapped_column(default=dict)


class UploadStage(StrEnum):
    """How far an uploaded file has come; in those ending in -ing a process is at work, or should be."""

    READING = "reading"
    READ = "read"
    CHECKING = "checking"
    CHECKED = "checked"
    WRITING = "writing"
    WRITTEN = "written"
    FAILED = "failed"


AT_WORK = (UploadStage.READING, UploadStage.CHECKING, UploadStage.WRITING)
STAGE_LABELS = {
    UploadStage.READING: N_("Reading the file"),
    UploadStage.READ: N_("Waiting for you to say which column holds what"),
    UploadStage.CHECKING: N_("Checking the rows"),
    UploadStage.CHECKED: N_("Checked; waiting for you to confirm"),
    UploadStage.WRITING: N_("Writing to the register"),
    UploadStage.WRITTEN: N_("Done"),
    UploadStage.FAILED: N_("Could not be read"),
}


class Upload(Stamped, Model):
    """A spreadsheet on its way into the system.

    `content` is the file, `cells` its table, `findings` all rejected rows with their reasons: packed, and
    dropped after a day. `mapping` says which column fills which field, `chosen` what the sender chose
    besides; `worker` names the process at work, `beat_at` its last sign of life.
    """

    __tablename__ = "uploads"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    cargo: Mapped[Cargo] = mapped_column(default=Cargo.ENTERPRISES)
    filename: Mapped[str] = mapped_column(sa.String(200))
    content: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    size: Mapped[int] = mapped_column(default=0)
    cells: Mapped[bytes] = mapped_column(sa.LargeBinary, default=b"", deferred=True)
    findings: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    sheet: Mapped[str] = mapped_column(sa.String(120), default="")
    heading_row: Mapped[int | None]
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    chosen: Mapped[dict[str, Any]] = mapped_column(default=dict)
    stage: Mapped[UploadStage] = mapped_column(default=UploadStage.READING)
    problem: Mapped[dict[str, Any]] = mapped_column(default=dict)
    worker: Mapped[str | None] = mapped_column(sa.String(32))
    beat_at: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    committed_at: Mapped[datetime | None]
    outcome: Mapped[dict[str, Any]] = mapped_column(default=dict)
