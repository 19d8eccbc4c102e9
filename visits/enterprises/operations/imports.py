"""What an import writes, remembered so that it can be taken out again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from visits.core import audit
from visits.core.authz import Actor, require
from visits.core.clock import now, today
from visits.core.db import db, lock_name
from visits.core.errors import WrongState
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.enterprises import queries, runs
from visits.enterprises.models import (
    Contact,
    ContactRole,
    Enterprise,
    FormerName,
    ImportChange,
    ImportRun,
    StatusChange,
    TagGrant,
)
from visits.enterprises.operations.entries import DERIVED
from visits.enterprises.operations.moving import owning_columns, pack, restorable, unpack
from visits.enterprises.operations.registering import derived
from visits.enterprises.operations.tags import grants_by_name

CHUNK = 500
REMEMBERED = ("code", "name")
NAMED = {"name", "short_name", "code"}
BROUGHT: dict[str, type[Any]] = {
    "contacts": Contact,
    "former_names": FormerName,
    "tag_grants": TagGrant,
    "enterprise_status_changes": StatusChange,
}
IN_USE = N_("Something has been linked to it since; it stays in the register.")
CHANGED_SINCE = N_("It has been changed since; it stays as it is.")
FIELDS_KEPT = N_("Changed since and kept: %(fields)s.")


@dataclass
class Imported:
    """An import on its way: the run, the ids of the new records in order, what happened to each record."""

    run: ImportRun
    ids: list[int]
    changes: dict[int, dict[str, Any]] = field(default_factory=dict)


def save_import(
    actor: Actor,
    created: Sequence[dict[str, Any]],
    updated: Sequence[tuple[Enterprise, dict[str, Any]]],
    filename: str,
) -> Imported:
    """Write what an import found new or changed, and remember it.

    `created` holds whole rows of columns; `updated` pairs a record with its changed columns. A status
    without its day holds from today.
    """
    require(actor, Permission.ENTERPRISES_IMPORT)
    counts = {"created": len(created), "updated": len(updated)}
    run = ImportRun(person_id=actor.person_id, filename=filename[-200:], counts=counts)
    db.session.add(run)
    db.session.flush()  # its changes need the id
    stmt = sa.insert(Enterprise).returning(Enterprise.id, sort_by_parameter_order=True)
    imported = Imported(run, list(db.session.scalars(stmt, list(created))) if created else [])
    statuses = []
    for enterprise_id, row in zip(imported.ids, created, strict=True):
        after = {key: row[key] for key in REMEMBERED}
        _note(imported, enterprise_id, row["name"], is_new=True, before={}, after=after)
        statuses.append((enterprise_id, row["status"], row["status_on"] or today()))
    for enterprise, columns in updated:
        if "status" in columns:
            columns.setdefault("status_on", today())
            statuses.append((enterprise.id, columns["status"], columns["status_on"]))
        before = {key: getattr(enterprise, key) for key in columns}
        for key, value in columns.items():
            setattr(enterprise, key, value)
        _note(imported, enterprise.id, enterprise.name, is_new=False, before=before, after=columns)
        audit.record(actor, "enterprise.updated", enterprise, **audit.difference(before, columns))
    rows = [{"enterprise_id": i, "status": status, "from_on": day} for i, status, day in statuses]
    _bring(imported, StatusChange, rows)
    audit.record(actor, "enterprises.imported", file=filename, **counts)
    return imported


def _note(imported: Imported, enterprise_id: int, name: str, **what: Any) -> None:
    for key in ("before", "after"):
        what[key] = {column: pack(value) for column, value in what[key].items()}
    row = {"run_id": imported.run.id, "enterprise_id": enterprise_id, "name": name, "added": {}, **what}
    imported.changes[enterprise_id] = row


def _bring(imported: Imported, model: type[Any], rows: list[dict[str, Any]]) -> None:
    """Insert rows that hang on records, and note their ids beside what happened to the record."""
    if not rows:
        return
    stmt = sa.insert(model).returning(model.id, sort_by_parameter_order=True)
    _note_ids(imported, model, zip(rows, db.session.scalars(stmt, rows), strict=True))


def _note_ids(imported: Imported, model: type[Any], pairs: Iterable[tuple[dict[str, Any], int]]) -> None:
    for row, key in pairs:
        added = imported.changes[row["enterprise_id"]]["added"]
        added.setdefault(model.__tablename__, []).append(key)


def save_import_details(
    imported: Imported,
    names: Sequence[tuple[int, str]],
    tags: Sequence[tuple[int, str]],
    contacts: Sequence[tuple[int, dict[str, str]]],
) -> None:
    """Write the former names, tags and liaisons an import brought, each beside its enterprise's id."""
    concerned = {row[0] for rows in (names, tags, contacts) for row in rows}
    for enterprise_id in sorted(concerned - imported.changes.keys()):
        _note(imported, enterprise_id, "", is_new=False, before={}, after={})
    _bring(imported, FormerName, [{"enterprise_id": i, "name": name} for i, name in names])
    people = [{"enterprise_id": i, "role": ContactRole.LIAISON, **parts} for i, parts in contacts]
    _bring(imported, Contact, people)
    _bring(imported, TagGrant, grants_by_name(tags))
    if imported.changes:
        db.session.execute(sa.insert(ImportChange), list(imported.changes.values()))


