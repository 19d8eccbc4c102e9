"""Rows that change hands when two records become one: found from the tables, noted so as to be put back.

What a table says in `info` decides: `merge` "stays" or "moves unless known" (with the columns in `like`);
`one_at_a_time_per` names what may not overlap between `from_on` and `until_on`; a column with
`when_merged` "all" is true of two rows made one only if it was true of both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

import sqlalchemy as sa

from visits.core.db import Model, db
from visits.enterprises import rules
from visits.enterprises.models import Enterprise
from visits.enterprises.operations.entries import DERIVED, FOLLOWERS

CHUNK = 500
Row = dict[str, Any]


@dataclass
class Ledger:
    """What was done to which rows; as JSON it is all that is needed to undo it."""

    moved: dict[str, list[int]] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    changed: list[dict[str, Any]] = field(default_factory=list)
    deleted: list[dict[str, Any]] = field(default_factory=list)
    added: list[dict[str, Any]] = field(default_factory=list)


def owning_columns(*, stays: bool = False) -> list[sa.Column[Any]]:
    """The columns of any table that refer to a record; with `stays` also those a merge leaves alone."""
    key: Any = Enterprise.__table__.c.id
    return [
        column
        for table in Model.metadata.sorted_tables
        if stays or table.info.get("merge") != "stays"
        for column in table.columns
        if column.references(key)
    ]


def pack(value: Any) -> Any:
    """Write a value as JSON can hold it."""
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value.value if isinstance(value, Enum) else value


def unpack(column: sa.Column[Any], value: Any) -> Any:
    """Read a value back as its column wants it."""
    if value is None or isinstance(column.type, sa.JSON):
        return value
    kind = column.type.impl_instance if isinstance(column.type, sa.TypeDecorator) else column.type
    wanted = kind.python_type
    if issubclass(wanted, date | time):
        return wanted.fromisoformat(value)
    return wanted(value) if issubclass(wanted, Decimal | Enum) else value


def rows_of(column: sa.Column[Any], key: int) -> list[Row]:
    """The rows of a table that belong to a record."""
    stmt = sa.select(column.table).where(column == key)
    ordered = stmt.order_by(*column.table.primary_key.columns)
    return [dict(row) for row in db.session.execute(ordered).mappings()]


def move_rows(column: sa.Column[Any], loser: int, winner: int, holder: int) -> "Ledger":
    """Move a table's rows to the survivor; `holder` is whose rows stand where both cannot at one time."""
    table, ledger = column.table, Ledger()
    mine, theirs = rows_of(column, winner), rows_of(column, loser)
    theirs = _leave_known(table, mine, theirs, ledger)
    if "one_at_a_time_per" in table.info:
        keep, cut = (mine, theirs) if holder == winner else (theirs, mine)
        gone = _clear_overlaps(column, winner, keep, cut, ledger)
        theirs = [row for row in theirs if row["id"] not in gone]
    for row, twin in _clashes(column, mine, theirs):
        _absorb(table, row, twin, ledger)
        theirs.remove(row)
    ids = [row["id"] for row in theirs]
    _set_column(column, ids, winner)
    ledger.moved[str(column)] = ids
    return ledger


def _set_column(column: sa.Column[Any], ids: Sequence[int], value: int, held_by: int | None = None) -> int:
    done = 0
    for start in range(0, len(ids), CHUNK):
        stmt = sa.update(column.table).where(column.table.c.id.in_(ids[start : start + CHUNK]))
        if held_by is not None:
            stmt = stmt.where(column == held_by)
        result: Any = db.session.execute(stmt.values({column.name: value}))
        done += result.rowcount
    return done


def _leave_known(table: sa.Table, mine: list[Row], theirs: list[Row], ledger: Ledger) -> list[Row]:
    if table.info.get("merge") != "moves unless known":
        return theirs
    like = table.info["like"]
    known = {tuple(row[name] for name in like) for row in mine}
    going = [row for row in theirs if tuple(row[name] for name in like) not in known]
    ledger.left[table.name] = len(theirs) - len(going)
    return going


def _clashes(column: sa.Column[Any], mine: list[Row], theirs: list[Row]) -> list[tuple[Row, Row]]:
    """Pairs of rows (theirs, mine) that some rule of uniqueness would not let stand side by side."""
    found: dict[int, tuple[Row, Row]] = {}
    for names, condition in _unique_rules(column):
        held = {tuple(row[n] for n in names): row for row in _fulfilling(column.table, condition, mine)}
        for row in _fulfilling(column.table, condition, theirs):
            twin = held.get(tuple(row[n] for n in names))
            if twin is not None:
                found.setdefault(row["id"], (row, twin))
    return list(found.values())


