"""How Alembic meets the application's database: one transaction for all steps, on both databases."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app

from visits.core.db import UTCDateTime, write_next

migrate = current_app.extensions["migrate"]


def plain_type(kind: str, item: Any, _context: AutogenContext) -> str | bool:
    """Write our column types into a migration as what the database stores, so that it stands by itself."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


def same_type(
    _context: Any, _reflected: Any, _column: Any, found: sa.types.TypeEngine, wanted: sa.types.TypeEngine
) -> bool | None:
    """Say that an enum stored as text of the right length is no difference; leave the rest to Alembic."""
    if isinstance(wanted, sa.Enum) and isinstance(found, sa.String):
        return found.length != wanted.length
    return None


def leave_empty_alone(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Write no migration when nothing has changed."""
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives.clear()


def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave out the index of the search and what SQLite keeps it in: `core.search` makes them."""
    return kind not in {"table", "index"} or name is None or "_texts_grams" not in name


def set_foreign_keys(connection: sa.Connection, switch: str) -> None:
    """Set SQLite's foreign keys, outside any transaction, where alone it has an effect."""
    if connection.dialect.name == "sqlite":
        cursor = connection.connection.cursor()
        cursor.execute(f"PRAGMA foreign_keys={switch}")
        cursor.close()


def require_sound_references(connection: sa.Connection) -> None:
    """Stop before the commit when a step on SQLite left a reference to nowhere."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"rows refer to rows that do not exist: {broken[:5]}")


OPTIONS = {
    "transactional_ddl": True,  # on SQLite, too: the engine begins its transactions itself
    "render_item": plain_type,
    "compare_type": same_type,
    "process_revision_directives": leave_empty_alone,
    "include_name": is_ours,
}


def run() -> None:
    """Run the steps asked for; on SQLite without foreign keys, which making a table anew would break."""
    with migrate.db.engine.connect() as connection:
        set_foreign_keys(connection, "OFF")
        write_next(True)
        context.configure(
            connection=connection,
            target_metadata=migrate.db.metadata,
            **migrate.configure_args | OPTIONS,
        )
        try:
            with context.begin_transaction():
                context.run_migrations()
                require_sound_references(connection)
        finally:
            write_next(False)
            connection.rollback()
            set_foreign_keys(connection, "ON")


run()
