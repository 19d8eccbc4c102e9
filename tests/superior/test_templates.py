"""Workbooks of strangers: what is taken in, what is refused in a sentence, what is told to be lost."""

import io
import time
import zipfile
from threading import BoundedSemaphore

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.drawing.image import Image
from PIL import Image as Picture

from tests.factories.superior import SHEET, workbook
from tests.support.workbooks import cells, locked, ods, ole, packed, repacked, xls, xlsx
from visits.core.errors import Refused
from visits.superior import templates
from visits.superior.templates import Unusable, filled_copy, look_at

GOOD = workbook()
PART = "xl/worksheets/sheet1.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha">]><a>&b;</a>'
OUTSIDE = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
    'Target="{target}" TargetMode="External"/></Relationships>'
)


def told(content, filename="附表.xlsx"):
    """The sentence a workbook is refused with."""
    with pytest.raises(Unusable) as refused:
        look_at(content, filename)
    return refused.value.message % refused.value.params


def with_part(name, text):
    """The good workbook with one part more, or another in its place."""
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    return packed(**members | {name: text})


def in_sheet(old, new):
    """The good workbook with its first sheet changed."""
    return repacked(GOOD, PART, lambda text: text.replace(old, new, 1))


def formula(text):
    return workbook(lambda book: book[SHEET].__setitem__("F9", text))


def renamed(name):
    return repacked(
        GOOD,
        "xl/workbook.xml",
        lambda text: text.replace(SHEET.encode(), name.encode()).replace(b"&#38468;", b""),
    )


