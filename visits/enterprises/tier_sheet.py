"""The board of tiers as rows of a file: one number a row, so that a pivot table can be made of it."""

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext

from visits.core.export import Table
from visits.core.i18n import N_
from visits.core.listing import Cell, Column, Kind
from visits.enterprises.models import (
    LEVEL_LABELS,
    MEASURE_LABELS,
    OWNERSHIP_LABELS,
    STATUS_LABELS,
    Ownership,
)
from visits.enterprises.sentences import sentences
from visits.enterprises.standing import AMOUNT_LABELS, FLOORS
from visits.enterprises.tiers import PART_LABELS, Board, MeasureRow, Part

TITLE = N_("Tiers of enterprises")
COLUMNS = (
    Column("table", N_("Table"), width=16),
    Column("class", N_("Class"), width=28),
    Column("detail", N_("Level, amount or part"), width=28),
    Column("count", N_("Enterprises"), kind=Kind.NUMBER),
    Column("among", N_("Among"), kind=Kind.NUMBER),
    Column("entered", N_("New against a year before"), kind=Kind.NUMBER, width=16),
    Column("left", N_("Gone against a year before"), kind=Kind.NUMBER, width=16),
)
Row = tuple[Cell, ...]


def sheet(board: Board, who: str, stamp: datetime) -> Table:
    """The board as a table; the sentences stand on the second sheet."""
    rows = [*_register(board), *_tags(board), *_measures(board), *_parts(board)]
    notes = [
        (gettext("List"), gettext(TITLE)),
        (gettext("Exported by"), who),
        (gettext("Exported at"), f"{stamp:%Y-%m-%d %H:%M} Asia/Shanghai"),
        (gettext("As of"), board.wanted.on.isoformat()),
        (gettext("Figures of"), str(board.wanted.year)),
        (gettext("Sentences"), "\n".join(sentences(board))),
    ]
    return Table(gettext(TITLE), COLUMNS, rows, mark=f"{who} {stamp:%Y-%m-%d %H:%M}", notes=notes)


def part_label(by: Part, value: str) -> str:
    """A part of the zone in words."""
    if not value:
        return gettext("Not filled in")
    return gettext(OWNERSHIP_LABELS[Ownership(value)]) if by is Part.OWNERSHIP else value


def _register(board: Board) -> Iterator[Row]:
    table = gettext("Register")
    yield table, gettext("On the register"), None, board.registered, None, None, None
    for status, count in board.statuses.items():
        yield table, gettext("Status"), gettext(STATUS_LABELS[status]), count, None, None, None


def _tags(board: Board) -> Iterator[Row]:
    table = gettext("Tag")
    for tag in board.tags:
        yield table, tag.name, None, tag.held, board.registered, tag.entered, tag.left
        for level, count in tag.levels.items():
            said = gettext(LEVEL_LABELS[level]) if level else gettext("No level")
            yield table, tag.name, said, count, tag.held, None, None


def _measures(board: Board) -> Iterator[Row]:
    for row in board.measures.values():
        table, name = (
            gettext("Figure of a year"),
            f"{board.wanted.year} {gettext(MEASURE_LABELS[row.measure])}",
        )
        yield table, name, gettext("On record, whatever it is"), row.filed, board.registered, None, None
        for number, amount in enumerate(FLOORS):
            changed = _changed(row) if number == 0 else (None, None)
            yield table, name, gettext(AMOUNT_LABELS[amount]), row.reached[amount], row.filed, *changed


def _changed(row: MeasureRow) -> tuple[int, int]:
    return row.entered, row.left


def _parts(board: Board) -> Iterator[Row]:
    table, wanted = gettext(PART_LABELS[board.wanted.by]), board.wanted
    amount = (
        f"{wanted.year} {gettext(MEASURE_LABELS[wanted.measure])} · {gettext(AMOUNT_LABELS[FLOORS[0]])}"
    )
    for row in board.parts:
        name = part_label(wanted.by, row.value)
        yield table, gettext("On the register"), name, row.registered, board.registered, None, None
        for tag in board.tags_of_parts:
            yield table, tag.name, name, row.tags.get(tag.id, 0), row.registered, None, None
        yield table, amount, name, row.reached, row.filed, None, None
