"""A ledger on paper: A4 across, headings and numbers on every page, framed cells in which texts wrap."""

import io
import re
from datetime import date
from zipfile import ZipFile

from visits.core import export
from visits.core.listing import Column, Kind

COLUMNS = [
    Column("serial", "Serial number", kind=Kind.NUMBER, width=4),
    Column("code", "Credit code", width=10),
    Column("day", "Closed on", kind=Kind.DAY, width=9),
    Column("progress", "Progress", width=22),
]
ROWS = [
    (1, "913501000000123456", date(2026, 11, 3), "已与供电公司对接，计划下周增容。" * 6),
    (2, "00123", None, ""),
]


def parts(app, **values):
    """The workbook's sheet, looks and names, as they stand in the file."""
    table = export.Table("问题台账", COLUMNS, iter(ROWS), mark="王协调 2026-11-23 10:00", **values)
    file = io.BytesIO()
    with app.test_request_context():
        assert export.write_xlsx(table, file) == 2
    names = ("worksheets/sheet1.xml", "styles.xml", "workbook.xml")
    with ZipFile(file) as book:
        return [book.read(f"xl/{name}").decode() for name in names]


def test_it_is_set_up_for_paper(app):
    sheet, looks, names = parts(app, is_ledger=True)
    assert re.search(r'<pageSetup [^>]*paperSize="9" [^>]*orientation="landscape"', sheet)
    assert 'fitToHeight="0"' in sheet
    assert "_xlnm.Print_Titles" in names
    assert "$1:$1" in names
    assert "&amp;P / &amp;N" in sheet
    assert "王协调 2026-11-23 10:00" in sheet
    assert '<pane ySplit="1"' in sheet
    assert '<autoFilter ref="A1:D3"' in sheet
    assert 'wrapText="1"' in looks
    assert '<border><left style="thin">' in looks


def test_a_row_is_as_high_as_its_longest_text(app):
    sheet = parts(app, is_ledger=True)[0]
    heights = [float(ht) for ht in re.findall(r'<row r="[23]"[^>]* ht="([\d.]+)"', sheet)]
    assert len(heights) == 1  # one line is the usual height, which is not said
    assert heights[0] > 8 * 12
    assert " ht=" not in parts(app)[0].split("<sheetData>")[1]


def test_codes_stay_text_and_days_are_days(app):
    sheet = parts(app, is_ledger=True)[0]
    assert re.search(r'<c r="B2"[^>]* t="inlineStr"><is><t>913501000000123456</t>', sheet)
    assert re.search(r'<c r="C2"[^>]*><v>46329</v>', sheet)
    assert re.search(r'<c r="C3" s="\d+"/>', sheet)  # empty, but framed
