"""What people's workbooks look like: every kind of file, and what stands in them besides plain values."""

from datetime import date, datetime

import pytest

from tests.support.workbook_kinds import (
    Failed,
    as_ods,
    as_xls,
    as_xlsb,
    as_xlsx,
    inline,
    raw_xlsx,
)
from tests.support.workbooks import cells, packed, repacked, told, xlsx
from visits.core import spreadsheet_records
from visits.core.spreadsheet import read_table
from visits.core.spreadsheet_limits import Problem
from visits.core.spreadsheet_notes import NOT_CALCULATED

ROWS = [["名称", "数"], ["甲\n厂", Failed], ["91350100M000100Y43", 13800138000.0], [None, 0.5]]
READ = [["名称", "数"], ["甲\n厂", "#N/A"], ["91350100M000100Y43", "13800138000"], ["", "0.5"]]
BINARY = "xl/worksheets/sheet1.bin"
KINDS = [as_xlsx, as_xls, as_xlsb, as_ods]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("filename", ["名单.xlsx", "名单.xls", "名单.csv", "名单"])
def test_every_kind_of_workbook_gives_the_same_table_whatever_its_name(kind, filename):
    table = read_table(kind(ROWS), filename)
    assert (table.rows, table.row_numbers) == (READ, [1, 2, 3, 4])


@pytest.mark.parametrize("filename", ["名单.xlsx", "名单.xls", "名单.ods"])
def test_text_under_the_name_of_a_workbook_is_read(filename):
    assert read_table("名称,数\n甲,1\n".encode(), filename).rows == [["名称", "数"], ["甲", "1"]]


@pytest.mark.parametrize("kind", [as_xls, as_xlsb])
def test_binary_workbooks_tell_hidden_rows_and_their_first_day(kind):
    table = read_table(kind([["名称"], ["甲"], ["乙"]], hidden=[1], is_1904=True), "a")
    assert (table.hidden_rows, table.is_1904, table.rows[1]) == ([2], True, ["甲"])
    assert not read_table(kind([["名称"]]), "a").is_1904


def test_cells_merged_downwards_stand_in_each_row():
    def fill(sheet, _workbook):
        sheet.merge_range("A1:C1", "企业名录")
        sheet.write_row("A2", ["街道", "名称", "数"])
        sheet.merge_range("A3:A5", "湖畔街道")
        for row, name in enumerate("甲乙丙", start=2):
            sheet.write(row, 1, name)

    rows = read_table(xlsx(fill), "a.xlsx").rows
    assert rows[0] == ["企业名录", "", ""]
    assert [row[0] for row in rows[2:]] == ["湖畔街道"] * 3
    book = as_xlsb([["街道", "名"], ["湖畔", "甲"], [None, "乙"]], merged=[(1, 2, 0, 0)])
    assert read_table(book, "a").rows[2] == ["湖畔", "乙"]
    book = as_xls([["街道", "名"], [None, "甲"], [None, "乙"]], merged=[((1, 2, 0, 0), "湖畔")])
    assert read_table(book, "a").rows[2] == ["湖畔", "乙"]


def test_hidden_rows_and_columns_are_read_and_rows_named():
    def fill(sheet, _workbook):
        for row in range(4):
            sheet.write_row(row, 0, [f"甲{row}", row])
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_row(9, None, None, {"hidden": True})
        sheet.set_column("B:B", None, None, {"hidden": True})

    table = read_table(xlsx(fill), "a.xlsx")
    assert table.rows[2] == ["甲2", "2"]
    assert table.hidden_rows == [3]


def test_the_sheet_asked_for_is_read_and_the_others_are_named():
    book = xlsx(cells(), cells(("A1", "甲")), cells(("A1", "乙")), cells(("B2", "丙")))
    table = read_table(book, "a.xlsx")
    assert (table.sheet, table.rows, table.other_sheets) == ("表2", [["甲"]], ["表3", "表4"])
    table = read_table(book, "a.xlsx", "表4")
    assert (table.sheet, table.rows, table.other_sheets) == ("表4", [["丙"]], ["表2", "表3"])
    assert "no sheet “表9”" in told(book, sheet="表9")
    assert "表2、表3、表4" in told(book, sheet="表1")
    assert "no sheets" in told(b"a,b\n", "a.csv", sheet="x")


def test_days_come_right_under_both_date_systems():
    def fill(sheet, workbook):
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for row, serial in enumerate([1, 59, 61, 44258, 46086.75]):
            sheet.write_number(row, 0, serial, day)
            sheet.write_number(row, 1, serial)

    table = read_table(xlsx(fill), "a.xlsx")
    days = ["1900-01-01", "1900-02-28", "1900-03-01", "2021-03-03", "2026-03-05 18:00"]
    assert [row[0] for row in table.rows] == days
    assert table.rows[3][1] == "44258"
    table = read_table(xlsx(fill, date_1904=True), "a.xlsx")
    assert [row[0] for row in table.rows[:2]] == ["1904-01-02", "1904-02-29"]
    assert table.rows[3][0] == "2025-03-04"
    assert table.is_1904