HOSTILE = {
    "nothing": (b"  ", "nothing in this file"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(64), "not an .xlsx"),
    "a pdf": (b"%PDF-1.7", "not an .xlsx"),
    "an old workbook": (xls(), "not an .xlsx"),
    "an open document": (ods("<table:table-row/>"), "not an .xlsx"),
    "text": ("单位,数量\n甲,1\n".encode(), "not an .xlsx"),
    "a password": (ole("EncryptedPackage"), "password"),
    "encrypted members": (locked(GOOD), "password"),
    "half a file": (GOOD[: len(GOOD) // 2], "damaged"),
    "broken xml": (in_sheet(b"</sheetData>", b"<c r='A1'"), "damaged"),
    "no cells' grammar": (in_sheet(b'r="A1"', b'r="AAAA99999999"'), "damaged"),
    "nonsense styles": (with_part("xl/styles.xml", "<styleSheet><x/></styleSheet>"), "damaged"),
    "entities in a sheet": (with_part(PART, DOCTYPE), "damaged"),
    "entities in the properties": (with_part("docProps/core.xml", DOCTYPE), "damaged"),
    "two parts of one name": (with_part("XL/Workbook.xml", "<workbook/>"), "damaged"),
    "macros": (with_part("xl/vbaProject.bin", b"\xd0\xcf"), "macros"),
    "another workbook": (
        with_part("xl/externalLinks/externalLink1.xml", "<x/>"),
        "other files or addresses",
    ),
    "a database": (with_part("xl/connections.xml", "<connections/>"), "other files or addresses"),
    "a file inside": (with_part("xl/embeddings/oleObject1.bin", b"x"), "other files or buttons"),
    "a linked picture": (
        with_part(
            "xl/drawings/_rels/d.xml.rels", OUTSIDE.format(kind="image", target="http://127.0.0.1/x.png")
        ),
        "other files or addresses",
    ),
    "a link to a file": (
        with_part(
            "xl/worksheets/_rels/sheet1.xml.rels",
            OUTSIDE.format(kind="hyperlink", target="file:///etc/passwd"),
        ),
        "other files or addresses",
    ),
    "a formula about another file": (formula("=[1]Sheet1!A1"), "“[1]Sheet1!A1”"),
    "a formula that fetches": (formula('=_xlfn.WEBSERVICE("http://127.0.0.1/")'), "takes contents"),
    "a formula that starts a program": (formula("=cmd|'/C calc'!A0"), "takes contents"),
    "everything merged": (
        in_sheet(b'<mergeCell ref="A1:F1"/>', b'<mergeCell ref="A1:XFD1048576"/>'),
        "more than 200000 cells",
    ),
    "a link over everything": (
        in_sheet(b"<pageMargins", b'<hyperlinks><hyperlink ref="A1:XFD1048576"/></hyperlinks><pageMargins'),
        "more than 200000 cells",
    ),
    "a cell far away": (xlsx(cells(("A1", "表"), ("XFD1048576", "远"))), "row 1048576"),
    "a wide sheet": (xlsx(cells(("A1", "表"), ("XFD2", "远"))), "column XFD"),
    "a sheet without a name": (renamed(""), "name"),
    "a huge name": (renamed("长" * 3000), "longer than 31"),
    "a zip bomb": (packed(**{"xl/workbook.xml": "<a/>", PART: b" " * 70_000_000}), "too large"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_cannot_be_a_template_is_refused_in_a_sentence(what):
    content, says = HOSTILE[what]
    began = time.monotonic()
    assert says in told(content)
    assert time.monotonic() - began < 10


def test_a_workbook_with_macros_is_refused_by_its_name():
    assert "macros" in told(GOOD, "附表.xlsm")


def test_a_workbook_of_six_megabytes_is_refused():
    assert "larger than 5 MB" in told(b"PK\x03\x04" + bytes(6_000_000))


def test_too_many_sheets_are_refused():
    assert "more than 30 sheets" in told(
        workbook(lambda book: [book.create_sheet(f"表{n}") for n in range(30)])
    )


def test_who_comes_while_others_have_workbooks_opened_is_asked_to_wait(monkeypatch):
    monkeypatch.setattr(templates, "PATIENCE_SECONDS", 0.01)
    monkeypatch.setattr(templates, "_slots", BoundedSemaphore(1))
    with templates._slots, pytest.raises(Refused, match="Try again in a minute"):
        look_at(GOOD, "附表.xlsx")
    assert look_at(GOOD, "附表.xlsx").sheets


def charted(book):
    chart = BarChart()
    chart.add_data(Reference(book[SHEET], min_col=3, min_row=7, max_row=8))
    book[SHEET].add_chart(chart, "H2")


def pictured(book):
    content = io.BytesIO()
    Picture.new("RGB", (30, 30), "red").save(content, "PNG")
    book[SHEET].add_image(Image(content), "A12")


def test_charts_are_told_to_be_lost_and_do_not_stand_in_the_copy():
    content = workbook(charted)
    assert look_at(content, "a.xlsx").lost == ["charts"]
    with zipfile.ZipFile(io.BytesIO(filled_copy(content, {}))) as archive:
        assert not [name for name in archive.namelist() if "chart" in name.lower()]


def test_shapes_and_sparklines_are_told_to_be_lost():
    space = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
    drawing = f'<xdr:wsDr xmlns:xdr="{space}"><xdr:sp/></xdr:wsDr>'
    assert look_at(with_part("xl/drawings/drawing9.xml", drawing), "a.xlsx").lost == ["shapes"]
    lines = b'<extLst><ext uri="{05C6}" xmlns:a="urn:a"><a:sparklineGroups/></ext></extLst></worksheet>'
    assert look_at(in_sheet(b"</worksheet>", lines), "a.xlsx").lost == ["sparklines"]


def test_pictures_stay_and_move_down_with_their_row():
    content = workbook(pictured)
    assert look_at(content, "a.xlsx").lost == []
    rows = {"first": 8, "last": 8, "columns": [2], "values": [[["text", f"单位{n}"]] for n in range(5)]}
    sheet = openpyxl.load_workbook(io.BytesIO(filled_copy(content, {SHEET: {"cells": [], "rows": rows}})))[
        SHEET
    ]
    [picture] = sheet._images
    assert picture.anchor._from.row == 11 + 4


def test_a_list_shorter_than_the_rows_prepared_leaves_the_others_blank():
    def prepared(book):
        for row in range(8, 12):
            book[SHEET].cell(row, 2, "样例" if row < 9 else None)

    rows = {"first": 8, "last": 8, "columns": [1, 2], "values": []}
    sheet = openpyxl.load_workbook(
        io.BytesIO(filled_copy(workbook(prepared), {SHEET: {"cells": [], "rows": rows}}))
    )[SHEET]
    assert sheet["B8"].value is None
    assert sheet["C9"].value == "=SUM(C8:C8)"
    assert sheet["A11"].value == "填报人："


def test_a_workbook_is_read_as_it_stands():
    look = look_at(GOOD, "附表.xlsx")
    first, second = look.sheets
    assert (first["name"], second["name"]) == (SHEET, "问题清单")
    assert (first["rows"], first["columns"]) == (11, 6)
    assert [1, 1, "企业走访和问题解决情况统计表", False] in first["cells"]
    assert [9, 3, "=SUM(C8:C8)", True] in first["cells"]
    assert [1, 1, 1, 6] in first["merges"]
