"""The charts of a report's workbook: the office program draws them from the cells beside them."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from visits.monthly import tables
from visits.monthly.content import Content

DARK, MIDDLE, LIGHT = "#1F4E79", "#7FA7CC", "#D3DEE9"  # three tones that differ on a grey print too
MOST_BARS = 15
WIDTH, HEIGHT = 620, 320
COLUMN = 8  # where charts begin, right of the tables


@dataclass(frozen=True)
class Places:
    """Where the cells are that charts are drawn from: the rows of the heads of three tables."""

    figures: int
    compared: int
    categories: int
    units_sheet: str
    units: int


def draw(book: Any, sheet: Any, content: Content, places: Places) -> None:
    """Draw what there is something to show of, one chart below the other."""
    drawn = [
        _compared(book, sheet.get_name(), places),
        _categories(book, sheet.get_name(), content, places),
        _units(book, content, places),
    ]
    row = places.figures
    for chart in drawn:
        if chart is not None:
            sheet.insert_chart(row, COLUMN, chart, {"object_position": 2, "description": chart.told})
            row += HEIGHT // 20 + 1


def _chart(book: Any, shape: dict[str, str], title: str) -> Any:
    chart = book.add_chart(shape)
    chart.told = title
    chart.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
    chart.set_size({"width": WIDTH, "height": HEIGHT})
    chart.set_legend({"position": "bottom"})
    return chart


def _series(chart: Any, sheet: str, rows: tuple[int, int], column: int, **look: Any) -> None:
    """A column of numbers; `rows` are those of the head and of the last number, `names` the bars' names."""
    head, last = rows
    chart.add_series(
        {
            "name": [sheet, head, column],
            "categories": [sheet, head + 1, look["names"], last, look["names"]],
            "values": [sheet, head + 1, column, last, column],
            "fill": {"color": look["color"]},
            "border": {"color": DARK, "width": 0.75},
            "data_labels": {
                "value": True,
                "num_format": "0;;",
                "font": {"size": 8, "color": look.get("ink", "#000000")},
            },
            "gap": 60,
        }
    )


def _compared(book: Any, name: str, places: Places) -> Any:
    """This month beside the month before and the year before."""
    chart = _chart(book, {"type": "column"}, gettext("This month and before"))
    last = places.figures + places.compared
    for column, color in ((1, DARK), (2, MIDDLE), (4, LIGHT)):
        _series(chart, name, (places.figures, last), column, names=0, color=color)
    chart.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": "#D9DEE3"}}, "min": 0})
    return chart


def _categories(book: Any, name: str, content: Content, places: Places) -> Any:
    """How many problems of which category."""
    if not content.categories:
        return None
    chart = _chart(book, {"type": "bar"}, gettext("Problems registered, by category"))
    last = places.categories + min(len(content.categories), MOST_BARS)
    _series(chart, name, (places.categories, last), 1, names=0, color=DARK)
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"major_gridlines": {"visible": False}, "min": 0, "visible": False})
    chart.set_legend({"none": True})
    return chart


def _units(book: Any, content: Content, places: Places) -> Any:
    """What each unit did in time and what not."""
    count = len(tables.units_shown(content))
    if not count:
        return None
    chart = _chart(book, {"type": "bar", "subtype": "stacked"}, gettext("Problems due, by unit"))
    shift = 1 if content.ranks_units else 0
    rows = (places.units, places.units + min(count, MOST_BARS))
    for column, color, ink in ((3 + shift, DARK, "#FFFFFF"), (4 + shift, LIGHT, "#000000")):
        _series(chart, places.units_sheet, rows, column, names=shift, color=color, ink=ink)
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"major_gridlines": {"visible": False}, "min": 0, "visible": False})
    return chart
