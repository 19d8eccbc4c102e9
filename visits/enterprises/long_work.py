"""The long work on an uploaded file, each step done once: read, check, write."""

import logging
from typing import Any

from visits.accounts.queries import actor_of, get_person
from visits.core.authz import Actor, require
from visits.core.clock import now
from visits.core.db import db, renew_statistics, transaction
from visits.core.errors import DomainError, NotAllowed
from visits.core.permissions import Permission
from visits.core.spreadsheet import read_table
from visits.enterprises import stages
from visits.enterprises.carriers import Found, carrier_of
from visits.enterprises.models import Upload, UploadStage
from visits.enterprises.stages import Work

log = logging.getLogger(__name__)


def work(upload_id: int) -> bool:
    """Do the work that waits on a file; False when there is none, or another is at it or took it over.

    What the person must know of is left at the file; a fault leaves the work to be taken up again.
    """
    token = stages.claim(upload_id)
    if token is None:
        return False
    try:
        upload = db.session.get(Upload, upload_id, populate_existing=True)
        if upload is not None:
            STEPS[upload.stage](Work(upload, token))
    except stages.Overtaken:
        db.session.rollback()
        return False
    except DomainError as refusal:
        db.session.rollback()
        stages.fail(upload_id, token, refusal)
    except Exception:
        db.session.rollback()
        stages.give_back(upload_id, token)
        raise
    return True


def _read(work: Work) -> None:
    values = read_values(work.upload.content or b"", work.upload)
    with transaction():
        stages.leave(work.upload.id, work.token, UploadStage.READ, **values)


def read_values(content: bytes, upload: Upload) -> dict[str, Any]:
    """Read a file; return what is stored of it: its cells, its sheet and the guessed columns."""
    columns = carrier_of(upload.cargo).columns
    table = read_table(content, upload.filename, upload.sheet)
    heading = columns.heading_of(table, upload.heading_row)
    return {
        "cells": stages.packed_table(table),
        "sheet": table.sheet[:120],
        "heading_row": heading.row,
        "mapping": columns.guess(heading.labels),
    }


def _kept(found: Found) -> dict[str, Any]:
    return {"outcome": found.outcome, "findings": stages.packed(found.rejected)}


def _check(work: Work) -> None:
    found = carrier_of(work.upload.cargo).check(work)
    with transaction():
        stages.leave(work.upload.id, work.token, UploadStage.CHECKED, **_kept(found))


def _write(work: Work) -> None:
    carrier = carrier_of(work.upload.cargo)
    found = carrier.write(_actor_of(work.upload.person_id, carrier.permission), work)
    stages.leave(
        work.upload.id,
        work.token,
        UploadStage.WRITTEN,
        committed_at=now(),
        content=None,
        **_kept(found),
    )
    db.session.commit()
    renew_statistics()


def _actor_of(person_id: int, permission: Permission) -> Actor:
    """Who sent the file, with the rights of this moment."""
    person = get_person(person_id)
    if person is None or person.disabled_at is not None:
        raise NotAllowed
    actor = actor_of(person.id, person.name)
    require(actor, permission)
    return actor


STEPS = {UploadStage.READING: _read, UploadStage.CHECKING: _check, UploadStage.WRITING: _write}
