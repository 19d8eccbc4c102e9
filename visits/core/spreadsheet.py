"""The rows of a table somebody uploads, as text; workbooks are opened in a process of their own."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from visits.core.apart import Stopped, run_apart
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.spreadsheet_limits import MAX_FILE_BYTES, MEGABYTE, Problem
from visits.core.spreadsheet_text import read_text_table

WALL_SECONDS = 30
ZIP_START = b"PK\x03\x04"
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
STARTS = (
    (b"%PDF", "pdf"),
    (b"{\\rtf", "document"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"RIFF", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"Rar!", "other_type"),
    (b"7z\xbc\xaf", "other_type"),
    (b"\x1f\x8b", "other_type"),
    (b"PK\x05\x06", "broken"),
)
TEXT_SUFFIXES = ("", ".csv", ".txt", ".tsv")
# Old office systems export tables in text under the name of a workbook.
BOOK_SUFFIXES = (".xls", ".xlsx", ".xlsm", ".xlsb", ".et", ".ods")
SENTENCES = {
    "empty": N_("There is nothing in this file. Choose one with a header row and rows below it."),
    "too_large": N_("The file is larger than %(limit)s MB. Split the table into several files."),
    "too_big": N_(
        "Unpacked, this file is too large to be read. "
        "Copy the rows you need into a new workbook, or split the table into several files."
    ),
    "too_many_rows": N_(
        "The sheet reaches down to row %(row)s; at most %(limit)s rows can be read. "
        "Delete what stands far below the table, or split it into several files."
    ),
    "too_many_columns": N_(
        "The sheet reaches to column %(column)s; at most %(limit)s columns can be read. "
        "Delete what stands far to the right of the table."
    ),
    "cell_too_long": N_(
        "A cell in row %(row)s holds more than %(limit)s characters. "
        "Shorten it; in a CSV file, look for a quotation mark that is not closed."
    ),
    "quotation_mark": N_(
        "In row %(row)s a quotation mark is not closed or stands in the wrong place. "
        "Correct it, or save the table as .xlsx."
    ),
    "password": N_(
        "The file is protected by a password. "
        "Remove the password in Excel or WPS, save the file, and choose it again."
    ),
    "broken": N_(
        "The file is damaged and cannot be opened. "
        "Open it in Excel or WPS, save it again as .xlsx, and choose the new file."
    ),
    "crashed": N_(
        "The file could not be read to its end. "
        "Copy the rows you need into a new workbook, save it as .xlsx, and choose that."
    ),
    "took_too_long": N_(
        "Reading this file takes too long. Copy the rows you need into a new workbook and choose that."
    ),
    "pdf": N_("This is a PDF file, not a spreadsheet. Choose an .xlsx, .xls, .ods or .csv file."),
    "document": N_(
        "This is a text document or slides, not a spreadsheet. Choose an .xlsx, .xls, .ods or .csv file."
    ),
    "picture": N_("This is a picture, not a spreadsheet. Choose an .xlsx, .xls, .ods or .csv file."),
    "web_page": N_(
        "This is a web page under the name of a spreadsheet. "
        "Open it in Excel or WPS, save it as .xlsx, and choose the new file."
    ),
    "no_such_sheet": N_("The file has no sheet “%(sheet)s” with anything in it; it has %(sheets)s."),
    "no_sheets": N_("A text file has no sheets. Choose it without naming one."),
    "other_type": N_(
        "This is not a spreadsheet, whatever its name says. Choose an .xlsx, .xls, .ods or .csv file."
    ),
    "not_text": N_(
        "The file holds characters that no text has, so it is not a CSV table. "
        "Open it in Excel or WPS, save it as .xlsx, and choose the new file."
    ),
    "encoding": N_(
        "The text of this file is neither UTF-8 nor GB18030. "
        "Save it in Excel or WPS as .xlsx or as “CSV UTF-8”, and choose the new file."
    ),
    "mixed_encodings": N_(
        "The lines of this file are in different encodings (see line %(line)s), so texts would be wrong. "
        "Open it in Excel or WPS, correct those lines, save the table as .xlsx, and choose the new file."
    ),
}


class Unreadable(Refused):
    """The file cannot be read as a table; the sentence says why and what to do."""


@dataclass(frozen=True)
class Table:
    """The filled rows of one sheet, all equally wide, and the number each has in the spreadsheet.

    Hidden rows and columns are among them. A cell merged downwards stands in each of its rows; a cell
    without a value shows the error, such as #N/A.
    """

    rows: list[list[str]]
    row_numbers: list[int]
    sheet: str
    other_sheets: list[str] = field(default_factory=list)
    is_1904: bool = False
    hidden_rows: list[int] = field(default_factory=list)


def read_table(content: bytes, filename: str, sheet: str = "") -> Table:
    """Read an xlsx, xls, xlsb, ods or csv file of at most 20 MB; raise Unreadable when that is impossible.

    What it is is seen from its content. Of a workbook the named sheet is read, by default the first that
    holds anything. Cells come as a person sees them; blank rows are left out.
    """
    try:
        return _read(content, PurePath(filename).suffix.lower(), sheet)
    except Problem as problem:
        raise Unreadable(SENTENCES[problem.key], **problem.params) from problem


def _read(content: bytes, suffix: str, sheet: str) -> Table:
    if len(content) > MAX_FILE_BYTES:
        raise Problem("too_large", limit=MAX_FILE_BYTES // MEGABYTE)
    if not content.strip():
        raise Problem("empty")
    if content.startswith((ZIP_START, OLE_START)):
        _require_workbook(content)
        return _read_in_child(content, sheet)
    if wrong := [problem for start, problem in STARTS if content.startswith(start)]:
        raise Problem(wrong[0])
    if sheet:
        raise Problem("no_sheets")
    return _read_text(content, suffix)


def _read_text(content: bytes, suffix: str) -> Table:
    if suffix not in TEXT_SUFFIXES + BOOK_SUFFIXES:
        raise Problem("other_type")
    try:
        return _table(read_text_table(content), {"sheet": ""})
    except Problem as problem:
        is_no_text = suffix in BOOK_SUFFIXES and problem.key in ("not_text", "encoding")
        raise Problem("other_type") if is_no_text else problem from problem


def _require_workbook(content: bytes) -> None:
    if content.startswith(ZIP_START):
        return
    if _has_stream(content, "EncryptedPackage"):
        raise Problem("password")
    if not _has_stream(content, "Workbook", "Book"):
        is_document = _has_stream(content, "WordDocument", "PowerPoint Document")
        raise Problem("document" if is_document else "other_type")


def _has_stream(content: bytes, *names: str) -> bool:
    # The directory of an OLE file names its streams in UTF-16.
    return any(name.encode("utf-16-le") in content for name in names)


def _table(numbered: Iterable[tuple[int, list[str]]], about: dict[str, Any]) -> Table:
    numbers, rows = [], []
    for number, cells in numbered:
        numbers.append(number)
        rows.append(cells)
    if not rows:
        raise Problem("empty")
    width = max(map(len, rows))
    for cells in rows:
        cells.extend([""] * (width - len(cells)))
    return Table(rows, numbers, **about)


def _read_in_child(content: bytes, sheet: str) -> Table:
    asked = json.dumps({"sheet": sheet}).encode() + b"\n"
    try:
        return _table_of_answer(run_apart("visits.core.spreadsheet_child", asked + content, WALL_SECONDS))
    except Stopped as stopped:
        raise Problem(stopped.key) from stopped


def _table_of_answer(answer: bytes) -> Table:
    lines = [json.loads(line) for line in answer.splitlines()]
    if "problem" in lines[-1]:
        raise Problem(lines[-1]["problem"], **lines[-1]["params"])
    return _table(lines[1:], lines[0])
