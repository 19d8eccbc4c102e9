"""Spreadsheet files made by hand, good and bad."""

import io
import struct
import zipfile

import pytest
import xlsxwriter

from visits.core.spreadsheet import Unreadable, read_table

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
ODS_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text")
)


def xlsx(*sheets, **options):
    """A workbook; each sheet is a function that fills it."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, options) as workbook:
        for number, fill in enumerate(sheets, start=1):
            fill(workbook.add_worksheet(f"表{number}"), workbook)
    return content.getvalue()


def cells(*written):
    """Fill a sheet with (address, value) pairs."""
    return lambda sheet, _workbook: [sheet.write(address, value) for address, value in written]


def packed(**members):
    """A zip file of these members."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return content.getvalue()


def repacked(content, name, change):
    """The same zip file with one member changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    return packed(**members | {name: change(members[name])})


def locked(content):
    """The same zip file with its first member marked as encrypted."""
    flags = content.index(b"PK\x01\x02") + 8
    return content[:flags] + bytes([content[flags] | 1]) + content[flags + 1 :]


def ods(rows, **more):
    """An OpenDocument sheet of the given rows in XML."""
    sheet = (
        f'<?xml version="1.0"?><office:document-content {ODS_SPACES}><office:body><office:spreadsheet>'
        f'<table:table table:name="表">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return packed(
        **{"mimetype": ODS_TYPE, "content.xml": sheet, "META-INF/manifest.xml": "<manifest/>"} | more
    )


def record(number, body=b""):
    """One BIFF record of an .xls stream."""
    return struct.pack("<HH", number, len(body)) + body


def xls():
    """A hand-made .xls: one sheet with a text at A1 and a number at B2."""
    start = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)
    name = record(0x0085, struct.pack("<IHBB", 0, 0, 1, 0) + b"S")
    head = record(0x0809, start) + name + record(0x000A)
    name = record(0x0085, struct.pack("<IHBB", len(head), 0, 1, 0) + b"S")
    head = record(0x0809, start) + name + record(0x000A)
    label = struct.pack("<HHHHB", 0, 0, 0, 1, 1) + "甲".encode("utf-16-le")
    number = struct.pack("<HHHd", 1, 1, 0, 12.0)
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    sheet += record(0x0204, label) + record(0x0203, number) + record(0x000A)
    return ole("Workbook", head + sheet)


def ole(stream, content=b""):
    """An OLE file with one stream, of 8 sectors."""
    content = content.ljust(8 * 512, b"\0")
    head = OLE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<I", 0) + b"\xff" * 4 * 108
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 10), 0xFFFFFFFE]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry(stream, 2, 0xFFFFFFFF, 2, len(content))
    return head + fat + directory.ljust(512, b"\0") + content


def entry(name, kind, child, start, size):
    """One entry of an OLE directory."""
    written = name.encode("utf-16-le")
    nobody = 0xFFFFFFFF
    head = written.ljust(64, b"\0") + struct.pack("<HBB", len(written) + 2, kind, 1)
    return head + struct.pack("<III", nobody, nobody, child) + bytes(36) + struct.pack("<IQ", start, size)


def told(content, filename="名单.xlsx", sheet=""):
    """The sentence a file is refused with."""
    with pytest.raises(Unreadable) as refused:
        read_table(content, filename, sheet)
    return refused.value.message % refused.value.params
