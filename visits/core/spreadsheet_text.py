"""Tables in text files: their encoding, their delimiter, their rows."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from visits.core.formulas import unguarded_text
from visits.core.spreadsheet_limits import MAX_CELL_CHARACTERS, Problem, filled_rows

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ENCODINGS = ("utf-8", "gb18030")
DELIMITERS = (",", ";", "\t")
SAMPLE_ROWS = 20
CHINESE = re.compile(r"[\u4e00-\u9fff]")
MARKUP = ("<!doctype", "<html", "<head", "<meta", "<table", "<?xml")


def read_text_table(content: bytes) -> list[tuple[int, list[str]]]:
    """Return the filled rows of a CSV file with their numbers; raise Problem when it is none."""
    text = decode(content)
    if text[:200].lstrip().lower().startswith(MARKUP):
        raise Problem("web_page")
    return list(filled_rows(_records(text, _delimiter_of(text))))


def decode(content: bytes) -> str:
    """Return the text of bytes in UTF-8, UTF-16 with a byte order mark, or GB18030."""
    marked = [encoding for mark, encoding in BYTE_ORDER_MARKS if content.startswith(mark)]
    if not marked and b"\x00" in content:
        raise Problem("not_text")
    for encoding in marked or ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            if encoding == "utf-8":
                _require_one_encoding(content)
    raise Problem("encoding")


def _require_one_encoding(content: bytes) -> None:
    """Raise Problem when some lines are UTF-8 and some are not; the whole might pass for GB18030."""
    other, has_utf8 = 0, False
    for number, line in enumerate(content.split(b"\n"), start=1):
        try:
            # By chance two Chinese characters of GB18030 hardly ever make two of UTF-8.
            has_utf8 |= len(CHINESE.findall(line.decode())) > 1
        except UnicodeDecodeError:
            other = other or number
    if has_utf8:
        raise Problem("mixed_encodings", line=other)


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    # A spreadsheet counts records, not lines: a quoted cell may hold several lines.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield [unguarded_text(cell) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            raise _problem_of(error, number) from error


def _problem_of(error: csv.Error, number: int) -> Problem:
    if "field larger than" in str(error):
        return Problem("cell_too_long", row=number, limit=MAX_CELL_CHARACTERS)
    return Problem("quotation_mark", row=number)


def _delimiter_of(text: str) -> str:
    return max(DELIMITERS, key=lambda delimiter: _fit(text, delimiter))


def _fit(text: str, delimiter: str) -> tuple[int, int]:
    """Rank a delimiter: how many of the first rows it cuts as wide as the header, and how wide that is."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        widths = [len(row) for row in islice(filter(None, reader), SAMPLE_ROWS)]
    except csv.Error:
        return 0, 0
    header = widths[0] if widths else 0
    return (widths.count(header), header) if header > 1 else (0, 0)
