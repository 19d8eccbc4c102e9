"""One table as a workbook of every kind: xlsx, xls, xlsb, ods, each as small as its reader allows."""

import io
import struct

import xlwt

from tests.support.workbooks import ods, packed, xlsx

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PARTS = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = (
    f'<Types xmlns="{PARTS}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
)
NA = 0x2A


class Failed:
    """A cell whose formula ended in #N/A."""


def as_xlsx(rows):
    """The table as .xlsx."""

    def fill(sheet, _workbook):
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                if value is Failed:
                    sheet.write_formula(row, column, "=NA()", None, "#N/A")
                else:
                    sheet.write(row, column, value)

    return xlsx(fill, strings_to_formulas=False)


def as_xls(rows, hidden=(), is_1904=False, merged=()):
    """The table as .xls; rows to hide and areas to merge are counted from 0."""
    book = xlwt.Workbook()
    book.dates_1904 = is_1904
    sheet = book.add_sheet("表1")
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            if value is Failed:
                sheet.row(row).set_cell_error(column, NA)
            elif value is not None:
                sheet.write(row, column, value)
    for row in hidden:
        sheet.row(row).hidden = True
    for area, value in merged:
        sheet.write_merge(*area, value)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def brt(kind, body=b""):
    """One record of a part of .xlsb."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(body)
    while length > 0x7F:
        size, length = size + bytes([length & 0x7F | 0x80]), length >> 7
    return head + size + bytes([length]) + body


def wide(text):
    """A text as records of .xlsb hold it."""
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def brt_cell(column, value):
    """The record of a cell."""
    place = struct.pack("<II", column, 0)
    if value is Failed:
        return brt(3, place + bytes([NA]))
    if isinstance(value, bool):
        return brt(4, place + bytes([value]))
    if isinstance(value, int | float):
        return brt(5, place + struct.pack("<d", value))
    return brt(6, place + wide(value))


def as_xlsb(rows, hidden=(), is_1904=False, merged=(), first_row=0):
    """The table as .xlsb; rows to hide and areas to merge are counted from 0."""
    sheet = brt(129) + brt(148, struct.pack("<IIII", 0, len(rows), 0, 9)) + brt(145)
    for row, cells in enumerate(rows, start=first_row):
        is_hidden = 0x10 if row in hidden else 0
        sheet += brt(0, struct.pack("<IIHBBBI", row, 0, 300, 0, is_hidden, 0, 0))
        sheet += b"".join(
            brt_cell(column, value) for column, value in enumerate(cells) if value is not None
        )
    sheet += brt(146) + b"".join(brt(176, struct.pack("<IIII", *area)) for area in merged) + brt(130)
    bundle = brt(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("表1"))
    book = brt(131) + brt(153, struct.pack("<II", is_1904, 0) + wide("")) + brt(143) + bundle + brt(144)
    return packed(
        **{
            "[Content_Types].xml": TYPES,
            "xl/workbook.bin": book + brt(132),
            "xl/_rels/workbook.bin.rels": relation("worksheets/sheet1.bin"),
            "xl/worksheets/sheet1.bin": sheet,
        }
    )


def relation(target, kind="worksheet"):
    """Relations to one part."""
    return (
        f'<Relationships xmlns="{PARTS}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


def as_ods(rows):
    """The table as .ods."""
    return ods(
        "".join(f"<table:table-row>{''.join(map(ods_cell, cells))}</table:table-row>" for cells in rows)
    )


def ods_cell(value):
    """A cell of .ods."""
    calc = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    if value is Failed:
        said = f'{calc} office:value-type="string" office:string-value="" calcext:value-type="error"'
        return f"<table:table-cell {said}><text:p>#N/A</text:p></table:table-cell>"
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    lines = "".join(f"<text:p>{line}</text:p>" for line in value.split("\n"))
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'


def raw_xlsx(rows, *, dimension="A1", after="", properties="", **members):
    """An .xlsx whose sheet holds these rows as written in XML, without shared strings and styles."""
    sheet = (
        f'<worksheet xmlns="{MAIN}"><dimension ref="{dimension}"/>'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}'
        '<sheets><sheet name="表1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    return packed(
        **{
            "[Content_Types].xml": TYPES,
            "_rels/.rels": relation("xl/workbook.xml", "officeDocument"),
            "xl/workbook.xml": book,
            "xl/_rels/workbook.xml.rels": relation("worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": sheet,
        }
        | members
    )


def inline(reference, text):
    """A cell of raw XML that holds its text itself."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'
