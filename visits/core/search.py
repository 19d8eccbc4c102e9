"""Search in Chinese text: right from one character on, fast from two on.

Each searched table has a table of texts beside it: a row per record, folded as queries are. Beside that the
database itself keeps an index of all pairs of neighbouring characters, by triggers (SQLite, FTS5) or as an
index of an expression (PostgreSQL, GIN), so that it is in step within each transaction, whoever writes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from visits.core.db import Model, db
from visits.core.folding import bigrams, folded_lines
from visits.core.health import Finding, fine, wrong
from visits.core.i18n import N_

CHUNK = 1000
PROBES = 200

_INDEX = {
    "sqlite": (
        "CREATE VIRTUAL TABLE {t}_grams USING fts5(grams, content='', detail=none, tokenize=ascii)",
        "CREATE TRIGGER {t}_grams_add AFTER INSERT ON {t} BEGIN {add}; END",
        "CREATE TRIGGER {t}_grams_change AFTER UPDATE ON {t} BEGIN {take}; {add}; END",
        "CREATE TRIGGER {t}_grams_take AFTER DELETE ON {t} BEGIN {take}; END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION bigrams(value text) RETURNS text[] "
        "LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS "
        "$$ SELECT coalesce(array_agg(a || b), '{{}}') FROM (SELECT c AS a, lead(c) OVER (ORDER BY n) AS b "
        "FROM string_to_table(value, NULL) WITH ORDINALITY AS characters (c, n)) AS pairs "
        "WHERE b IS NOT NULL AND a NOT IN (' ', E'\\n') AND b NOT IN (' ', E'\\n') $$",
        "CREATE INDEX {t}_grams ON {t} USING gin (bigrams(text))",
    ),
}
_ADD = "INSERT INTO {t}_grams (rowid, grams) VALUES (new.{key}, bigrams(new.text))"
_TAKE = "INSERT INTO {t}_grams ({t}_grams, rowid, grams) VALUES ('delete', old.{key}, bigrams(old.text))"
_NO_INDEX = {
    "sqlite": (
        "DROP TRIGGER {t}_grams_add",
        "DROP TRIGGER {t}_grams_change",
        "DROP TRIGGER {t}_grams_take",
        "DROP TABLE {t}_grams",
    ),
    "postgresql": ("DROP INDEX {t}_grams",),
}
_REBUILD = {
    "sqlite": (
        "INSERT INTO {t}_grams ({t}_grams) VALUES ('delete-all')",
        "INSERT INTO {t}_grams (rowid, grams) SELECT {key}, bigrams(text) FROM {t}",
    ),
    "postgresql": ("REINDEX INDEX {t}_grams",),
}


def index_statements(table: str, key: str, dialect: str) -> list[str]:
    """The statements that make the index of a table of texts and keep it in step."""
    add, take = (part.format(t=table, key=key) for part in (_ADD, _TAKE))
    return [statement.format(t=table, add=add, take=take) for statement in _INDEX[dialect]]


def no_index_statements(table: str, dialect: str) -> list[str]:
    """The statements that take the index of a table of texts away."""
    return [statement.format(t=table) for statement in _NO_INDEX[dialect]]


@dataclass(frozen=True)
class Searched:
    """A table that is searched, its table of texts, and the columns from which the texts are made."""

    model: Any
    texts: sa.Table
    columns: tuple[str, ...]

    @property
    def key(self) -> Any:
        """The column of the texts that names the record."""
        return self.texts.primary_key.columns[0]

    def row(self, value_of: Callable[[str], Any]) -> dict[str, Any]:
        """The row of the texts for a record whose columns' values the function gives."""
        return {self.key.name: value_of("id"), "text": folded_lines(map(value_of, self.columns))}

    def on_index(self, statements: Mapping[str, Iterable[str]]) -> None:
        """Do something to the index."""
        for statement in statements[db.session.get_bind().dialect.name]:
            db.session.execute(sa.text(statement.format(t=self.texts.name, key=self.key.name)))


_searched: dict[type[Model], Searched] = {}


