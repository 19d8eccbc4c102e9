"""A look into a superior's workbook before it is opened: what is refused, and what no copy can keep."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from visits.core.spreadsheet_limits import MEGABYTE, Problem, column_letters
from visits.core.spreadsheet_scan import scan_packed_workbook
from visits.core.spreadsheet_xml import Attributes, XmlWatcher

MAX_BYTES = 5 * MEGABYTE
MAX_UNPACKED = 60 * MEGABYTE
MAX_CELLS = 200_000  # with those that have a format only
MAX_ROW, MAX_COLUMN = 5_000, 200
MAX_SHEETS = 30
MAX_NAME = 31  # what Excel and WPS allow for the name of a sheet
CHUNK = 64 * 1024
CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
OUTSIDE = re.compile(
    r"\[\d+\]|\||\b(?:WEBSERVICE|RTD|CALL|REGISTER\.ID|IMAGE|FILTERXML)\s*\(", re.IGNORECASE
)
IN_QUOTES = re.compile(r'"(?:[^"]|"")*"')
LINKS = ("http://", "https://", "mailto:")
REFUSED_PARTS = (
    ("vbaproject", "macros"),
    ("xl/macrosheets/", "macros"),
    ("xl/externallinks/", "outside"),
    ("xl/connections.xml", "outside"),
    ("xl/querytables/", "outside"),
    ("xl/model/", "outside"),
    ("xl/embeddings/", "embedded"),
    ("xl/activex/", "embedded"),
    ("xl/ctrlprops/", "embedded"),
)
LOST_PARTS = (
    ("xl/charts/", "charts"),
    ("xl/pivottables/", "pivots"),
    ("xl/slicers/", "pivots"),
    ("xl/timelines/", "pivots"),
    ("xl/threadedcomments/", "threads"),
    ("_xmlsignatures/", "signature"),
    ("xl/chartsheets/", "charts"),
)
LOST_TAGS = {
    "sp": "shapes",
    "cxnSp": "shapes",
    "sparklineGroups": "sparklines",
    "legacyDrawingHF": "watermark",
    "picture": "watermark",
}
KEPT_PICTURES = (".png", ".jpg", ".jpeg", ".gif")


def scanned(content: bytes) -> list[str]:
    """Say what of a workbook would be lost in a copy; raise Problem when it is not to be opened at all."""
    if len(content) > MAX_BYTES:
        raise Problem("too_large", limit=MAX_BYTES // MEGABYTE)
    scan_packed_workbook(content)  # packed too often, locked, broken, no workbook
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sorted(set(_looked_at(archive)))
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, LookupError, ValueError) as error:
        raise Problem("broken") from error


def _looked_at(archive: zipfile.ZipFile) -> Iterator[str]:
    names = archive.namelist()
    if "xl/workbook.xml" not in names:
        raise Problem("not_xlsx")
    if len({name.lower() for name in names}) < len(names):
        raise Problem("broken")  # two parts of one name: one program would read this, another that
    room, left = Room(), MAX_UNPACKED
    for name in names:
        low = name.lower()
        for start, problem in REFUSED_PARTS:
            if start in low:
                raise Problem(problem)
        yield from (lost for start, lost in LOST_PARTS if low.startswith(start))
        if low.startswith("xl/media/") and not low.endswith(KEPT_PICTURES):
            yield "pictures"
        watcher = Part(low, room)
        left -= _fed(archive, name, watcher)
        if left < 0:
            raise Problem("too_big")
        yield from watcher.lost


def _fed(archive: zipfile.ZipFile, name: str, watcher: "Part") -> int:
    size, is_xml = 0, name.lower().endswith((".xml", ".rels", ".vml"))
    with archive.open(name) as stream:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if is_xml and not name.lower().endswith(".vml"):
                watcher.feed(chunk, False)
    if is_xml and not name.lower().endswith(".vml"):
        watcher.feed(b"", True)
    return size


class Room:
    """How many cells the sheets may still have together."""

    def __init__(self) -> None:
        self.left = MAX_CELLS

    def take(self, cells: int) -> None:
        """Count cells in; raise Problem when there are too many."""
        self.left -= cells
        if self.left < 0:
            raise Problem("too_many_cells", limit=MAX_CELLS)


class Part(XmlWatcher):
    """One part of the workbook in XML: none may declare entities, sheets may not be endless."""

    def __init__(self, name: str, room: Room) -> None:
        super().__init__()
        self.is_sheet = name.startswith("xl/worksheets/") and name.endswith(".xml")
        self.is_drawing = name.startswith("xl/drawings/")
        self.is_book = name == "xl/workbook.xml"
        self.is_relations = name.endswith(".rels")
        self.room = room
        self.lost: list[str] = []
        self.sheets = 0
        self.formula = ""
        self.parser.EndElementHandler = self.end

    def start(self, tag: str, attributes: Attributes) -> None:
        """Follow a start tag."""
        name = tag.rpartition(" ")[2]
        if self.is_sheet:
            self._in_sheet(name, tag, attributes)
        elif self.is_drawing and name in LOST_TAGS:
            self.lost.append(LOST_TAGS[name])
        elif self.is_book and name == "sheet":
            self._sheet(attributes.get("name", ""))
        elif self.is_relations and name == "Relationship":
            _require_inside(attributes)

    def _in_sheet(self, name: str, tag: str, attributes: Attributes) -> None:
        if name in ("c", "row"):
            self.room.take(1)
            _require_within(attributes.get("r", ""))
        elif name in ("mergeCell", "hyperlink"):
            self.room.take(_size_of(attributes.get("ref", "")))
        elif name == "f":
            self.formula = ""
            self.parser.CharacterDataHandler = self._hear
            if attributes.get("t") == "dataTable":
                raise Problem("what_if")
        elif name in LOST_TAGS:
            self.lost.append(LOST_TAGS[name])
        elif name in ("conditionalFormatting", "dataValidation") and "/main" not in tag:
            self.lost.append("new_rules")

    def end(self, tag: str) -> None:
        """Judge a formula that is complete."""
        if self.is_sheet and tag.rpartition(" ")[2] == "f":
            self.parser.CharacterDataHandler = None
            if OUTSIDE.search(IN_QUOTES.sub("", self.formula)):
                raise Problem("outside_formula", formula=self.formula[:60])

    def _hear(self, text: str) -> None:
        self.formula += text

    def _sheet(self, name: str) -> None:
        self.sheets += 1
        if self.sheets > MAX_SHEETS:
            raise Problem("too_many_sheets", limit=MAX_SHEETS)
        if not name or len(name) > MAX_NAME:
            raise Problem("sheet_name", name=name[:40], limit=MAX_NAME)


def _require_inside(attributes: Attributes) -> None:
    if attributes.get("TargetMode") != "External":
        return
    is_link = attributes.get("Type", "").endswith("/hyperlink")
    if not (is_link and attributes.get("Target", "").lower().startswith(LINKS)):
        raise Problem("outside")


def _require_within(address: str) -> None:
    row, column = _position(address)
    if row > MAX_ROW:
        raise Problem("too_many_rows", row=row, limit=MAX_ROW)
    if column > MAX_COLUMN:
        raise Problem("too_many_columns", column=column_letters(column), limit=MAX_COLUMN)


def _position(address: str) -> tuple[int, int]:
    """Row and column of "B2"; of a bare row number or of nothing, that and 0."""
    if address.isdecimal() and len(address) < 10:
        return int(address), 0
    found = CELL.fullmatch(address)
    if found is None:
        if address:
            raise Problem("broken")
        return 0, 0
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column


def _size_of(area: str) -> int:
    first, _, last = area.partition(":")
    (top, left), (bottom, right) = _position(first), _position(last or first)
    return max(1, (abs(bottom - top) + 1) * (abs(right - left) + 1))
