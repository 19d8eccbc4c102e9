"""Workbooks and tables as files: what a good one gives, and what each bad one is told."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.workbooks import OLE, cells, locked, ods, ole, packed, repacked, told, xls, xlsx
from visits.core.spreadsheet import Table, Unreadable, read_table

FAR_CELL = xlsx(cells(("A1", "x"), ("XFD1048576", "x")))
SMALL = xlsx(cells(("A1", "名称"), ("A2", "甲")))
SHEET = "xl/worksheets/sheet1.xml"
TALL_ROW = (
    '<table:table-row table:number-rows-repeated="1048576">'
    '<table:table-cell office:value-type="float" office:value="1"/></table:table-row>'
)
WIDE_ROW = (
    "<table:table-row>"
    '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    "</table:table-row>"
)


def test_workbook_gives_its_cells_as_a_person_sees_them():
    def fill(sheet, workbook):
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row("A1", ["名称", "代码", "人数", "日期", "时刻", "占比", "在营", "合计"])
        sheet.write_row("A2", ["甲厂", "91350100M000100Y43", 57, "", "", 57.9, True, ""])
        sheet.write_datetime("D2", datetime(2026, 1, 2), day)
        sheet.write_datetime("E2", datetime(2026, 1, 2, 14, 30), workbook.add_format({"num_format": 22}))
        sheet.write_formula("H2", "=C2*2", None, 114)
        sheet.write_number("B3", 913301101438415799)
        sheet.write_blank("K9", None, day)

    table = read_table(xlsx(fill), "名单.xlsx")
    assert table.sheet == "表1"
    assert table.row_numbers == [1, 2, 3]
    assert table.rows == [
        ["名称", "代码", "人数", "日期", "时刻", "占比", "在营", "合计"],
        ["甲厂", "91350100M000100Y43", "57", "2026-01-02", "2026-01-02 14:30", "57.9", "TRUE", "114"],
        ["", "913301101438416000", "", "", "", "", "", ""],
    ]


def test_rows_keep_their_numbers_over_blank_ones_and_an_empty_left_side():
    table = read_table(xlsx(cells(("C3", "名称"), ("D3", "数"), ("C7", "甲"), ("D9", "  "))), "a.xlsx")
    assert table == Table([["名称", "数"], ["甲", ""]], [3, 7], "表1")


def test_first_visible_sheet_with_anything_in_it_is_read():
    def hidden(sheet, _workbook):
        sheet.write("A1", "藏")
        sheet.hide()

    def shown(sheet, _workbook):
        sheet.write("A1", "见")
        sheet.activate()

    table = read_table(xlsx(cells(), hidden, shown, cells(("A1", "后"))), "a.xlsx")
    assert (table.sheet, table.rows) == ("表3", [["见"]])


def test_old_workbook_is_read():
    assert read_table(xls(), "旧.xls") == Table([["甲", ""], ["", "12"]], [1, 2], "S")


def test_opendocument_sheet_is_read_without_its_endless_blank_rows():
    blank = '<table:table-cell table:number-columns-repeated="16384"/>'
    rows = (
        f'<table:table-row table:number-rows-repeated="2">{blank}</table:table-row>'
        "<table:table-row>"
        '<table:table-cell office:value-type="string"><text:p>甲</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="3"/>'
        "</table:table-row>"
        f'<table:table-row table:number-rows-repeated="1048573">{blank}</table:table-row>'
    )
    assert read_table(ods(rows), "a.ods") == Table([["甲", "3", "3"]], [3], "表")


def with_doctype(xml):
    return xml.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet', 1)


def with_wrong_address(xml):
    return xml.replace(b'"A2"', b'"2A"')


@pytest.mark.parametrize(
    ("content", "filename", "says"),
    [
        (b"", "a.xlsx", "nothing in this file"),
        (b" \r\n", "a.csv", "nothing in this file"),
        (b",,\n,,\n", "a.csv", "nothing in this file"),
        (xlsx(cells()), "a.xlsx", "nothing in this file"),
        (b"%PDF-1.7\n%\xe2\xe3", "a.xlsx", "PDF"),
        (b"%PDF-1.7\n", "a.csv", "PDF"),
        (packed(**{"word/document.xml": "<w/>"}), "a.xlsx", "text document or slides"),
        (ods("", mimetype="application/vnd.oasis.opendocument.text"), "a.ods", "text document"),
        (ole("WordDocument"), "a.xls", "text document or slides"),
        (b"{\\rtf1\\ansi}", "a.xls", "text document or slides"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a.xlsx", "This is a picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a.xlsx", "This is a picture"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "a.xls", "web page"),
        (b"\xef\xbb\xbf <?xml version='1.0'?><Workbook/>", "a.xls", "web page"),
        (packed(**{"a.txt": "x"}), "a.xlsx", "whatever its name says"),
        (b"MZ\x90\0\3", "a.xlsx", "whatever its name says"),
        (b"hello", "a.py", "whatever its name says"),
        (ole("Contents"), "a.xls", "whatever its name says"),
        (packed(**{"xl/workbook.bin": "x"}), "a.xlsb", "damaged"),
        (ole("EncryptedPackage"), "a.xlsx", "Remove the password"),
        (locked(SMALL), "a.xlsx", "Remove the password"),
        (ods("", **{"META-INF/manifest.xml": "<m:encryption-data/>"}), "a.ods", "Remove the password"),
        (SMALL[:400], "a.xlsx", "damaged"),
        (SMALL[:-30], "a.xlsx", "damaged"),
        (b"PK\x05\x06" + bytes(18), "a.xlsx", "damaged"),
        (b"PK\x03\x04 nothing", "a.xlsx", "damaged"),
        (ole("Workbook"), "a.xls", "nothing in this file"),
        (OLE + "Workbook".encode("utf-16-le"), "a.xls", "damaged"),
        (repacked(SMALL, SHEET, lambda xml: xml[:-20]), "a.xlsx", "damaged"),
        (repacked(SMALL, SHEET, with_doctype), "a.xlsx", "damaged"),
        (repacked(SMALL, SHEET, with_wrong_address), "a.xlsx", "damaged"),
        (repacked(SMALL, "xl/workbook.xml", lambda _xml: b"<workbook/>"), "a.xlsx", "nothing in this file"),
        (ods('<table:table-row table:number-rows-repeated="many"/>'), "a.ods", "damaged"),
        (FAR_CELL, "a.xlsx", "down to row 1048576; at most 100000"),
        (xlsx(cells(("A100001", "x"))), "a.xlsx", "down to row 100001"),
        (xlsx(cells(("GS1", "x"))), "a.xlsx", "column GS; at most 200"),
        (ods(TALL_ROW), "a.ods", "down to row 1048576"),
        (ods(WIDE_ROW), "a.ods", "column XFD"),
        (b"a" + b"\n" * 100_000 + b"b", "a.csv", "down to row 100001"),
        (b"a" + b"," * 200 + b"b", "a.csv", "column GS"),
        (b"a\n" + b"x" * 32_768, "a.csv", "row 2 holds more than 32767"),
        (b"a\n" + b"x" * 1_000_000, "a.csv", "row 2 holds more than 32767"),
        (b'a,b\n1,"2\n3,4\n', "a.csv", "In row 2 a quotation mark"),
        (b'a,b\n"1"x,2\n', "a.csv", "In row 2 a quotation mark"),
        (b"a,b\n1,\0\n", "a.csv", "characters that no text has"),
        ("a,\0".encode("utf-16"), "a.csv", "characters that no text has"),
        (b"a,b\n\xff\xff\xff,1", "a.csv", "neither UTF-8 nor GB18030"),
    ],
)  # fmt: skip
def test_bad_file_is_refused_with_a_sentence(content, filename, says):
    assert says in told(content, filename)


def test_cell_at_the_very_limit_is_read():
    assert read_table(xlsx(cells(("A1", "x"), ("A100000", "y"))), "a.xlsx").row_numbers == [1, 100_000]
    assert len(read_table(xlsx(cells(("A1", "x"), ("GR1", "y"))), "a.xlsx").rows[0]) == 200
    assert len(read_table(b"x" * 32_767, "a.csv").rows[0][0]) == 32_767


def test_format_far_below_the_table_does_no_harm():
    def fill(sheet, workbook):
        sheet.write("A1", "名称")
        sheet.write_blank("XFD1048576", None, workbook.add_format({"bold": True}))

    assert read_table(xlsx(fill), "a.xlsx").rows == [["名称"]]


def test_file_over_twenty_megabytes_is_refused():
    assert "larger than 20 MB" in told(b"a,b\n" * (5 * 1024 * 1024 + 1), "a.csv")


def test_one_text_in_very_many_cells_does_not_swell_the_server():
    def fill(sheet, _workbook):
        for row in range(100):
            sheet.write_row(row, 0, ["x" * 32_000] * 20)

    swelling = xlsx(fill)
    assert len(swelling) < 100_000
    assert "too large" in told(swelling)


@settings(max_examples=300)
@given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.xls", "a.txt", ""]))
def test_any_bytes_give_a_table_or_a_sentence(content, filename):
    if content.startswith((b"PK", OLE)):
        return
    try:
        table = read_table(content, filename)
    except Unreadable:
        return
    assert len({len(row) for row in table.rows}) == 1
    assert len(table.rows) == len(table.row_numbers)
