"""The import wizard's memory: a file's cells between the steps, its columns, its result."""

import json
import zlib
from dataclasses import asdict

from visits.core.authz import Actor
from visits.core.clock import now
from visits.core.db import begin_write, db
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.spreadsheet import Table, read_table
from visits.enterprises.columns import guess_mapping, header_of
from visits.enterprises.importing import Plan, carry_out, check_table
from visits.enterprises.models import Upload


def keep_upload(actor: Actor, content: bytes, filename: str) -> Upload:
    """Store a file's cells for the wizard's next steps, with the guessed mapping."""
    table = read_table(content, filename)
    packed = zlib.compress(json.dumps(asdict(table), ensure_ascii=False).encode(), 6)
    begin_write()
    upload = Upload(person_id=actor.person_id, filename=filename[-200:], cells=packed)
    upload.mapping = guess_mapping(header_of(table))
    db.session.add(upload)
    db.session.flush()  # the next step's address needs the id
    return upload


def table_of(upload: Upload) -> Table:
    """The cells of a stored upload."""
    return Table(**json.loads(zlib.decompress(upload.cells)))


def _require_open(upload: Upload) -> None:
    if upload.committed_at is not None:
        raise Refused(N_("This file has been imported already; its result is on this page."))


def commit_upload(actor: Actor, upload: Upload) -> Plan:
    """Carry out a stored upload once; a second time is refused, also when two come at once."""
    _require_open(upload)
    checked = check_table(table_of(upload), upload.mapping)
    plan = carry_out(actor, checked, upload.filename)
    db.session.refresh(upload, ["committed_at"])  # under the register's lock by now
    _require_open(upload)
    upload.committed_at = now()
    errors = [asdict(error) for error in plan.errors()[:1000]]
    upload.outcome = {"run": plan.run_id, "counts": plan.counts(), "errors": errors}
    return plan


def set_mapping(upload: Upload, mapping: dict[str, int]) -> None:
    """Store which column fills which field; the name is needed."""
    if "name" not in mapping:
        raise Refused(N_("Say which column holds the enterprise name."))
    begin_write()
    if upload.committed_at is None:
        upload.mapping = mapping
