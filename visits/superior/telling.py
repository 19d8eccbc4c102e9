"""What pages say of cells that are filled, or were: the words, the value, the rows behind it."""

from typing import Any

from flask import url_for
from flask_babel import gettext

from visits.core.calendar import load_calendar
from visits.core.workdays import Calendar
from visits.reports.queries import Ground
from visits.reports.shapes import Part
from visits.superior import grid, sources
from visits.superior.models import MappedCell
from visits.superior.placement import Placement

Said = dict[str, Any]


def span_words(first: object, last: object) -> str:
    """A filling's period as its page says it."""
    return f"{first or gettext('the beginning')} – {last}"


def label_of(cell: MappedCell, placed: Placement, ground: Ground, calendar: Calendar) -> str:
    """What a box of the grid says will stand there."""
    rows = placed.rows.get(cell.sheet)
    if rows is not None and placed.is_repeated(cell) and cell.source.startswith(sources.COLUMN):
        column = sources.columns_of(rows.list_of, calendar).get(cell.source.removeprefix(sources.COLUMN))
        return gettext(column.heading) if column else "?"
    return grid.described(cell, ground)


def told_cell(said: Said, ground: Ground) -> Said:
    """One cell of a filling: where, what, what it shows, and the rows behind it."""
    is_figure = sources.measure_of(said["source"]) is not None
    return {
        "sheet": said["sheet"],
        "at": said["at"],
        "what": grid.described(grid.from_said(said), ground),
        "span": span_words(said["from"], said["to"]) if is_figure else "",
        "shown": shown(said, (said["kind"], said["value"]) if said["kind"] else None),
    }


def told_list(said: Said, ground: Ground) -> Said:
    """One list of a filling: its columns and first rows, each number with the rows behind it."""
    columns = sources.columns_of(said["list_of"], load_calendar())
    headings = []
    for column in said["columns"]:
        own = columns.get(column["source"].removeprefix(sources.COLUMN))
        headings.append(gettext(own.heading) if own else grid.described(grid.from_said(column), ground))
    keys = said["keys"] or [None] * len(said["rows"])
    rows = [
        [
            shown(column, value, {} if key is None else {said["list_of"]: key})
            for column, value in zip(said["columns"], values, strict=True)
        ]
        for key, values in zip(keys, said["rows"], strict=True)
    ]
    label = sources.list_label(said["list_of"])
    return {
        "sheet": said["sheet"],
        "label": label,
        "count": said["count"],
        "headings": headings,
        "rows": rows,
    }


def shown(said: Said, value: Any, part: dict[str, int] | None = None) -> Said:
    """A value of a filling, and where the rows are listed that a figure counts."""
    measure = sources.measure_of(said["source"])
    if value is None:
        return {"kind": None, "value": None, "url": None, "is_figure": measure is not None}
    kind, plain = value
    url = None
    if measure is not None:
        counted = said["part"] or Part.NUMERATOR.value
        if measure.set_name(Part(counted)) is None:
            counted = Part.DENOMINATOR.value
        asked = {
            "from": said["from"],
            "to": said["to"],
            "part": counted,
            **said["narrowed"],
            **(part or {}),
        }
        url = url_for("reports.rows", key=measure.key, **asked)
    return {"kind": kind, "value": plain, "url": url, "is_figure": measure is not None}
