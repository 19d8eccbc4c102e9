"""Verifying and restoring a backup: built and proven on the side, then put in place in one step."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from visits.core.backups import side
from visits.core.backups.archive import Manifest, unpack
from visits.core.backups.making import ATTACHMENTS, PARTIAL, create_backup, usual_place
from visits.core.db import sqlite_driver
from visits.core.errors import Refused
from visits.core.health import Finding
from visits.core.i18n import N_
from visits.core.schema import VERSION_TABLE, apart

PATIENCE = 10_000  # milliseconds for which somebody who is just saving is waited for
BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
PEOPLE = "people"
LEFT_OVER = ".restoring-"
IN_USE = N_("The database is in use. Nothing was changed. Stop the service, then restore again.")

# Looks at, or settles, what stands on the side; `db.session` is its session.
Inspection = Callable[[Manifest], list[Finding]]


@dataclass(frozen=True)
class Target:
    """Where a backup is put: the address of a database, the folder of attachments, one to work in."""

    url: str
    instance: Path
    attachments: Path

    @property
    def file(self) -> Path | None:
        """The database's file; None on PostgreSQL."""
        name = sa.make_url(self.url).database if self.url.startswith("sqlite") else None
        return Path(name) if name else None


@dataclass
class Restored:
    """What was restored, what was found about it, and where that which was there before is kept."""

    manifest: Manifest
    findings: list[Finding] = field(default_factory=list)
    former: Path | None = None


def verify_backup(path: Path, inspect: Inspection) -> Restored:
    """Prove a backup on the side, in a database of its own in a temporary folder.

    Raises Refused when it cannot be restored; the findings are about the records it holds.
    """
    with tempfile.TemporaryDirectory(prefix="visits-verify-") as name:
        folder = Path(name)
        manifest = unpack(path, folder, lambda member: member.startswith("tables/"))
        with side.side_of("sqlite://", folder) as engine:
            side.fill(engine, manifest, folder)
            return Restored(manifest, inspect(manifest))


def restore_backup(path: Path, target: Target, inspect: Inspection, *, replace: bool = False) -> Restored:
    """Put a backup in place of what is there; until the last step nothing there is touched.

    What was there before is backed up first. Raises Refused when the backup is damaged or of a newer
    version, or when there are records and `replace` is not set.
    """
    is_filled = _holds_records(target)
    if is_filled and not replace:
        raise Refused(
            N_(
                "There are records in that database. Nothing was changed. Say --replace to put the backup "
                "in their place; they are backed up first."
            )
        )
    target.instance.mkdir(parents=True, exist_ok=True)
    with _workplace(target) as folder:
        with side.side_of(target.url, folder) as engine:
            manifest = unpack(path, folder)
            side.fill(engine, manifest, folder)
            restored = Restored(manifest, inspect(manifest))
        if is_filled:
            restored.former = _keep_former(target)
        _place_attachments(folder, target.attachments)
        _swap(folder, target)
    return restored


@contextmanager
def _workplace(target: Target) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=LEFT_OVER, dir=target.instance))
    try:
        yield folder
    finally:
        side.clear(target.url, folder)


def _holds_records(target: Target) -> bool:
    """Whether anybody has worked there: where there are no people, nobody has recorded anything."""
    if target.file and not target.file.exists():
        return False
    with apart(target.url) as engine, engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        if names and VERSION_TABLE not in names:
            raise Refused(
                N_("That database holds tables of another program: %(names)s. Choose an empty one."),
                names=", ".join(sorted(names)[:5]),
            )
        people = sa.table(PEOPLE)
        return PEOPLE in names and bool(connection.scalar(sa.select(1).select_from(people).limit(1)))


def _keep_former(target: Target) -> Path:
    with apart(target.url) as engine:
        place = usual_place(target.instance, "-before-restore")
        return create_backup(engine, target.attachments, place).path


def _place_attachments(folder: Path, attachments: Path) -> None:
    """Put the files in place one by one; they never change, so one that is there already is the same."""
    source = folder / ATTACHMENTS
    for path in sorted(source.rglob("*")):
        if path.is_file():
            place = attachments / path.relative_to(source)
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            partial = place.with_name(place.name + PARTIAL)
            shutil.copyfile(path, partial)
            with partial.open("rb") as file:
                os.fsync(file.fileno())
            partial.replace(place)


def _swap(folder: Path, target: Target) -> None:
    with apart(target.url) as engine:
        if target.file:
            _swap_sqlite(folder / side.SIDE_FILE, engine)
            return
        try:
            with engine.begin() as connection:
                _swap_schema(connection)
        except OperationalError as error:  # somebody holds a table longer than the lock's time-out
            raise Refused(IN_USE) from error


def _swap_sqlite(source: Path, engine: sa.Engine) -> None:
    """Write the side's pages over the database in one transaction of SQLite's own.

    An interruption leaves the former content, and a process that has the file open sees the new one next.
    """

    def give_up(status: int, _remaining: int, _total: int) -> None:
        if status in BUSY:
            raise Refused(IN_USE)

    with closing(sqlite_driver.connect(str(source))) as made, closing(engine.raw_connection()) as present:
        present.cursor().execute(f"PRAGMA busy_timeout={PATIENCE}")
        made.backup(present.driver_connection, progress=give_up)


def _functions(connection: sa.Connection, schema: str) -> set[str]:
    """The functions of a schema with their arguments, without those of extensions."""
    found = connection.execute(
        sa.text(
            "SELECT quote_ident(proname) || '(' || pg_get_function_identity_arguments(oid) || ')' "
            "FROM pg_proc WHERE pronamespace = CAST(:schema AS regnamespace) "
            "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = pg_proc.oid AND d.deptype = 'e')"
        ),
        {"schema": schema},
    )
    return set(found.scalars())


def _swap_schema(connection: sa.Connection) -> None:
    """Drop the former tables and move the side's in, all in one transaction of PostgreSQL's."""
    present = connection.scalar(sa.text("SELECT quote_ident(current_schema())"))
    quote = connection.dialect.identifier_preparer.quote
    functions = _functions(connection, side.SIDE_SCHEMA)
    for table in sa.inspect(connection).get_table_names():
        connection.exec_driver_sql(f"DROP TABLE {present}.{quote(table)} CASCADE")
    for function in functions & _functions(connection, present):
        connection.exec_driver_sql(f"DROP FUNCTION {present}.{function}")
    for table in sa.inspect(connection).get_table_names(schema=side.SIDE_SCHEMA):
        connection.exec_driver_sql(f"ALTER TABLE {side.SIDE_SCHEMA}.{quote(table)} SET SCHEMA {present}")
    for function in functions:
        connection.exec_driver_sql(f"ALTER FUNCTION {side.SIDE_SCHEMA}.{function} SET SCHEMA {present}")