@pytest.mark.parametrize(
    ("row", "read"),
    [
        (inline("A1", "甲_x000D_\n乙"), ["甲\r\n乙"]),
        ('<c r="A1" t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r></is></c>', ["甲乙"]),
        ('<c t="inlineStr"><is><t>甲</t></is></c><c><v>3</v></c>', ["甲", "3"]),
        ('<c r="A1"><v>1</v></c><c r="B1" t="b"><v>1</v></c>', ["1", "TRUE"]),
        ('<c r="A1" t="d"><v>2026-03-05T00:00:00</v></c>', ["2026-03-05"]),
        ('<c r="A1"><f>1+1</f><v>2</v></c>', ["2"]),
        ('<c r="A1" t="str"><f>B1</f><v></v></c><c r="B1"><v>1</v></c>', ["", "1"]),
        ('<c r="A1"><f>1+1</f></c>', [NOT_CALCULATED]),
        ('<c r="B1"><v>1</v></c><c r="A1"><f>1+1</f></c>', [NOT_CALCULATED, "1"]),
        ('<c r="A1" t="e"><v>#N/A</v></c><c r="C1"><v>1</v></c>', ["#N/A", "", "1"]),
        (
            '<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B1"><f>A1</f></c>',
            ["#DIV/0!", NOT_CALCULATED],
        ),
        ('<c r="C1"><v>1</v></c><c r="D1" s="1"/>', ["1"]),
    ],
)
@pytest.mark.parametrize("dimension", ["A1", "A1:XFD1048576", "XFD1048576", "B5:C9", "B5:A2"])
def test_cells_as_other_programs_write_them(row, read, dimension):
    assert read_table(raw_xlsx(f"<row>{row}</row>", dimension=dimension), "a.xlsx").rows == [read]


def test_rows_below_the_last_value_still_show_their_errors():
    table = read_table(
        raw_xlsx(f'<row r="1">{inline("A1", "名")}</row><row r="4"><c r="A4"><f>X()</f></c></row>'), "a"
    )
    assert (table.rows, table.row_numbers) == ([["名"], [NOT_CALCULATED]], [1, 4])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (raw_xlsx('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), "damaged"),
        (raw_xlsx(""), "nothing in this file"),
        (raw_xlsx('<row r="1" s="3"/><row r="9"><c r="A9" s="3"/></row>'), "nothing in this file"),
        (raw_xlsx("", **{"xl/_rels/workbook.xml.rels": "<x/>"}), "damaged"),
        (raw_xlsx("", after='<mergeCells><mergeCell ref="?"/></mergeCells>'), "damaged"),
        (as_xlsb([["名"]] * 3)[:-40], "damaged"),
        (repacked(as_xlsb([["名"]]), BINARY, lambda sheet: sheet[:-9]), "damaged"),
        (repacked(as_xlsb([["名"]]), BINARY, lambda _sheet: b"\x06\xff\xff\xff\xff"), "damaged"),
        (as_xlsb([[None] * 300 + ["远"]]), "to column KO"),
        (as_xls([["名"]])[:700], "not a spreadsheet"),
        (packed(**{"xl/workbook.bin": ""}), "damaged"),
    ],
)
def test_torn_workbooks_of_every_kind_are_told(content, says):
    assert says in told(content)


def test_far_cell_of_a_binary_workbook_is_told():
    assert "down to row 1048576" in told(as_xlsb([["名"]], first_row=1_048_575))


def test_a_hundred_thousand_formatted_rows_do_no_harm():
    empty = "".join(
        f'<row r="{number}" s="1"><c r="A{number}" s="1"/></row>' for number in range(3, 100_003)
    )
    book = raw_xlsx(f'<row r="1">{inline("A1", "名称")}</row><row r="2">{inline("A2", "甲")}</row>{empty}')
    assert read_table(book, "a.xlsx").rows == [["名称"], ["甲"]]


def test_a_million_formatted_rows_do_no_harm():
    empty = "".join(f'<row r="{number}"><c r="A{number}" s="1"/></row>' for number in range(3, 1_048_577))
    book = raw_xlsx(f'<row r="1">{inline("A1", "名称")}</row>{empty}')
    assert read_table(book, "a.xlsx").rows == [["名称"]]


def test_formulas_and_dates_of_old_workbooks():
    table = read_table(
        as_xls([["日期", "时刻"], [date(2026, 3, 5), datetime(2026, 3, 5, 14, 30)]]), "a.xls"
    )
    assert table.rows[1] in (["2026-03-05", "2026-03-05 14:30"], ["46086", "46086.6041666667"])


def test_a_sector_table_in_further_sectors_is_followed():
    rows = [["名称", "数"], *([f"甲{number:04}" * 100, number] for number in range(8_000))]
    content = as_xls([*rows, ["乙", Failed]], hidden=[1])
    assert len(content) > 109 * 128 * 512
    notes = spreadsheet_records.old_workbook_notes(content)
    assert (notes.sheets["表1"].hidden_rows, set(notes.sheets["表1"].failed)) == ({2}, {(8_002, 2)})


def test_a_torn_record_stops_the_reading():
    with pytest.raises(Problem, match="broken"):
        list(spreadsheet_records.binary_records(b"\x05\x7f"))
