"""Which SQL a block sends."""

from contextlib import contextmanager

from sqlalchemy import event

SILENT = ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")


@contextmanager
def recorded(engine):
    """Collect the statements sent inside the block, without those that only begin a transaction."""
    seen = []

    def note(_connection, _cursor, statement, _parameters, _context, _many):
        if not statement.startswith(SILENT):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
