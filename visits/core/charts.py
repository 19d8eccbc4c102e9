"""Charts as SVG: columns, lines and bars that need no script, print, and read without colour.

Every length is a part of the drawing's width and height, or of its type, so that a chart fills whatever
room the page gives it while its type stays as large as the page's. What can be clicked lies over the
drawing and is hidden from those who do not see it: the table beside each chart says and links the same
(templates/_components/chart.html).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from markupsafe import Markup, escape

from visits.core.markup import number

STEPS = (1, 2, 5, 10)
LINES = 4  # about so many lines of a grid
LONGEST = 26  # a label of a bar is cut behind so many characters
SHAPES = {
    1: "M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0z",
    2: "M-4,-4h8v8h-8z",
    3: "M0,-5.5L5.5,0L0,5.5L-5.5,0z",
    4: "M0,-5L5,4.5H-5z",
}
# Strokes within a square of 7, which tell the looks of areas apart where colours do not.
STROKES = {
    2: "M-1,8L8,-1M-1,1L1,-1M6,8L8,6",
    3: "M0,3.5H7",
    4: "M-1,8L8,-1M-1,-1L8,8",
    5: "M2,3.5H5M3.5,2V5",
}
LABEL, BAR, BELOW = 1.55, 0.72, 0.85  # of a bar: its label's line, itself, the space below it, in ems


class Layout(Enum):
    """How the areas of one label lie: beside each other, on each other, or the later within the first."""

    BESIDE = "beside"
    STACKED = "stacked"
    WITHIN = "within"


@dataclass(frozen=True)
class Series:
    """One row of numbers: its name, its look (areas 1 to 5, lines 1 to 4), and where each number leads."""

    name: str
    values: Sequence[float]
    links: Sequence[str | None]
    look: int = 1


@dataclass(frozen=True)
class Chart:
    """What is drawn; `key` is its own on the page.

    `names` are the labels in full, where they are short; `below` are their second lines, `notes` what is
    said beside bars.
    """

    key: str
    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    lines: Sequence[Series] = ()
    unit: str = ""
    below: Sequence[str] = ()
    notes: Sequence[str] = ()
    names: Sequence[str] = ()
    layout: Layout = Layout.BESIDE

    @property
    def all_series(self) -> list[Series]:
        """The areas, then the lines."""
        return [*self.series, *self.lines]

    @property
    def most(self) -> float:
        """The largest number that is drawn."""
        heights: list[float] = [value for line in self.lines for value in line.values]
        each = zip(*(series.values for series in self.series), strict=True)
        heights += [sum(values) if self.layout is Layout.STACKED else max(values) for values in each]
        return max(heights, default=0)

    @property
    def rows(self) -> list[tuple[str, list[tuple[float, str | None]]]]:
        """The same as a table: each label with its numbers and where they lead."""
        return [
            (name, [(series.values[index], series.links[index]) for series in self.all_series])
            for index, name in enumerate(self.names or self.labels)
        ]

    def said(self, series: Series, index: int) -> str:
        """What one number says."""
        name = (self.names or self.labels)[index]
        return f"{name} · {series.name} {number(series.values[index])} {self.unit}".strip()


def tag(name: str, *inside: str | Markup, **attributes: object) -> Markup:
    """One element; an attribute `class_` is a class, `_` a hyphen, what is None or False is left out."""
    given = (
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _written(value))
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    content = Markup("").join(escape(part) for part in inside)
    return Markup("<{0}{1}>{2}</{0}>").format(name, Markup("").join(given), content)


def _written(value: object) -> object:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value


def scale_of(most: float) -> list[int]:
    """The numbers of an axis from 0 on, round ones, the last not below the largest number."""
    unit = 1
    while unit * STEPS[-1] * LINES < most:
        unit *= 10
    step = next(unit * times for times in STEPS if unit * times * LINES >= most)
    count = max(1, -(-int(most) // step))
    return [step * times for times in range(count + 1)]


def swatch(chart: Chart, series: Series) -> Markup:
    """The look of a series, beside its name."""
    if series in chart.lines:
        line = tag("line", x1="0", x2="100%", y1="50%", y2="50%", class_=f"chart-line look-{series.look}")
        return tag("svg", line, _marker("50%", "50%", series.look), class_="chart-swatch is-line", **HIDDEN)
    return tag(
        "svg", _area(chart, series.look, ("0", "0", "100%", "100%")), class_="chart-swatch", **HIDDEN
    )


HIDDEN = {"aria_hidden": "true", "focusable": "false"}


def columns(chart: Chart) -> Markup:
    """Columns side by side or stacked, with lines over them; both axes."""
    scale = scale_of(chart.most)
    shapes = _shapes(chart, scale[-1])
    links = [_hit(chart, series, index, box) for series, index, box in shapes]
    drawn = [_area(chart, series.look, _percents(box)) for series, _, box in shapes]
    values = _tops(chart, scale[-1])
    for line in chart.lines:
        points = [_point(chart, line, index, scale[-1]) for index in range(len(line.values))]
        drawn += _line(points, line.look)
        links += [_hit_point(chart, line, index, point) for index, point in enumerate(points)]
    plot = tag("div", _picture(chart, _grid(scale), *drawn, *values), _overlay(links), class_="chart-plot")
    return tag("div", _upright(scale), plot, _level(chart), class_="chart-box chart-columns")


def bars(chart: Chart) -> Markup:
    """Bars below each other, each under its label, what is said of it at the right."""
    rows = len(chart.series) if chart.layout is Layout.BESIDE else 1
    height = LABEL + rows * BAR + BELOW
    drawn: list[Markup] = []
    links: list[Markup] = []
    for index, label in enumerate(chart.labels):
        top = index * height
        drawn += _bar_words(chart, index, label, top)
        links.append(_hit(chart, chart.series[0], index, ("0", _em(top), "100%", _em(LABEL))))
        for series, box in _bar_boxes(chart, index, top + LABEL):
            drawn.append(_area(chart, series.look, box))
            links.append(_hit(chart, series, index, box))
    size = _em(len(chart.labels) * height)
    picture = tag("div", _picture(chart, *drawn, height=size), _overlay(links), class_="chart-plot")
    return tag("div", picture, class_="chart-box chart-bars")


def _bar_boxes(chart: Chart, index: int, top: float) -> Iterable[tuple[Series, Sequence[str]]]:
    most, start = max(chart.most, 1), 0.0
    for place, series in enumerate(chart.series):
        width = series.values[index] / most * 100
        y = top + (place * BAR if chart.layout is Layout.BESIDE else 0)
        yield series, (f"{start:.2f}%", _em(y), f"{width:.2f}%", _em(BAR - 0.08))
        start += width if chart.layout is Layout.STACKED else 0


def _em(value: float) -> str:
    return f"{value:.2f}em"


def _bar_words(chart: Chart, index: int, label: str, top: float) -> Iterable[Markup]:
    cut = label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"
    at = _em(top + 1.05)
    yield tag("text", tag("tspan", cut, class_="chart-label"), x="0", y=at)
    if chart.notes:
        note = tag("tspan", chart.notes[index], class_="chart-note")
        yield tag("text", note, x="100%", y=at, text_anchor="end")


Shape = tuple[Series, int, tuple[float, float, float, float]]


def _shapes(chart: Chart, top: float) -> list[Shape]:
    """Where the columns stand; what lies within another comes after it."""
    band = 100 / max(len(chart.labels), 1)
    is_beside = chart.layout is Layout.BESIDE
    width = band * 0.66 / len(chart.series) if is_beside else band * 0.56
    margin = band * (0.17 if is_beside else 0.22)
    found = []
    for index in range(len(chart.labels)):
        below = 0.0
        for place, series in enumerate(chart.series):
            x = index * band + margin + (place * width if is_beside else 0)
            box = _column(x, width * (0.94 if is_beside else 1), series.values[index], below, top)
            found.append((series, index, box))
            below += series.values[index] if chart.layout is Layout.STACKED else 0
    return found


def _column(
    x: float, width: float, value: float, below: float, top: float
) -> tuple[float, float, float, float]:
    return x, 100 - (below + value) / top * 100, width, value / top * 100


def _point(chart: Chart, line: Series, index: int, top: float) -> tuple[float, float]:
    return (index + 0.5) * 100 / len(chart.labels), 100 - line.values[index] / top * 100


def _percents(box: Iterable[float]) -> list[str]:
    return [f"{value:.2f}%" for value in box]


def _area(chart: Chart, look: int, box: Sequence[str]) -> Markup:
    x, y, width, height = box
    fill = f"url(#{chart.key}-{look})" if look in STROKES else None
    place = {"x": x, "y": y, "width": width, "height": height}
    return tag("rect", class_=f"chart-area look-{look}", fill=fill, **place)


def _line(points: Sequence[tuple[float, float]], look: int) -> Iterable[Markup]:
    for (x1, y1), (x2, y2) in pairwise(points):
        ends = {"x1": f"{x1:.2f}%", "y1": f"{y1:.2f}%", "x2": f"{x2:.2f}%", "y2": f"{y2:.2f}%"}
        yield tag("line", class_=f"chart-line look-{look}", **ends)
    for x, y in points:
        yield _marker(f"{x:.2f}%", f"{y:.2f}%", look)


def _marker(x: str, y: str, look: int) -> Markup:
    shape = tag("path", d=SHAPES[look], class_=f"chart-marker look-{look}")
    return tag("svg", shape, x=x, y=y, class_="chart-at")


def _hit(chart: Chart, series: Series, index: int, box: Iterable[float | str]) -> Markup:
    x, y, width, height = (part if isinstance(part, str) else f"{part:.2f}%" for part in box)
    shape = tag("rect", tag("title", chart.said(series, index)), x=x, y=y, width=width, height=height)
    return _leading(series, index, shape)


def _hit_point(chart: Chart, line: Series, index: int, point: tuple[float, float]) -> Markup:
    x, y = (f"{value:.2f}%" for value in point)
    return _leading(line, index, tag("circle", tag("title", chart.said(line, index)), cx=x, cy=y, r="9"))


def _leading(series: Series, index: int, shape: Markup) -> Markup:
    link = series.links[index]
    return tag("a", shape, href=link, tabindex="-1") if link else shape


def _overlay(links: Iterable[Markup]) -> Markup:
    return tag("svg", *links, class_="chart-links", **HIDDEN)


def _picture(chart: Chart, *drawn: Markup, height: str | None = None) -> Markup:
    looks = {series.look for series in chart.series} & STROKES.keys()
    patterns = tag("defs", *(_pattern(chart, look) for look in sorted(looks)))
    title = tag("title", chart.title)
    return tag("svg", title, patterns, *drawn, role="img", class_="chart-picture", height=height)


def _pattern(chart: Chart, look: int) -> Markup:
    ground = tag("rect", width="7", height="7", class_=f"chart-ground look-{look}")
    strokes = tag("path", d=STROKES[look], class_=f"chart-strokes look-{look}")
    size = {"width": "7", "height": "7", "patternUnits": "userSpaceOnUse"}
    return tag("pattern", ground, strokes, id=f"{chart.key}-{look}", **size)


def _grid(scale: Sequence[int]) -> Markup:
    lines = []
    for value in scale:
        y = f"{100 - value / scale[-1] * 100:.2f}%"
        lines.append(
            tag("line", x1="0", x2="100%", y1=y, y2=y, class_="chart-axis" if value == 0 else None)
        )
    return tag("g", *lines, class_="chart-grid")


def _tops(chart: Chart, top: float) -> list[Markup]:
    """The number above each column; columns side by side are too narrow for theirs."""
    if chart.layout is Layout.BESIDE:
        return []
    band, found = 100 / max(len(chart.labels), 1), []
    for index in range(len(chart.labels)):
        numbers = [series.values[index] for series in chart.series]
        total = sum(numbers) if chart.layout is Layout.STACKED else numbers[0]
        at = {"x": f"{(index + 0.5) * band:.2f}%", "y": f"{100 - total / top * 100:.2f}%"}
        words = tag("tspan", number(total), class_="chart-label")
        found.append(tag("text", words, dy="-0.4em", text_anchor="middle", **at))
    return found


def _upright(scale: Sequence[int]) -> Markup:
    labels = [
        tag(
            "text",
            number(value),
            x="100%",
            y=f"{100 - value / scale[-1] * 100:.2f}%",
            dy="0.35em",
            text_anchor="end",
        )
        for value in scale
    ]
    return tag("svg", *labels, class_="chart-upright", **HIDDEN)


def _level(chart: Chart) -> Markup:
    count, labels = len(chart.labels), []
    for index, label in enumerate(chart.labels):
        x = f"{(index + 0.5) * 100 / count:.2f}%"
        is_minor = count > 7 and (count - 1 - index) % 2
        look = "is-minor" if is_minor else None
        labels.append(tag("text", label, x=x, y="1.2em", text_anchor="middle", class_=look))
        if chart.below and chart.below[index]:
            words = {"x": x, "y": "2.45em", "text_anchor": "middle", "class_": "chart-below"}
            labels.append(tag("text", chart.below[index], **words))
    size = "chart-level has-below" if chart.below else "chart-level"
    return tag("svg", *labels, class_=size, **HIDDEN)
