"""A look into a packed workbook before it is opened: kind, unpacked size, farthest filled cell."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat

from visits.core.spreadsheet_limits import MAX_UNPACKED_BYTES, MEGABYTE, Problem, require_within

MAX_MEMBERS = 2_000
MAX_RATIO = 100
# Small members may shrink a hundredfold honestly (empty styled rows do); they do no harm either.
RATIO_COUNTS_FROM = 10 * MEGABYTE
CHUNK = 64 * 1024
CELL_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")

Attributes = dict[str, str]


def scan_packed_workbook(content: bytes) -> None:
    """Raise Problem unless this is an xlsx or ods workbook that can be opened without harm."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _scan(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        NotImplementedError,
        EOFError,
        ValueError,
    ) as error:
        raise Problem("broken") from error


def _scan(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise Problem("too_big")
    if any(member.flag_bits & 1 for member in members):
        raise Problem("password")
    is_sheet_xml, watch = _kind_of(archive)
    left = MAX_UNPACKED_BYTES
    for member in members:
        feed = _parser(watch) if is_sheet_xml(member.filename) else _ignore
        left -= _unpack(archive, member, feed, left)


def _kind_of(archive: zipfile.ZipFile) -> tuple[Callable[[str], bool], type["_Cells"]]:
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return (lambda name: name.startswith("xl/") and name.endswith(".xml")), _OfficeCells
    if "xl/workbook.bin" in names:
        raise Problem("binary_workbook")
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise Problem("document")
    if "content.xml" in names and b"spreadsheet" in _head(archive, "mimetype"):
        if b"encryption-data" in _head(archive, "META-INF/manifest.xml"):
            raise Problem("password")
        return (lambda name: name == "content.xml"), _OpenDocumentCells
    raise Problem("document" if "content.xml" in names else "other_type")


def _head(archive: zipfile.ZipFile, name: str) -> bytes:
    if name not in archive.namelist():
        return b""
    with archive.open(name) as stream:
        return stream.read(CHUNK)


def _unpack(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, feed: Callable[[bytes, bool], object], left: int
) -> int:
    # What the directory says of sizes may be a lie; only the bytes that come out count.
    size, largest = 0, max(RATIO_COUNTS_FROM, member.compress_size * MAX_RATIO)
    with archive.open(member) as stream:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > left or size > largest:
                raise Problem("too_big")
            feed(chunk, False)
    feed(b"", True)
    return size


def _ignore(_chunk: bytes, _is_last: bool) -> None:
    """Take the place of a parser for members that hold no sheet."""


def _parser(watch: type["_Cells"]) -> Callable[[bytes, bool], object]:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = watch().start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser.Parse


def _refuse_doctype(*_declaration: object) -> None:
    # No workbook has one; entities that swell or fetch files need one.
    raise Problem("broken")


class _Cells:
    """Follows the start tags of a sheet and stops at a filled cell outside the limits."""

    def start(self, tag: str, attributes: Attributes) -> None:
        raise NotImplementedError


class _OfficeCells(_Cells):
    """Cells of an xlsx sheet: `<c r="B2"><v>…`; a cell without content has only a format."""

    reference: str | None = None

    def start(self, tag: str, attributes: Attributes) -> None:
        name = tag.rpartition(" ")[2]
        if name == "c":
            self.reference = attributes.get("r")
        elif name in ("v", "f", "is") and self.reference:
            require_within(*_position(self.reference))
            self.reference = None


def _position(reference: str) -> tuple[int, int]:
    found = CELL_REFERENCE.fullmatch(reference)
    if not found:
        raise Problem("broken")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column


class _OpenDocumentCells(_Cells):
    """Cells of an ods sheet, which have no address but repeat themselves and their rows."""

    row = 0
    column = 0

    def start(self, tag: str, attributes: Attributes) -> None:
        name = tag.rpartition(" ")[2]
        if name == "table":
            self.row = 0
        elif name == "table-row":
            self.row += _repeats(attributes, "number-rows-repeated")
            self.column = 0
        elif name in ("table-cell", "covered-table-cell"):
            self.column += _repeats(attributes, "number-columns-repeated")
            if any(key.endswith(" value-type") for key in attributes):
                require_within(self.row, self.column)


def _repeats(attributes: Attributes, name: str) -> int:
    return next((int(value) for key, value in attributes.items() if key.endswith(" " + name)), 1)
