"""Making a backup: the database at one moment, then the attachments, which never change."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from visits.core.backups.archive import Manifest, Writer
from visits.core.backups.snapshot import snapshot
from visits.core.backups.tables import tables_in, write_rows
from visits.core.clock import now
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.periods import SITE_ZONE
from visits.core.schema import revision_in

ATTACHMENTS = "attachments"
PARTIAL = ".part"  # still being written
PATTERN = "visits-*.tar.gz"


@dataclass(frozen=True)
class Made:
    """A finished backup."""

    path: Path
    manifest: Manifest

    @property
    def rows(self) -> int:
        """How many rows it holds."""
        return sum(note.rows for note in self.manifest.tables.values())

    @property
    def attachments(self) -> int:
        """How many attached files it holds."""
        return sum(name.startswith(f"{ATTACHMENTS}/") for name in self.manifest.files)


def usual_place(instance: Path, occasion: str = "") -> Path:
    """Where a backup made now goes when nobody says otherwise."""
    stamp = now().astimezone(SITE_ZONE).strftime("%Y%m%d-%H%M%S")
    return instance / "backups" / f"visits-{stamp}{occasion}.tar.gz"


def create_backup(
    engine: sa.Engine, attachments: Path, place: Path, settings: dict[str, str] | None = None
) -> Made:
    """Write a backup of a database and the folder of attachments; only a whole one gets the name asked for.

    Raises Refused when the place is taken or cannot be written to, or the database has no tables.
    """
    if place.exists():
        raise Refused(N_("%(file)s exists already. Nothing was written."), file=place)
    try:
        if not place.parent.exists():
            place.parent.mkdir(parents=True, mode=0o700)
        work = Path(tempfile.mkdtemp(prefix=".backup-", dir=place.parent))
        try:
            manifest = _write(engine, attachments, work, settings or {})
            os.replace(work / "backup", place)
            _sync_folder(place.parent)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        raise Refused(
            N_("The backup could not be written to %(folder)s: %(reason)s. Nothing was left there."),
            folder=place.parent,
            reason=error.strerror or error,
        ) from error
    return Made(place, manifest)


def _write(engine: sa.Engine, attachments: Path, work: Path, settings: dict[str, str]) -> Manifest:
    with open(work / "backup", "x+b", opener=_private) as file, snapshot(engine, work) as connection:
        revision = revision_in(connection)
        if revision is None:
            raise Refused(N_("This database has no tables yet. There is nothing to back up."))
        manifest = Manifest(revision, now().isoformat(), engine.dialect.name, settings)
        with Writer(file, manifest) as writer:
            for table in tables_in(connection):
                rows = work / "rows"
                manifest.tables[table.name] = write_rows(connection, table, rows)
                writer.add(f"tables/{table.name}.jsonl", rows)
            for name, path in attached_files(attachments):
                writer.add(name, path)
    return manifest


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def attached_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The attachments that are finished, as (name in the backup, file)."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != PARTIAL:
            yield f"{ATTACHMENTS}/{path.relative_to(folder).as_posix()}", path


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def made_backups(instance: Path) -> list[Path]:
    """The backups in the usual place, the latest first."""
    return sorted((instance / "backups").glob(PATTERN), reverse=True)


def drop_old(instance: Path, keep: int) -> int:
    """Delete all but the latest backups of the usual place; return how many went."""
    old = made_backups(instance)[keep:]
    for path in old:
        path.unlink()
    return len(old)
