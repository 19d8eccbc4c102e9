"""The long work on an uploaded file, each step done once: read, check, write."""

import logging
from collections.abc import Callable
from typing import Any

from visits.accounts.queries import actor_of, get_person
from visits.core.authz import Actor, require
from visits.core.clock import now
from visits.core.db import db, transaction
from visits.core.errors import DomainError, NotAllowed
from visits.core.permissions import Permission
from visits.core.spreadsheet import read_table
from visits.enterprises import import_report, stages
from visits.enterprises.checking import CheckedRow, check_table
from visits.enterprises.columns import guess_mapping, heading_of
from visits.enterprises.importing import Plan, carry_out, compare, file_warnings
from visits.enterprises.models import Upload, UploadStage

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
            STEPS[upload.stage](upload, token)
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


def _read(upload: Upload, token: str) -> None:
    with transaction():
        stages.leave(upload.id, token, UploadStage.READ, **read_values(upload.content or b"", upload))


def read_values(content: bytes, upload: Upload) -> dict[str, Any]:
    """Read a file; return what is stored of it: its cells, its sheet and the guessed columns."""
    table = read_table(content, upload.filename, upload.sheet)
    heading = heading_of(table, upload.heading_row)
    return {
        "cells": stages.packed_table(table),
        "sheet": table.sheet[:120],
        "heading_row": heading.row,
        "mapping": guess_mapping(heading.labels),
    }


def _checked(upload: Upload, token: str) -> tuple[list[CheckedRow], Callable[[Plan], None]]:
    table = stages.table_of(upload)
    heading = heading_of(table, upload.heading_row)
    total = len(table.rows) - heading.first
    rows = check_table(
        table, heading, upload.mapping, lambda done: stages.beat(upload.id, token, done, total)
    )
    stages.beat(upload.id, token, total, total)
    warnings = file_warnings(table, heading, upload.mapping)

    def add_warnings(plan: Plan) -> None:
        plan.warnings = [*warnings, *plan.warnings]

    return rows, add_warnings


def _check(upload: Upload, token: str) -> None:
    rows, add_warnings = _checked(upload, token)
    plan = compare(rows)
    add_warnings(plan)
    with transaction():
        stages.leave(upload.id, token, UploadStage.CHECKED, **_found(plan))


def _found(plan: Plan) -> dict[str, Any]:
    findings = stages.packed(import_report.rejected_of(plan))
    return {"outcome": import_report.report_of(plan), "findings": findings}


def _write(upload: Upload, token: str) -> None:
    actor = _actor_of(upload.person_id)
    rows, add_warnings = _checked(upload, token)
    plan = carry_out(actor, rows, upload.filename)
    add_warnings(plan)
    stages.leave(upload.id, token, UploadStage.WRITTEN, committed_at=now(), content=None, **_found(plan))
    db.session.commit()


def _actor_of(person_id: int) -> Actor:
    """Who sent the file, with the rights of this moment."""
    person = get_person(person_id)
    if person is None or person.disabled_at is not None:
        raise NotAllowed
    actor = actor_of(person.id, person.name)
    require(actor, Permission.ENTERPRISES_IMPORT)
    return actor


STEPS = {UploadStage.READING: _read, UploadStage.CHECKING: _check, UploadStage.WRITING: _write}