def make_searchable(model: type[Model], texts: type[Model], *columns: str) -> None:
    """Make a table searchable by these columns: whoever writes a record writes its text."""
    table: Any = texts.__table__
    searched = _searched[model] = Searched(model, table, columns)

    def write_first(_mapper: Any, connection: sa.Connection, record: Any) -> None:
        connection.execute(sa.insert(table), searched.row(lambda name: getattr(record, name)))

    def write_again(_mapper: Any, connection: sa.Connection, record: Any) -> None:
        attributes = sa.inspect(record).attrs
        if any(attributes[name].history.has_changes() for name in columns):
            row = searched.row(lambda name: getattr(record, name))
            stmt = sa.update(table).where(searched.key == record.id)
            connection.execute(stmt.values(text=row["text"]))

    def create_index(_table: Any, connection: sa.Connection, **_: object) -> None:
        for statement in index_statements(table.name, searched.key.name, connection.dialect.name):
            connection.exec_driver_sql(statement)

    event.listen(model, "after_insert", write_first)
    event.listen(model, "after_update", write_again)
    event.listen(table, "after_create", create_index)


def text_row(model: type[Model], record: Mapping[str, Any]) -> dict[str, Any]:
    """The row of the table of texts for a record that does not come through the session."""
    return _searched[model].row(record.__getitem__)


def _with_pairs(searched: Searched, term: str) -> sa.Select[Any]:
    """The ids of the records whose text has all pairs of characters of a term, by the index."""
    pairs = sa.func.bigrams(term)
    if db.session.get_bind().dialect.name == "postgresql":
        return sa.select(searched.key).where(sa.func.bigrams(searched.texts.c.text).op("@>")(pairs))
    index = f"{searched.texts.name}_grams"
    found = sa.literal_column(index).op("MATCH")(pairs)
    return sa.select(sa.column("rowid")).select_from(sa.table(index)).where(found)


def ids_with(model: type[Model], term: str) -> sa.Select[Any]:
    """The ids of the records whose text contains a folded term: exactly those that a scan would find.

    The index finds two characters by itself; of more it finds the candidates; one is looked for by a scan.
    """
    searched = _searched[model]
    if len(term) == 2:
        return _with_pairs(searched, term)
    stmt = sa.select(searched.key).where(searched.texts.c.text.contains(term, autoescape=True))
    return stmt.where(searched.key.in_(_with_pairs(searched, term))) if len(term) > 1 else stmt


@dataclass(frozen=True)
class Standing:
    """How a table's search agrees with its records: how many texts are wrong, how many the index misses."""

    table: str
    wrong: int
    missed: int


def standings() -> list[Standing]:
    """Compare every text with its record, and ask the index for a sample of them."""
    return [
        Standing(searched.model.__tablename__, len(list(_wrong_rows(searched))), _missed(searched))
        for searched in _searched.values()
    ]


def look_at_search() -> list[Finding]:
    """Whether the search finds what the records say."""
    found = standings()
    if faulty := [standing for standing in found if standing.wrong or standing.missed]:
        return [
            wrong(
                "search",
                N_(
                    "The search does not agree with the records: %(wrong)d texts are wrong, the index "
                    "misses %(missed)d of those it was asked for. Run `flask --app wsgi search rebuild`."
                ),
                wrong=sum(standing.wrong for standing in faulty),
                missed=sum(standing.missed for standing in faulty),
            )
        ]
    return [fine("search", N_("The search finds what the records say."))]


def _wrong_rows(searched: Searched) -> Iterator[dict[str, Any]]:
    """The rows as they should be of the texts that are missing or differ from their record."""
    table = searched.model.__table__
    stmt = (
        sa.select(
            table.c.id, *(table.c[name] for name in searched.columns), searched.texts.c.text.label("found")
        )
        .outerjoin(searched.texts, searched.key == table.c.id)
        .order_by(table.c.id)
        .limit(CHUNK)
    )
    last = 0
    while rows := db.session.execute(stmt.where(table.c.id > last)).mappings().all():
        for record in rows:
            row = searched.row(record.__getitem__)
            if row["text"] != record["found"]:
                yield row
        last = rows[-1]["id"]


def _missed(searched: Searched) -> int:
    """Of records spread evenly over the table, how many the index does not find by their own pairs."""
    many = db.session.scalar(sa.select(sa.func.count()).select_from(searched.texts)) or 0
    step = max(1, many // PROBES)
    probes = sa.select(searched.key, searched.texts.c.text).where(searched.key % step == 0)
    missed = 0
    for key, text in db.session.execute(probes).all():
        if bigrams(text):
            found = sa.select(searched.key).where(searched.key == key)
            missed += db.session.scalar(found.where(searched.key.in_(_with_pairs(searched, text)))) is None
    return missed


def rebuild() -> None:
    """Write every text that is missing or wrong, and make the indexes anew."""
    for searched in _searched.values():
        for row in list(_wrong_rows(searched)):
            db.session.execute(sa.delete(searched.texts).where(searched.key == row[searched.key.name]))
            db.session.execute(sa.insert(searched.texts), row)
        searched.on_index(_REBUILD)
