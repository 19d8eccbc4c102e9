"""A sheet of a version as a page shows it: boxes with what stands there and what will stand there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from visits.reports.queries import Ground
from visits.reports.shapes import Part
from visits.superior import rules, sources
from visits.superior.faults import SeenSheet
from visits.superior.models import WHEN_LABELS, MappedCell, When
from visits.superior.placement import Placement

MOST_ROWS, MOST_COLUMNS = 120, 30
SPARE_ROWS, SPARE_COLUMNS = 1, 1


@dataclass(frozen=True)
class Box:
    """One cell, or a merged area by its first cell."""

    at: str
    text: str
    label: str
    is_formula: bool
    is_wrong: bool
    is_repeated: bool
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True)
class Grid:
    """What is shown of a sheet; `is_cut` says that more is there."""

    letters: Sequence[str]
    rows: Sequence[tuple[int, Sequence[Box]]]
    is_cut: bool


def described(cell: MappedCell, ground: Ground) -> str:
    """What stands in a cell, in a few words: figure, days, part."""
    measure = sources.measure_of(cell.source)
    if measure is None:
        return _text_or_column(cell)
    said = [gettext(measure.label)]
    if cell.part is not None:
        said.append(gettext("above the line") if cell.part is Part.NUMERATOR else gettext("below the line"))
    if cell.period is not When.CHOSEN:
        said.append(gettext(WHEN_LABELS[cell.period]))
    names = {(named.dimension, named.id): named.name for named in ground.named}
    said += [names.get((dimension, key), "?") for dimension, key in cell.narrowed.items()]
    return " · ".join(said)


def from_said(said: Mapping[str, Any]) -> MappedCell:
    """A cell as a filling remembers it."""
    part = Part(said["part"]) if said["part"] else None
    return MappedCell(
        source=said["source"], part=part, period=When(said["period"]), narrowed=said["narrowed"], words=""
    )


def _text_or_column(cell: MappedCell) -> str:
    if cell.words:
        return cell.words
    if cell.source in sources.TEXTS:
        return gettext(sources.TEXTS[cell.source].label)
    if cell.source in (sources.SENTENCE, sources.WORDS):
        return (
            gettext("The sentence of the totals") if cell.source == sources.SENTENCE else gettext("Words")
        )
    return cell.source.rpartition(".")[2]


def grid_of(
    sheet: SeenSheet, placed: Placement, labels: Mapping[tuple[int, int], str], wrong: set[str]
) -> Grid:
    """The boxes of a sheet, as far as anything stands there, a row and a column more."""
    rows, columns = sheet.rows + SPARE_ROWS, sheet.columns + SPARE_COLUMNS
    last_row, last_column = min(rows, MOST_ROWS), min(columns, MOST_COLUMNS)
    merged = {(a[0], a[1]): a for a in sheet.merges}
    repeated = placed.rows.get(sheet.name)
    shown = []
    for row in range(1, last_row + 1):
        boxes = []
        for column in range(1, last_column + 1):
            if (row, column) in sheet.covered:
                continue
            text, is_formula = sheet.texts.get((row, column), ("", False))
            area = merged.get((row, column), (row, column, row, column))
            boxes.append(
                Box(
                    rules.address_of(row, column),
                    text,
                    labels.get((row, column), ""),
                    is_formula,
                    rules.address_of(row, column) in wrong,
                    repeated is not None and repeated.first_row <= row <= repeated.last_row,
                    min(area[2], last_row) - row + 1,
                    min(area[3], last_column) - column + 1,
                )
            )
        shown.append((row, boxes))
    letters = [rules.letters_of(column) for column in range(1, last_column + 1)]
    return Grid(letters, shown, rows > MOST_ROWS or columns > MOST_COLUMNS)
