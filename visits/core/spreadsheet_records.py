"""Sheets in binary records (xls, xlsb): what stands in them besides values, and how far they reach."""

import struct
from collections.abc import Iterator

from visits.core.spreadsheet_limits import Problem, require_within
from visits.core.spreadsheet_notes import ERROR_NAMES, BookNotes, SheetNotes

# Records of .xlsb ([MS-XLSB] 2.3)
ROW, BLANK, ERROR, LAST_CELL, FORMULA_ERROR, MERGE = 0, 1, 3, 11, 11, 176
BUNDLE_SHEET, BOOK_PROPERTIES = 156, 153
# Records of .xls ([MS-XLS] 2.3)
XLS_FORMULA, XLS_END, XLS_1904, XLS_SHEET, XLS_ERROR, XLS_ROW = 0x06, 0x0A, 0x22, 0x85, 0x205, 0x208
IS_HIDDEN = 0x20

SECTOR_AT, DIRECTORY_AT, FURTHER_AT, TABLE_AT = 30, 48, 68, 76
SECTOR_SIZES = {9: 512, 12: 4096}
LAST_SECTOR = 0xFFFFFFFA  # this and above are marks, not sectors
ENTRY_BYTES = 128


class BinarySheet:
    """Cells of an .xlsb sheet; its records are read when all of it is unpacked."""

    def __init__(self) -> None:
        self.content = bytearray()
        self.notes = SheetNotes()

    def feed(self, chunk: bytes, is_last: bool) -> object:
        """Take the next piece."""
        self.content += chunk
        if is_last:
            self._follow()
            self.content.clear()
        return None

    def _follow(self) -> None:
        row = 0
        for kind, body in binary_records(bytes(self.content)):
            if kind == ROW:
                row = struct.unpack_from("<I", body)[0] + 1
                if body[11] & 0x10:
                    self.notes.hide(row, row)
            elif BLANK < kind <= LAST_CELL:
                column = struct.unpack_from("<I", body)[0] + 1
                require_within(row, column)
                if kind in (ERROR, FORMULA_ERROR):
                    self.notes.failed[row, column] = ERROR_NAMES.get(body[8], "#VALUE!")
            elif kind == MERGE:
                first, last, column = struct.unpack_from("<III", body)
                self.notes.merge((first + 1, last + 1), column + 1)


def binary_records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the records of a member of an .xlsb workbook as (kind, body); raise Problem at a torn one."""
    at = 0
    while at < len(content):
        kind, at = _packed_number(content, at, 2)
        size, at = _packed_number(content, at, 4)
        if at + size > len(content):
            raise Problem("broken")
        yield kind, content[at : at + size]
        at += size


def _packed_number(content: bytes, at: int, most: int) -> tuple[int, int]:
    # Seven bits a byte; the highest says that another byte follows.
    number = 0
    for place in range(most):
        byte = content[at + place]
        number |= (byte & 0x7F) << 7 * place
        if not byte & 0x80:
            return number, at + place + 1
    return number, at + most


def binary_sheets(content: bytes) -> tuple[list[tuple[str, str]], bool]:
    """Read xl/workbook.bin: each sheet's name and relation, and whether day 0 is in 1904."""
    sheets, is_1904 = [], False
    for kind, body in binary_records(content):
        if kind == BOOK_PROPERTIES:
            is_1904 = bool(body[0] & 1)
        elif kind == BUNDLE_SHEET:
            relation, at = _text(body, 8)
            sheets.append((_text(body, at)[0], relation))
    return sheets, is_1904


def _text(body: bytes, at: int) -> tuple[str, int]:
    length = struct.unpack_from("<I", body, at)[0]
    end = at + 4 + 2 * min(length, len(body))
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


def old_workbook_notes(content: bytes) -> BookNotes:
    """Read an .xls file's notes; a damaged one has none, and its reader will say that it is damaged."""
    notes = BookNotes()
    try:
        stream = _stream(content, ("Workbook", "Book"))
        for kind, body in _old_records(stream, 0):
            if kind == XLS_1904:
                notes.is_1904 = body[:1] == b"\x01"
            elif kind == XLS_SHEET:
                notes.sheets[_old_name(body)] = _old_sheet(stream, struct.unpack_from("<I", body)[0])
    except (struct.error, LookupError):
        return BookNotes()
    return notes


def _old_name(body: bytes) -> str:
    length, is_wide = body[6], body[7] & 1
    if is_wide:
        return body[8 : 8 + 2 * length].decode("utf-16-le", "replace")
    return body[8 : 8 + length].decode("latin-1")


def _old_sheet(stream: bytes, at: int) -> SheetNotes:
    notes = SheetNotes()
    for kind, body in _old_records(stream, at):
        if kind == XLS_ROW and body[12] & IS_HIDDEN:
            row = struct.unpack_from("<H", body)[0] + 1
            notes.hide(row, row)
        elif (code := _error_code(kind, body)) is not None:
            row, column = struct.unpack_from("<HH", body)
            notes.failed[row + 1, column + 1] = ERROR_NAMES.get(code, "#VALUE!")
    return notes


def _error_code(kind: int, body: bytes) -> int | None:
    if kind == XLS_ERROR and body[7]:
        return body[6]
    # A result that is no number has these last two bytes; its first says what it is, 2 an error.
    if kind == XLS_FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
        return body[8]
    return None


def _old_records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == XLS_END:
            return
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _stream(content: bytes, names: tuple[str, ...]) -> bytes:
    """The first stream of one of these names in an OLE file, sector by sector."""
    size = SECTOR_SIZES[struct.unpack_from("<H", content, SECTOR_AT)[0]]
    table = _sector_table(content, size)
    directory = _chain(content, table, struct.unpack_from("<I", content, DIRECTORY_AT)[0], size)
    for at in range(0, len(directory) - ENTRY_BYTES + 1, ENTRY_BYTES):
        written = struct.unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + max(0, min(written, 64) - 2)].decode("utf-16-le", "replace")
        if name in names:
            return _chain(content, table, struct.unpack_from("<I", directory, at + 116)[0], size)
    return b""


def _sector_table(content: bytes, size: int) -> list[int]:
    sectors = list(struct.unpack_from("<109I", content, TABLE_AT))
    further, left = struct.unpack_from("<II", content, FURTHER_AT)
    while further < LAST_SECTOR and 0 < left <= len(content) // size:
        *more, further = struct.unpack_from(f"<{size // 4}I", content, (further + 1) * size)
        sectors += more
        left -= 1
    table: list[int] = []
    for sector in sectors:
        if sector < LAST_SECTOR:
            table += struct.unpack_from(f"<{size // 4}I", content, (sector + 1) * size)
    return table


def _chain(content: bytes, table: list[int], sector: int, size: int) -> bytes:
    pieces: list[bytes] = []
    while sector < LAST_SECTOR and len(pieces) <= len(table):
        pieces.append(content[(sector + 1) * size : (sector + 2) * size])
        sector = table[sector]
    return b"".join(pieces)