def _unique_rules(column: sa.Column[Any]) -> Iterable[tuple[list[str], Any]]:
    """For every rule of uniqueness over a column: its other columns, and the condition of a partial one."""
    table = column.table
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint | sa.PrimaryKeyConstraint) and column in list(
            constraint.columns
        ):
            yield [c.name for c in constraint.columns if c is not column], None
    for index in table.indexes:
        if index.unique and column in list(index.columns):
            where = index.dialect_options["sqlite"]["where"]
            yield [c.name for c in index.columns if c is not column], where


def _fulfilling(table: sa.Table, condition: Any, rows: list[Row]) -> list[Row]:
    if condition is None or not rows:
        return rows
    ids = [row["id"] for row in rows]
    fit: set[int] = set()
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        fit |= set(db.session.scalars(sa.select(table.c.id).where(table.c.id.in_(part), condition)))
    return [row for row in rows if row["id"] in fit]


def _absorb(table: sa.Table, row: Row, twin: Row, ledger: Ledger) -> None:
    """Let one row go into its twin: what hangs on it moves there, the row itself is kept in the ledger."""
    for column in table.columns:
        if column.info.get("when_merged") == "all" and twin[column.name] and not row[column.name]:
            change_row(table, twin, {column.name: False}, ledger)
    for child in _children(table):
        _rehang(child, row["id"], twin["id"], ledger)
    delete_row(table, row, ledger)


def _children(table: sa.Table) -> list[sa.Column[Any]]:
    return [c for other in Model.metadata.sorted_tables for c in other.columns if c.references(table.c.id)]


def _rehang(child: sa.Column[Any], old: int, new: int, ledger: Ledger) -> None:
    """Hang a table's rows from one parent row on another; those the other has already are only kept."""
    mine, over = rows_of(child, new), [names for names, _ in _unique_rules(child)]
    taken = {(n, *(row[name] for name in names)) for n, names in enumerate(over) for row in mine}
    for row in rows_of(child, old):
        if not child.primary_key and not over:
            change_row(child.table, row, {child.name: new}, ledger)
            continue
        delete_row(child.table, row, ledger)
        if not taken & {(n, *(row[name] for name in names)) for n, names in enumerate(over)}:
            add_row(child.table, {**row, child.name: new}, ledger)


def _key(table: sa.Table, row: Row) -> sa.ColumnElement[bool]:
    return sa.and_(*(column == unpack(column, row[column.name]) for column in table.primary_key.columns))


def _packed(row: Row) -> Row:
    return {name: pack(value) for name, value in row.items()}


def change_row(table: sa.Table, row: Row, values: Row, ledger: Ledger) -> None:
    """Change columns of a row and note what they were."""
    before = {name: pack(row[name]) for name in values}
    key = {column.name: pack(row[column.name]) for column in table.primary_key.columns}
    db.session.execute(sa.update(table).where(_key(table, row)).values(values))
    ledger.changed.append({"table": table.name, "key": key, "before": before, "after": _packed(values)})
    row.update(values)


def delete_row(table: sa.Table, row: Row, ledger: Ledger) -> None:
    """Delete a row and keep it whole."""
    db.session.execute(sa.delete(table).where(_key(table, row)))
    ledger.deleted.append({"table": table.name, "row": _packed(row)})


def add_row(table: sa.Table, row: Row, ledger: Ledger) -> None:
    """Add a row and note its key."""
    result: Any = db.session.execute(sa.insert(table).values(row))
    names = [column.name for column in table.primary_key.columns]
    key = dict(zip(names, result.inserted_primary_key, strict=True))
    ledger.added.append({"table": table.name, "key": key})


def _clear_overlaps(
    column: sa.Column[Any], winner: int, keep: list[Row], cut: list[Row], ledger: Ledger
) -> set[int]:
    """Cut one side's spans where the other's stand; return the ids of rows of which nothing is left."""
    table, gone = column.table, set()
    for row in list(cut):
        pieces = rules.subtract((row["from_on"], row["until_on"]), _taken(table, keep, row))
        if pieces == [(row["from_on"], row["until_on"])]:
            continue
        if not pieces:
            gone.add(row["id"])
            delete_row(table, row, ledger)
            continue
        for from_on, until_on in pieces[1:]:
            rest = {name: value for name, value in row.items() if name != "id"}
            rest |= {column.name: winner, "from_on": from_on, "until_on": until_on}
            add_row(table, rest, ledger)
        change_row(table, row, dict(zip(("from_on", "until_on"), pieces[0], strict=True)), ledger)
    return gone