@dataclass
class Undone:
    """What became of an undo: numbers, and the records that could not be put back, with the reason."""

    removed: int = 0
    restored: int = 0
    kept: list[dict[str, Any]] = field(default_factory=list)

    def keep(self, change: ImportChange, reason: str, **params: Any) -> None:
        """Note a record that stays as it is, or in part."""
        row = {"enterprise_id": change.enterprise_id, "name": change.name}
        self.kept.append({**row, "reason": reason, "params": params})


def undo_import(actor: Actor, run: ImportRun, reason: str) -> Undone:
    """Take an import out again as a whole, but for what has been used or changed since.

    A new record on which nothing hangs is deleted; a changed one gets its old values back where the
    imported ones still stand.
    """
    require(actor, Permission.ENTERPRISES_IMPORT)
    lock_name("register")
    db.session.refresh(run)
    if run.undone_at is not None:
        raise WrongState(N_("This import has been undone already."))
    undone = Undone()
    changes = runs.changes_of(run.id)
    _remove_new(undone, [change for change in changes if change.is_new])
    _restore_all(undone, [change for change in changes if not change.is_new])
    run.undone_at, run.undone_by_id, run.undo_reason = now(), actor.person_id, reason
    run.outcome = {"removed": undone.removed, "restored": undone.restored, "kept": undone.kept}
    numbers = {"removed": undone.removed, "restored": undone.restored, "kept": len(undone.kept)}
    audit.record(actor, "import.undone", run, file=run.filename, reason=reason, **numbers)
    return undone


def _remove_new(undone: Undone, changes: Sequence[ImportChange]) -> None:
    enterprises = runs.enterprises_of(changes)
    for start in range(0, len(changes), CHUNK):
        part = changes[start : start + CHUNK]
        used, going = _used(part), []
        for change in part:
            if change.enterprise_id in used:
                undone.keep(change, IN_USE)
            elif enterprises[change.enterprise_id or 0].revision > 1:
                undone.keep(change, CHANGED_SINCE)
            else:
                going.append(change)
        _delete(going)
        undone.removed += len(going)


def _used(changes: Sequence[ImportChange]) -> set[int]:
    """Which records have rows the import did not bring, in one statement per table."""
    ids = [change.enterprise_id for change in changes]
    used: set[int] = set()
    for column in owning_columns(stays=True):
        table = column.table
        if table.name == ImportChange.__tablename__:
            stmt = sa.select(column).where(column.in_(ids), table.c.run_id != changes[0].run_id)
        else:
            brought = {i for change in changes for i in change.added.get(table.name, ())}
            stmt = sa.select(column).where(column.in_(ids), table.c.id.not_in(brought))
        used |= set(db.session.scalars(stmt))
    return used


def _delete(changes: Sequence[ImportChange]) -> None:
    ids = [change.enterprise_id for change in changes]
    for change in changes:
        change.enterprise_id = None
    db.session.flush()  # before the records go, nothing may refer to them
    for model in BROUGHT.values():
        db.session.execute(sa.delete(model).where(model.enterprise_id.in_(ids)))
    db.session.execute(sa.delete(Enterprise).where(Enterprise.id.in_(ids)))


def _restore_all(undone: Undone, changes: Sequence[ImportChange]) -> None:
    enterprises = runs.enterprises_of(changes)
    renamed = []
    for change in changes:
        enterprise = enterprises.get(change.enterprise_id or 0)
        if enterprise is None or enterprise.merged_into_id is not None:
            undone.keep(change, CHANGED_SINCE)
            continue
        back = _restore(undone, enterprise, change)
        if back & NAMED or FormerName.__tablename__ in change.added:
            renamed.append(enterprise)
        undone.restored += 1
    db.session.flush()  # the names are read again
    known = queries.all_names_besides([enterprise.id for enterprise in renamed])
    for enterprise in renamed:
        formerly = known.get(enterprise.id, [])
        names = derived(enterprise.name, enterprise.short_name, formerly, enterprise.code)
        for key, value in names.items():
            setattr(enterprise, key, value)


def _restore(undone: Undone, enterprise: Enterprise, change: ImportChange) -> set[str]:
    table: Any = Enterprise.__table__
    present = {key: pack(getattr(enterprise, key)) for key in change.before}
    back = restorable(change.after, present)
    for key in back:
        setattr(enterprise, key, unpack(table.c[key], change.before[key]))
    _take_back(change, with_status="status" in back)
    if kept := sorted(change.before.keys() - back - set(DERIVED)):
        undone.keep(change, FIELDS_KEPT, fields=kept)
    return back


def _take_back(change: ImportChange, with_status: bool) -> None:
    """Take out the rows an import brought, but for contacts somebody has verified or taken off since."""
    for name, ids in change.added.items():
        model = BROUGHT[name]
        if model is StatusChange and not with_status:
            continue
        stmt = sa.delete(model).where(model.id.in_(ids), model.enterprise_id == change.enterprise_id)
        if model is Contact:
            stmt = stmt.where(Contact.last_verified_on.is_(None), Contact.removed_at.is_(None))
        db.session.execute(stmt)
