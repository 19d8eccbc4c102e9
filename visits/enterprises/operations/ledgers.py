"""What the imports of all ledgers write alike: that they began, ended, were taken back; rows in bulk."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa

from visits.core import audit
from visits.core.authz import Actor, require
from visits.core.clock import now
from visits.core.db import db, lock_name
from visits.core.errors import WrongState
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.enterprises.models import Cargo, ImportRun

Row = dict[str, Any]


class Recognised(Protocol):
    """A record of a ledger that is known again by an id made from what it says."""

    def client_id(self, attempt: int) -> str:
        """Its id, another one for each attempt."""


@dataclass(frozen=True)
class TakenBack:
    """What became of an undo: how many records are void now, and those that stay, as plain values."""

    voided: int
    kept: list[Row]


@dataclass(frozen=True)
class LedgerRuns:
    """The imports of one kind of ledger: who may, the verb of the log, the name under which one waits."""

    cargo: Cargo
    permission: Permission
    action: str
    lock: str

    def begin(self, actor: Actor, filename: str) -> ImportRun:
        """Note that a ledger is being carried in; each part written names it."""
        require(actor, self.permission)
        run = ImportRun(cargo=self.cargo, person_id=actor.person_id, filename=filename[-200:], counts={})
        db.session.add(run)
        db.session.flush()  # its records need the id
        return run

    def note_imported(self, actor: Actor, run: ImportRun, counts: dict[str, int]) -> None:
        """Note in the log that a ledger is carried in as a whole."""
        run.counts = counts
        audit.record(actor, self.action, run, file=run.filename, **counts)

    def take_back(
        self, actor: Actor, run: ImportRun, reason: str, void: Callable[[], TakenBack]
    ) -> TakenBack:
        """Take an import back once, by `void`; raise WrongState where that was done already."""
        require(actor, self.permission)
        lock_name(self.lock)
        db.session.refresh(run)
        if run.undone_at is not None:
            raise WrongState(N_("This import has been undone already."))
        found = void()
        run.undone_at, run.undone_by_id, run.undo_reason = now(), actor.person_id, reason
        run.outcome = {"voided": found.voided, "kept": found.kept}
        counts = {"voided": found.voided, "kept": len(found.kept)}
        audit.record(actor, "import.undone", run, file=run.filename, reason=reason, **counts)
        return found


def free_client_ids(
    records: Sequence[Recognised], taken_among: Callable[[Sequence[str]], Iterable[str]]
) -> list[str]:
    """An id for each record that is free: a void one keeps its own."""
    attempts = [0] * len(records)
    while True:
        ids = [record.client_id(attempt) for record, attempt in zip(records, attempts, strict=True)]
        taken = set(taken_among(ids))
        if not taken:
            return ids
        attempts = [n + (key in taken) for n, key in zip(attempts, ids, strict=True)]


def insert_rows(model: type[Any], rows: Sequence[Row]) -> list[int]:
    """Insert rows in bulk; return their ids in the same order."""
    stmt = sa.insert(model).returning(model.id, sort_by_parameter_order=True)
    return list(db.session.scalars(stmt, list(rows)))


def write_rows(model: type[Any], rows: Iterable[Row]) -> None:
    """Insert rows in bulk, if there are any."""
    if found := list(rows):
        db.session.execute(sa.insert(model), found)