def put_back(ledger: Ledger, loser: int, winner: int) -> dict[str, int]:
    """Undo what a ledger notes; return how many rows of each table could not be put back as they were."""
    lost: dict[str, int] = {}
    for entry in reversed(ledger.added):
        table = Model.metadata.tables[entry["table"]]
        db.session.execute(sa.delete(table).where(_key(table, entry["key"])))
    _bring_back(ledger.deleted)
    for entry in reversed(ledger.changed):
        if not _restore(entry):
            lost[entry["table"]] = lost.get(entry["table"], 0) + 1
    for path, ids in ledger.moved.items():
        name, _, column_name = path.partition(".")
        column = Model.metadata.tables[name].c[column_name]
        if missing := len(ids) - _set_column(column, ids, loser, held_by=winner):
            lost[name] = lost.get(name, 0) + missing
    return lost


def _bring_back(deleted: list[dict[str, Any]]) -> None:
    """Insert deleted rows again, parents first; an id given away meanwhile is replaced by a new one."""
    renamed: dict[tuple[str, int], int] = {}
    for entry in reversed(deleted):
        table = Model.metadata.tables[entry["table"]]
        row = {name: unpack(table.c[name], value) for name, value in entry["row"].items()}
        for column in table.columns:
            for foreign in column.foreign_keys:
                old_key = row[column.name]
                row[column.name] = renamed.get((foreign.column.table.name, old_key), old_key)
        old = row.get("id")
        if old is not None and db.session.scalar(sa.select(table.c.id).where(table.c.id == old)):
            del row["id"]
        result: Any = db.session.execute(sa.insert(table).values(row))
        if old is not None:
            renamed[table.name, old] = result.inserted_primary_key[0]


def _restore(entry: dict[str, Any]) -> bool:
    """Put one row's columns back where they still are as the change left them; say whether all were."""
    table = Model.metadata.tables[entry["table"]]
    columns = [table.c[name] for name in entry["before"]]
    row = db.session.execute(sa.select(*columns).where(_key(table, entry["key"]))).mappings().first()
    present = _packed(dict(row)) if row is not None else {}
    back = restorable(entry["after"], present)
    before = {name: unpack(table.c[name], entry["before"][name]) for name in back}
    if before:
        db.session.execute(sa.update(table).where(_key(table, entry["key"])).values(before))
    return not entry["before"].keys() - back - set(DERIVED)


def restorable(after: dict[str, Any], present: dict[str, Any]) -> set[str]:
    """Which columns still are as a change left them; those that go together only all at once."""
    same = {name for name, value in after.items() if name in present and present[name] == value}
    for group in FOLLOWERS.values():
        if not same >= set(group) & after.keys():
            same -= set(group)
    return same


@dataclass(frozen=True)
class Foretold:
    """What a merge would do: rows that move by table, rows made one, spans that overlap."""

    moving: dict[str, int]
    twins: int
    overlaps: int


def foretell(loser: int, winner: int) -> Foretold:
    """Count what a merge would do; reads only."""
    moving: dict[str, int] = {}
    twins = overlaps = 0
    for column in owning_columns():
        mine, theirs = rows_of(column, winner), rows_of(column, loser)
        going = _leave_known(column.table, mine, theirs, Ledger())
        if going:
            moving[column.table.name] = len(going)
        twins += len(_clashes(column, mine, going))
        if "one_at_a_time_per" in column.table.info:
            overlaps += sum(_is_overlapped(column.table, mine, row) for row in going)
    return Foretold(moving, twins, overlaps)


def _is_overlapped(table: sa.Table, keep: list[Row], row: Row) -> bool:
    span = (row["from_on"], row["until_on"])
    return rules.subtract(span, _taken(table, keep, row)) != [span]


def _taken(table: sa.Table, keep: list[Row], row: Row) -> list[rules.Days]:
    """The spans of one side that may not overlap a row of the other."""
    per = table.info["one_at_a_time_per"]
    same = (other for other in keep if all(other[name] == row[name] for name in per))
    return [(other["from_on"], other["until_on"]) for other in same]
