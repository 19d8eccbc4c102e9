"""The steps of the import wizard: keep a file, choose sheet and columns, confirm, go on, discard."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from visits.core.apart import begin_apart
from visits.core.authz import Actor, require
from visits.core.clock import now
from visits.core.db import after_commit, begin_write, db
from visits.core.errors import Refused, WrongState
from visits.core.i18n import N_
from visits.enterprises import stages
from visits.enterprises.carriers import carrier_of
from visits.enterprises.long_work import read_values, work
from visits.enterprises.models import AT_WORK, Cargo, Upload, UploadStage

# Work on smaller files is done before the page is answered, on larger ones by a process of its own.
AT_ONCE_BYTES = 128 * 1024
KEPT = timedelta(days=1)
IMPORTED = N_("This file has been imported already; its result is on this page.")
BUSY = N_("This file is being worked on. Wait until that is done.")
GONE = N_("The contents of this file are kept for a day only. Choose the file again.")


def keep_upload(actor: Actor, content: bytes, filename: str, cargo: Cargo = Cargo.ENTERPRISES) -> Upload:
    """Store a file for the wizard and have it read; raise Unreadable at once where that is quick."""
    require(actor, carrier_of(cargo).permission)
    upload = Upload(
        person_id=actor.person_id, cargo=cargo, filename=filename[-200:], sheet="", beat_at=now()
    )
    upload.content, upload.size = content, len(content)
    if is_small(upload):
        for key, value in read_values(content, upload).items():
            setattr(upload, key, value)
        upload.stage = UploadStage.READ
    begin_write()
    forget_old()
    db.session.add(upload)
    db.session.flush()  # the next step's address needs the id
    _have_worked_on(upload)
    return upload


def is_small(upload: Upload) -> bool:
    """Say whether work on a file is over before somebody would want to see its progress."""
    return upload.size <= AT_ONCE_BYTES


def read_again(upload: Upload, sheet: str, heading_row: int | None) -> None:
    """Read another sheet of the file, or take another row for the column headings."""
    if upload.content is None:
        raise Refused(GONE)
    upload_id, content = upload.id, upload.content
    wanted = Upload(cargo=upload.cargo, filename=upload.filename, sheet=sheet, heading_row=heading_row)
    values: dict[str, Any] = {"sheet": sheet, "heading_row": heading_row}
    to = UploadStage.READING
    if is_small(upload):
        values, to = read_values(content, wanted), UploadStage.READ
    begin_write()
    _enter(upload_id, (UploadStage.READ, UploadStage.CHECKED, UploadStage.FAILED), to, **values)
    _have_worked_on(upload)


def choose_columns(
    upload: Upload, mapping: dict[str, int], chosen: Mapping[str, Any] | None = None
) -> None:
    """Store which column fills which field and what else was chosen, and have the rows checked."""
    carrier_of(upload.cargo).require(mapping)
    begin_write()
    values = {"mapping": mapping, "chosen": dict(chosen or {})}
    _enter(upload.id, (UploadStage.READ, UploadStage.CHECKED), UploadStage.CHECKING, **values)
    _have_worked_on(upload)


def confirm(upload: Upload) -> None:
    """Have the checked rows written, once; a second time is refused, also when two come at once."""
    counts = upload.outcome.get("counts", {})
    if upload.stage == UploadStage.CHECKED and not counts["created"] + counts.get("updated", 0):
        raise Refused(N_("No row of this file is new or changes anything."))
    begin_write()
    _enter(upload.id, (UploadStage.CHECKED,), UploadStage.WRITING)
    _have_worked_on(upload)


def go_on(upload: Upload) -> None:
    """Take up work that broke off; nothing happens when it goes on after all."""
    begin_write()
    db.session.refresh(upload)
    if stages.is_stalled(upload.stage, upload.beat_at):
        _enter(upload.id, (upload.stage,), upload.stage)
        _have_worked_on(upload)


def discard(upload: Upload) -> None:
    """Forget a file that is not to be imported."""
    begin_write()
    db.session.refresh(upload)
    if upload.stage == UploadStage.WRITTEN:
        raise Refused(IMPORTED)
    if upload.stage == UploadStage.WRITING and not stages.is_stalled(upload.stage, upload.beat_at):
        raise Refused(BUSY)
    db.session.delete(upload)


def forget_old() -> None:
    """Drop the files nobody went on with for a day, and of the imported ones all but their figures."""
    old = Upload.created_at < now() - KEPT
    db.session.execute(
        sa.delete(Upload).where(old, Upload.stage != UploadStage.WRITTEN, Upload.stage.not_in(AT_WORK))
    )
    stalled = sa.or_(Upload.beat_at.is_(None), Upload.beat_at < now() - KEPT)
    db.session.execute(sa.delete(Upload).where(old, Upload.stage.in_(AT_WORK), stalled))
    done = sa.select(Upload).where(old, Upload.stage == UploadStage.WRITTEN, Upload.findings.is_not(None))
    for upload in db.session.scalars(done):
        upload.content, upload.cells, upload.findings = None, b"", None
        upload.outcome = {key: upload.outcome.get(key) for key in ("run", "counts")}


def rejected_of(upload: Upload) -> list[dict[str, Any]]:
    """Why rows of a checked file were rejected; raise WrongState when that is not known, or no more."""
    if upload.findings is None:
        is_done = upload.stage == UploadStage.WRITTEN
        raise WrongState(GONE if is_done else N_("The rows of this file have not been checked yet."))
    rejected: list[dict[str, Any]] = stages.unpacked(upload.findings)
    return rejected


def _enter(upload_id: int, at: tuple[UploadStage, ...], to: UploadStage, **values: Any) -> None:
    if not stages.enter(upload_id, at, to, **values):
        present = db.session.scalar(sa.select(Upload.stage).where(Upload.id == upload_id))
        raise Refused(IMPORTED if present == UploadStage.WRITTEN else BUSY)


def _have_worked_on(upload: Upload) -> None:
    db.session.refresh(upload)
    if upload.stage not in AT_WORK:
        return
    if is_small(upload):
        begin_write()  # the work begins from what is stored
        work(upload.id)
        db.session.refresh(upload)
    else:
        upload_id = upload.id
        after_commit(lambda: start_worker(upload_id))


def start_worker(upload_id: int) -> None:
    """Start a process that does the work waiting on a file, and outlives the request and this server."""
    begin_apart("enterprises", "work", str(upload_id))
