"""The rows of a table as lines of text that read the same from SQLite and from PostgreSQL, and back."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from visits.core.backups.archive import TableNote
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.machine import answer_of
from visits.core.schema import VERSION_TABLE

BATCH = 2000
UNFIT_SENTENCE = N_("The rows of %(table)s do not go into this database: %(answer)s.")


def tables_in(connection: sa.Connection) -> list[sa.Table]:
    """The tables a database holds, by name, as it describes them itself; without those it fills itself."""
    made_up = _search_tables(connection)
    metadata = sa.MetaData()
    metadata.reflect(
        connection, only=lambda name, _: name != VERSION_TABLE and not name.startswith(made_up)
    )
    return [table for _name, table in sorted(metadata.tables.items())]


def _search_tables(connection: sa.Connection) -> tuple[str, ...]:
    """The first words of tables that are only an index for searching: triggers fill them."""
    if connection.dialect.name != "sqlite":
        return ()
    virtual = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'"
    return tuple(connection.exec_driver_sql(virtual).scalars())


def _written(value: Any) -> Any:
    """One value for JSON: moments in UTC, numbers and texts as they are."""
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    raise TypeError(f"no form for {type(value).__name__}")


def _is_text(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.String)


def _order(table: sa.Table, connection: sa.Connection) -> list[sa.ColumnElement[Any]]:
    """By key, texts by code point on either database."""
    keys = list(table.primary_key) or list(table.columns)
    if connection.dialect.name != "postgresql":
        return list(keys)
    return [sa.collate(key, "C") if _is_text(key) else key for key in keys]


def _rows(connection: sa.Connection, table: sa.Table) -> sa.CursorResult[Any]:
    """All rows; JSON as the text that is stored, so that SQL's NULL and JSON's null stay two things."""
    columns = [sa.cast(c, sa.Text) if isinstance(c.type, sa.JSON) else c for c in table.columns]
    query = sa.select(*columns).order_by(*_order(table, connection))
    return connection.execute(query, execution_options={"yield_per": BATCH})


def write_rows(connection: sa.Connection, table: sa.Table, path: Path) -> TableNote:
    """Write all rows of a table into a file, one JSON list a line."""
    rows = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in _rows(connection, table):
            json.dump(list(row), file, ensure_ascii=False, separators=(",", ":"), default=_written)
            file.write("\n")
            rows += 1
    return TableNote([column.name for column in table.columns], rows)


def _lines(path: Path) -> Iterator[list[Any]]:
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            yield json.loads(line)


def read_rows(connection: sa.Connection, table: sa.Table, path: Path, columns: list[str]) -> None:
    """Put the lines of a file into an empty table; raise Refused when they do not fit."""
    unknown = set(columns) - set(table.columns.keys())
    if unknown:
        raise Refused(UNFIT_SENTENCE, table=table.name, answer=", ".join(sorted(unknown)))
    read = _copy_in if connection.dialect.name == "postgresql" else _insert
    try:
        read(connection, table, path, columns)
    except (SQLAlchemyError, ValueError, ArithmeticError, _driver_error(connection)) as error:
        raise Refused(UNFIT_SENTENCE, table=table.name, answer=answer_of(error)) from error


def _driver_error(connection: sa.Connection) -> type[Exception]:
    return connection.dialect.loaded_dbapi.Error


def _copy_in(connection: sa.Connection, table: sa.Table, path: Path, columns: list[str]) -> None:
    """PostgreSQL reads the texts by itself; only bytes are written otherwise there."""
    from psycopg import sql

    binary = [isinstance(table.columns[name].type, sa.LargeBinary) for name in columns]
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    cursor = connection.connection.cursor()
    with cursor.copy(command) as copy:
        for line in _lines(path):
            copy.write_row(
                [
                    base64.b64decode(value) if is_binary and value is not None else value
                    for value, is_binary in zip(line, binary, strict=True)
                ]
            )
    cursor.close()


_READERS: list[tuple[type[sa.types.TypeEngine[Any]], Any]] = [
    (sa.DateTime, lambda text: datetime.fromisoformat(text).replace(tzinfo=None)),
    (sa.Date, date.fromisoformat),
    (sa.Time, time.fromisoformat),
    (sa.Float, float),
    (sa.Numeric, Decimal),
    (sa.LargeBinary, base64.b64decode),
]


def _reader(column: sa.Column[Any]) -> Any:
    return next((read for kind, read in _READERS if isinstance(column.type, kind)), lambda value: value)


def _insert(connection: sa.Connection, table: sa.Table, path: Path, columns: list[str]) -> None:
    """SQLite is given what its driver wants; JSON goes in as the text it is."""
    for column in table.columns:
        if isinstance(column.type, sa.JSON):
            column.type = sa.Text()
    readers = [_reader(table.columns[name]) for name in columns]
    batch: list[dict[str, Any]] = []
    for line in _lines(path):
        values = (None if value is None else read(value) for value, read in zip(line, readers, strict=True))
        batch.append(dict(zip(columns, values, strict=True)))
        if len(batch) == BATCH:
            connection.execute(table.insert(), batch)
            batch = []
    if batch:
        connection.execute(table.insert(), batch)
