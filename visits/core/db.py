"""The database handle, column types, mixins and how a transaction begins."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry

from visits.core.clock import now
from visits.core.errors import Stale
from visits.core.folding import bigrams

try:
    from pysqlite3 import dbapi2 as chosen_driver
except ImportError:  # no wheel for this platform: the standard library's build serves
    chosen_driver = sqlite3

sqlite_driver: Any = chosen_driver
SAMPLED_ROWS = 400  # per index: enough for a plan, a fraction of a second however large the table
EVEN_IF_NEVER_LOOKED_AT = "0x10002"
# Statements kept ready, at most half as many more; each holds a quarter of a megabyte.
READY = {"query_cache_size": 250}

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(sa.TypeDecorator[datetime]):
    """A moment, stored in UTC, handed out aware (SQLite would hand it out naive)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse a naive moment, store the others in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Give the moment its time zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _values(members: type[Enum]) -> list[str]:
    return [member.value for member in members]


class Base(DeclarativeBase):
    """All tables: names of constraints by rule, enums stored by value, moments in UTC."""

    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: UTCDateTime(),
            Enum: sa.Enum(Enum, native_enum=False, values_callable=_values, length=30),
            dict[str, Any]: sa.JSON(),
            list[str]: sa.JSON(),
        },
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

if TYPE_CHECKING:

    class Model(Base):
        """What every table derives from."""

        __abstract__ = True
else:
    Model = db.Model


class Stamped:
    """Rows that say when they were made."""

    created_at: Mapped[datetime] = mapped_column(default=now)


class Revised:
    """Rows guarded against two people saving over each other."""

    revision: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy's signature
        return {"version_id_col": cls.__table__.c.revision if hasattr(cls, "__table__") else cls.revision}

    def require_revision(self, seen: int | None, *, is_open: bool = True) -> None:
        """Raise Stale when the form was made from another revision than the present one.

        `is_open` False says that what the form asks for cannot be done any more.
        """
        if seen is not None and seen != self.revision:
            record: Any = self
            raise Stale((record.__tablename__, record.id, self.revision), is_open=is_open)


_write: ContextVar[bool] = ContextVar("write", default=False)


def write_next(wanted: bool) -> None:
    """Choose how the next transaction begins: writing takes SQLite's lock at once, never by upgrade."""
    _write.set(wanted)


def begin_write() -> None:
    """End the reading so far and let the next statement begin a writing transaction."""
    db.session.commit()
    write_next(True)


@contextmanager
def transaction() -> Iterator[None]:
    """One short writing transaction of its own; nothing else may be pending in the session."""
    db.session.rollback()
    before = _write.get()
    write_next(True)
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        write_next(before)


def after_commit(action: Callable[[], None]) -> None:
    """Run an action as soon as the running transaction is committed; a rollback forgets it."""
    waiting = [action]

    def run(_session: object) -> None:
        while waiting:
            waiting.pop()()

    def forget(_session: object) -> None:
        waiting.clear()

    event.listen(db.session(), "after_commit", run)
    event.listen(db.session(), "after_rollback", forget)


def lock_name(name: str) -> None:
    """Let transactions that name the same thing follow one another; SQLite's write lock does so anyway."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(name))))


def renew_statistics() -> None:
    """Let SQLite look at how its tables are filled, by samples, as far as they changed much since.

    Without that it joins large tables in the wrong order and answers in half a minute instead of a second.
    PostgreSQL looks by itself. A transaction of its own: nothing else may be pending in the session.
    """
    if db.engine.dialect.name == "sqlite":
        with transaction():
            db.session.execute(sa.text(f"PRAGMA analysis_limit={SAMPLED_ROWS}"))
            db.session.execute(sa.text(f"PRAGMA optimize={EVEN_IF_NEVER_LOOKED_AT}"))


def has_wal_fix(version: tuple[int, ...]) -> bool:
    """Say whether this SQLite build is free of the WAL-reset bug (sqlite.org, fixed in 3.51.3)."""
    series = version[:2]
    if series == (3, 44):
        return version >= (3, 44, 6)
    if series == (3, 50):
        return version >= (3, 50, 7)
    return version >= (3, 51, 3) and version[:3] != (3, 52, 0)


def engine_options(url: str) -> dict[str, Any]:
    """The engine's options for this database URL."""
    if url.startswith("sqlite"):
        return {**READY, "module": sqlite_driver, "connect_args": {"timeout": 5}}
    words = {"options": "-c timezone=utc -c lock_timeout=5000", "connect_timeout": 4}
    return {**READY, "pool_pre_ping": True, "connect_args": words}


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    connection.create_function("bigrams", 1, bigrams, deterministic=True)  # the search's triggers call it
    cursor = connection.cursor()
    wal = has_wal_fix(sqlite_driver.sqlite_version_info)
    cursor.execute(f"PRAGMA journal_mode={'WAL' if wal else 'DELETE'}")
    cursor.execute(f"PRAGMA synchronous={'FULL' if wal else 'EXTRA'}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _write.get() else "BEGIN")


def prepare_engine(engine: sa.Engine) -> None:
    """Teach a SQLite engine its settings and how to begin; leave PostgreSQL as it is."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


_APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER {t}_no_{verb} BEFORE {VERB} ON {t} "
        "BEGIN SELECT RAISE(ABORT, '{t} only grows'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION {t}_refuse_{verb}() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '{t} only grows'; END $$",
        "CREATE TRIGGER {t}_no_{verb} BEFORE {VERB} ON {t} "
        "FOR EACH ROW EXECUTE FUNCTION {t}_refuse_{verb}()",
    ),
}


def append_only_statements(table: str, dialect: str) -> list[str]:
    """The statements that make the database itself refuse UPDATE and DELETE on a log table."""
    return [
        template.format(t=table, verb=verb, VERB=verb.upper())
        for verb in ("update", "delete")
        for template in _APPEND_ONLY[dialect]
    ]


def append_only(model: type[Base]) -> None:
    """Make a freshly created table append-only; migrations call `append_only_statements` themselves."""

    def create_triggers(target: sa.Table, connection: sa.Connection, **_: object) -> None:
        for statement in append_only_statements(target.name, connection.dialect.name):
            connection.exec_driver_sql(statement)

    event.listen(model.__table__, "after_create", create_triggers)
