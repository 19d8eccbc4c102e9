"""A database beside the real one, into which a backup is put and proven before anything else happens."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from visits.core.backups.archive import Manifest
from visits.core.backups.tables import read_rows, tables_in, write_rows
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.machine import answer_of
from visits.core.schema import apart, is_known, upgrade_to

SIDE_SCHEMA = "visits_restoring"
SIDE_FILE = "side.sqlite3"


@contextmanager
def side_of(url: str, folder: Path) -> Iterator[sa.Engine]:
    """Open an empty database of the same kind: a file in the folder, or a schema beside PostgreSQL's usual.

    A schema that an interrupted restore left behind is cleared away first.
    """
    if url.startswith("sqlite"):
        with apart(f"sqlite:///{folder / SIDE_FILE}") as engine:
            yield engine
        return
    with apart(url) as engine, engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {SIDE_SCHEMA} CASCADE")
        connection.exec_driver_sql(f"CREATE SCHEMA {SIDE_SCHEMA}")
    with apart(url, SIDE_SCHEMA) as engine:
        yield engine


def fill(engine: sa.Engine, manifest: Manifest, folder: Path) -> None:
    """Build the tables of the backup's own revision, put its rows in, read them back, then move to today's.

    Raises Refused where the backup is of a newer version, or what went in does not come out the same.
    """
    if not is_known(manifest.revision):
        raise Refused(
            N_(
                "The backup is of a newer version of the program (revision %(revision)s). Install that "
                "version first."
            ),
            revision=manifest.revision,
        )
    upgrade_to(manifest.revision)
    with engine.connect() as connection:
        put_in(connection, manifest, folder / "tables")
        connection.commit()
    with engine.connect() as connection:
        _prove(connection, manifest, folder)
    try:
        upgrade_to()
    except (SQLAlchemyError, RuntimeError) as error:
        raise Refused(
            N_("The backup's tables could not be brought to this version of the program: %(answer)s."),
            answer=answer_of(error),
        ) from error


def put_in(connection: sa.Connection, manifest: Manifest, folder: Path) -> None:
    """Put the rows of a backup into the tables of its own revision; the folder holds one file for each."""
    if connection.dialect.name == "sqlite":
        _switch_references(connection, "OFF")
        tables = tables_in(connection)
        _require_same_tables(tables, manifest)
        _read_all(connection, tables, manifest, folder)
        return
    tables = tables_in(connection)
    _require_same_tables(tables, manifest)
    references = _take_references(connection)
    _read_all(connection, tables, manifest, folder)
    _give_references(connection, references)
    _move_counters(connection, tables)


def _require_same_tables(tables: list[sa.Table], manifest: Manifest) -> None:
    different = {table.name for table in tables} ^ set(manifest.tables)
    if different:
        raise Refused(
            N_("The backup's tables are not those of its revision: %(names)s."),
            names=", ".join(sorted(different)),
        )


def _read_all(connection: sa.Connection, tables: list[sa.Table], manifest: Manifest, folder: Path) -> None:
    for table in tables:
        connection.execute(table.delete())  # what a migration may have put in
    for table in tables:
        read_rows(connection, table, folder / f"{table.name}.jsonl", manifest.tables[table.name].columns)


def _switch_references(connection: sa.Connection, switch: str) -> None:
    """SQLite's foreign keys can be switched outside a transaction only."""
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA foreign_keys={switch}")
    cursor.close()


def _take_references(connection: sa.Connection) -> list[tuple[str, str, str]]:
    """Take PostgreSQL's foreign keys off, so that rows may come in any order."""
    references = [
        (table, name, rule)
        for table, name, rule in connection.exec_driver_sql(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) "
            "FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
        )
    ]
    for table, name, _rule in references:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    return references


def _give_references(connection: sa.Connection, references: list[tuple[str, str, str]]) -> None:
    """Put them on again, which checks every row."""
    for table, name, rule in references:
        try:
            connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}")
        except SQLAlchemyError as error:
            raise _broken(answer_of(error)) from error


def _broken(answer: str) -> Refused:
    return Refused(N_("Rows of the backup refer to rows that it does not hold: %(answer)s."), answer=answer)


def _move_counters(connection: sa.Connection, tables: list[sa.Table]) -> None:
    """Let PostgreSQL number on from the highest number there is."""
    for table in tables:
        for column in table.primary_key:
            counter = connection.scalar(
                sa.text("SELECT pg_get_serial_sequence(quote_ident(:table), :column)"),
                {"table": table.name, "column": column.name},
            )
            if counter:
                highest = sa.select(sa.func.max(column)).scalar_subquery()
                connection.execute(
                    sa.select(sa.func.setval(counter, sa.func.coalesce(highest, 1), highest.is_not(None)))
                )


def _prove(connection: sa.Connection, manifest: Manifest, folder: Path) -> None:
    """Read every table back and compare it with the backup, byte by byte."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise _broken(", ".join(f"{row[0]} {row[1]} → {row[2]}" for row in broken[:5]))
    again = folder / "again"
    for table in tables_in(connection):
        note = write_rows(connection, table, again)
        with again.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        wanted = manifest.files[f"tables/{table.name}.jsonl"]
        if digest != wanted.sha256:
            raise Refused(
                N_(
                    "The rows of %(table)s do not read back as they were put in: %(found)d rows "
                    "instead of %(wanted)d, or other values."
                ),
                table=table.name,
                found=note.rows,
                wanted=manifest.tables[table.name].rows,
            )
    again.unlink(missing_ok=True)


def clear(url: str, folder: Path) -> None:
    """Take the side away again."""
    shutil.rmtree(folder, ignore_errors=True)
    if not url.startswith("sqlite"):
        with apart(url) as engine, engine.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {SIDE_SCHEMA} CASCADE")
