"""Gathers rows with ids of its own and writes them many at a time."""

from collections import Counter, defaultdict
from typing import Any

import sqlalchemy as sa

from visits.core.db import Model, db

FULL = 20_000


class Store:
    """Rows on their way into an empty database; ids are counted here, from 1."""

    def __init__(self) -> None:
        self._rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._last: Counter[str] = Counter()
        self._blank: dict[str, dict[str, Any]] = {}
        self._made: dict[str, dict[str, Any]] = {}
        self._waiting = 0

    def begin_after(self, *models: type[Model]) -> None:
        """Count on from the rows that these tables have already."""
        for model in models:
            table: Any = model.__table__
            self._last[table.name] = db.session.scalar(sa.select(sa.func.max(table.c.id))) or 0

    def add(self, model: type[Model], **values: Any) -> dict[str, Any]:
        """Take a row, filled up with the table's defaults; it may be changed until the next flush."""
        name = model.__tablename__
        if name not in self._blank:
            self._learn(model.__table__)
        row = self._blank[name] | {key: make(None) for key, make in self._made[name].items()} | values
        if "id" in row and row["id"] is None:
            self._last[name] += 1
            row["id"] = self._last[name]
        self._rows[name].append(row)
        self._waiting += 1
        return row

    def _learn(self, table: Any) -> None:
        defaults = {column.key: column.default for column in table.c}
        self._blank[table.name] = {
            key: default.arg if default is not None and default.is_scalar else None
            for key, default in defaults.items()
        }
        self._made[table.name] = {
            key: default.arg
            for key, default in defaults.items()
            if default is not None and default.is_callable
        }

    def flush_when_full(self) -> None:
        """Write what has gathered, when it is much."""
        if self._waiting >= FULL:
            self.flush()

    def flush(self) -> None:
        """Write all rows, those first to which others refer."""
        for table in db.metadata.sorted_tables:
            if rows := self._rows.pop(table.name, None):
                db.session.execute(sa.insert(table), rows)
        self._waiting = 0

    def finish(self) -> None:
        """Write the rest, and let a server count its ids on from here and look at what it holds."""
        self.flush()
        if db.session.get_bind().dialect.name == "postgresql":
            for name, last in self._last.items():
                sequence = sa.func.pg_get_serial_sequence(name, "id")
                db.session.execute(sa.select(sa.func.setval(sequence, last)))
            db.session.execute(sa.text("ANALYZE"))
