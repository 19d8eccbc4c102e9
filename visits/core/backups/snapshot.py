"""One moment of a database, read while others go on writing: by each database's own method."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa

from visits.core.db import sqlite_driver
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.machine import answer_of


@contextmanager
def snapshot(engine: sa.Engine, folder: Path) -> Iterator[sa.Connection]:
    """Open a connection that sees one moment only; SQLite's is a copy it makes itself in the folder."""
    if engine.dialect.name == "sqlite":
        copy = folder / "snapshot.sqlite3"
        copy_sqlite(engine, copy)
        with _file_engine(copy).connect() as connection:
            yield connection
        copy.unlink()
        return
    with engine.connect() as connection:
        connection = connection.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        yield connection
        connection.rollback()


def copy_sqlite(engine: sa.Engine, copy: Path) -> None:
    """Have SQLite write a copy of a database in use; writers go on beside it."""
    with closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        try:
            cursor.execute("VACUUM INTO ?", (str(copy),))
        except sqlite_driver.Error as error:
            raise Refused(
                N_("The database could not be copied: %(answer)s."), answer=answer_of(error)
            ) from error
        finally:
            cursor.close()


def _file_engine(path: Path) -> sa.Engine:
    return sa.create_engine(f"sqlite:///{path}", module=sqlite_driver, poolclass=sa.pool.NullPool)
