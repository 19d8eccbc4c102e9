"""Files for a spreadsheet: no text becomes a formula, days are days, codes stay as they are."""

import csv
import io
from datetime import date, datetime
from types import SimpleNamespace
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from visits.core import export, formulas
from visits.core.listing import Column, Kind

SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
BEFORE = ("", " ", "\t", "\r", "\n", "\ufeff", "\u00a0", "\u200b", "\u3000", "\x00", " \u2060\t")
HOSTILE = [f'{before}{sign}HYPERLINK("http://x")' for before in BEFORE for sign in SIGNS]
PLAIN = [
    "湖畔公司",
    "a=b",
    "1-2",
    "'n Beetje",
    "https://example.org",
    "0012",
    "91350100M000100Y43",
    "😀",
    "，=1",
]
COLUMNS = (
    Column("text", "Name", fixed=True),
    Column("code", "Credit code"),
    Column("count", "Members", kind=Kind.NUMBER),
    Column("day", "Due on", kind=Kind.DAY),
    Column("moment", "Created", kind=Kind.MOMENT),
    Column("label", "Status", kind=Kind.LABEL),
)
ROW = SimpleNamespace(
    text="湖畔公司",
    code="913501000000123456",
    count=-7,
    day=date(2026, 2, 28),
    moment=datetime.fromisoformat("2026-12-31T16:30:00+00:00"),
    label="In business",
)


def table(*rows):
    return export.Table(
        "问题 & 诉求",
        COLUMNS,
        [tuple(column.cell(row, {"In business": "正常"}.get) for column in COLUMNS) for row in rows],
        mark="王协调 2026-11-23 15:30",
        notes=[("导出人", "王协调"), ("筛选条件", "状态：未办结")],
    )


def texts(*values):
    return export.Table("名单", COLUMNS[:1], [(value,) for value in values])


@pytest.fixture
def written(app):
    def write(kind, content):
        file = io.BytesIO()
        with app.test_request_context("/"):
            export.WRITERS[kind](content, file)
        return file.getvalue()

    return write


def sheets(content):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [book.get_sheet_by_index(n).to_python() for n in range(len(book.sheet_names))]


def test_a_workbook_holds_text_numbers_and_days(written):
    rows, notes = sheets(written("xlsx", table(ROW)))
    assert rows == [
        ["姓名", "统一社会信用代码", "人员数", "办理时限", "创建时间", "状态"],
        ["湖畔公司", "913501000000123456", -7.0, date(2026, 2, 28), datetime(2027, 1, 1, 0, 30), "正常"],
    ]
    assert notes == [["导出人", "王协调"], ["筛选条件", "状态：未办结"], ["行数", "1"]]


def test_a_workbook_is_set_up_for_paper(written):
    with ZipFile(io.BytesIO(written("xlsx", table(ROW)))) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        book = parts.read("xl/workbook.xml").decode()
    assert 'paperSize="9"' in sheet
    assert 'orientation="landscape"' in sheet
    assert "问题 &amp;&amp; 诉求" in sheet
    assert "王协调 2026-11-23 15:30" in sheet
    assert "_xlnm.Print_Titles" in book


@pytest.mark.parametrize("text", HOSTILE + PLAIN)
def test_no_text_of_a_workbook_becomes_a_formula_or_a_link(written, text):
    content = written("xlsx", texts(text))
    with ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert sheets(content)[0][1] == [text]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_would_start_a_formula_is_quoted_in_csv(text):
    assert export.guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", [*HOSTILE, *PLAIN, "'=1", "''+1", "'", ""])
def test_a_text_of_a_csv_is_read_as_it_was_written(text):
    assert formulas.unguarded_text(export.guarded(text)) == text


@pytest.mark.parametrize("text", PLAIN)
def test_other_texts_stay_as_they_are_in_csv(text):
    assert export.guarded(text) == text


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (None, ""),
        (-7, "-7"),
        (date(2026, 2, 28), "2026-02-28"),
        (datetime(2027, 1, 1, 0, 30), "2027-01-01 00:30"),
    ],
)
def test_numbers_and_days_in_csv_are_plain(cell, shown):
    assert export.guarded(cell) == shown


def test_a_csv_has_a_byte_order_mark_and_the_line_ends_of_a_spreadsheet(written):
    content = written("csv", texts("一", "二,三", '四"五', "六\n七"))
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == 5
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))) == [
        ["姓名"],
        ["一"],
        ["二,三"],
        ['四"五'],
        ["六\n七"],
    ]


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=40))
def test_whatever_is_read_from_a_csv_starts_no_formula(text):
    guarded = export.guarded(text)
    assert guarded in (text, f"'{text}")
    visible = "".join(c for c in guarded if c.isprintable() and not c.isspace())
    assert not visible.startswith(SIGNS)


def test_days_no_workbook_knows_are_told_as_text(written):
    early = export.Table("名单", COLUMNS[3:4], [(date(1899, 12, 31),), (date(1900, 3, 1),)])
    assert sheets(written("xlsx", early))[0][1:] == [["1899-12-31"], [date(1900, 3, 1)]]


def test_a_text_longer_than_a_cell_is_cut_not_lost(written):
    [cell] = sheets(written("xlsx", texts("长" * 40_000)))[0][1]
    assert cell == "长" * export.MOST_CHARACTERS


def test_an_empty_list_is_a_file_with_headings(written):
    assert sheets(written("xlsx", texts()))[0] == [["姓名"]]
