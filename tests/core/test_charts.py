"""Charts: round axes, every number drawn where it belongs, nothing of a text taken for markup."""

import re

import pytest

from visits.core import charts
from visits.core.charts import Chart, Layout, Series


def chart(*numbers, **values):
    series = [
        Series(f"系列{look}", row, [f"/rows?{look}={n}" for n in row], look)
        for look, row in enumerate(numbers, 1)
    ]
    labels = [f"第{n}项" for n in range(len(numbers[0]))]
    return Chart("c", values.pop("title", "一张图"), labels, series, **values)


def heights(drawn, look):
    found = re.findall(rf'<rect class="chart-area look-{look}"[^>]*? height="([\d.]+)%"', drawn)
    return [float(height) for height in found]


def widths(drawn, look):
    found = re.findall(rf'<rect class="chart-area look-{look}"[^>]*? width="([\d.]+)%"', drawn)
    return [float(width) for width in found]


@pytest.mark.parametrize(
    ("most", "scale"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (7, [0, 2, 4, 6, 8]),
        (42, [0, 20, 40, 60]),
        (97, [0, 50, 100]),
        (100, [0, 50, 100]),
        (101, [0, 50, 100, 150]),
        (3999, [0, 1000, 2000, 3000, 4000]),
        (123_456, [0, 50_000, 100_000, 150_000]),
    ],
)
def test_an_axis_ends_on_a_round_number_that_holds_all(most, scale):
    assert charts.scale_of(most) == scale


def test_columns_are_as_high_as_their_numbers():
    drawn = charts.columns(chart([50, 100, 0], [25, 10, 5]))
    assert heights(drawn, 1) == [50, 100, 0]
    assert heights(drawn, 2) == [25, 10, 5]


def test_columns_on_each_other_share_the_scale_of_their_sum():
    stacked = charts.columns(chart([50, 20], [50, 20], layout=Layout.STACKED))
    assert heights(stacked, 1) == heights(stacked, 2) == [50, 20]
    assert [float(y) for y in re.findall(r'look-2"[^>]*? y="([\d.]+)%"', stacked)] == [0, 60]
    within = charts.columns(chart([100, 40], [50, 20], layout=Layout.WITHIN))
    assert (heights(within, 1), heights(within, 2)) == ([100, 40], [50, 20])


def test_bars_are_as_long_as_their_numbers():
    drawn = charts.bars(chart([8, 4], [2, 0], layout=Layout.WITHIN, notes=["八", "四"]))
    assert (widths(drawn, 1), widths(drawn, 2)) == ([100, 50], [25, 0])
    stacked = charts.bars(chart([6, 4], [2, 0], layout=Layout.STACKED))
    assert (widths(stacked, 1), widths(stacked, 2)) == ([75, 50], [25, 0])
    assert re.findall(r'look-2"[^>]*? x="([\d.]+)%"', stacked) == ["75.00", "50.00"]


def test_a_line_goes_from_point_to_point_with_markers():
    line = Series("线", [0, 50, 100], [None] * 3, 3)
    drawn = charts.columns(chart([100, 100, 100], lines=[line]))
    segments = re.findall(r'<line class="chart-line look-3" x1="([\d.]+)%" y1="([\d.]+)%"', drawn)
    assert segments == [("16.67", "100.00"), ("50.00", "50.00")]
    assert drawn.count('class="chart-marker look-3"') == 3


def test_every_number_can_be_clicked_and_says_itself():
    drawn = charts.columns(chart([3, 1234], names=["甲", "乙"], unit="个"))
    assert re.findall(r'href="([^"]+)"', drawn) == ["/rows?1=3", "/rows?1=1234"]
    assert "<title>乙 · 系列1 1\u2009234 个</title>" in drawn
    assert 'role="img"' in drawn
    assert "<title>一张图</title>" in drawn


def test_without_colour_the_looks_differ_by_their_strokes():
    drawn = charts.columns(chart(*([1] for _ in range(5))))
    assert re.findall(r'<pattern id="c-(\d)"', drawn) == ["2", "3", "4", "5"]
    assert len(set(re.findall(r'chart-strokes look-\d"[^>]*', drawn))) == 4
    assert len(set(charts.STROKES.values())) == 4
    fills = re.findall(r'<rect class="chart-area look-(\d)" fill="url\(#c-(\d)\)"', drawn)
    assert fills == [("2", "2"), ("3", "3"), ("4", "4"), ("5", "5")]


@pytest.mark.parametrize("draw", [charts.columns, charts.bars])
def test_a_text_is_no_markup_and_nothing_carries_a_style(draw):
    evil = '"><script>alert(1)</script>'
    series = [Series(evil, [1], ['/x?"><b>'], 1)]
    drawn = draw(Chart("c", evil, [evil], series, names=[evil], notes=[evil], below=[evil], unit=evil))
    assert "<script" not in drawn
    assert "<b>" not in drawn
    assert "style=" not in drawn


def test_of_nothing_there_is_an_empty_chart():
    empty = Chart("c", "空", [], [Series("甲", [], [], 1)])
    assert (empty.most, empty.rows) == (0, [])
    assert "chart-area" not in charts.columns(empty) + charts.bars(empty)
