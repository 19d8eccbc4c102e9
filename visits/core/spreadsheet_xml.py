"""Sheets in XML (xlsx, ods) followed tag by tag while they are unpacked."""

import re
from typing import Protocol
from xml.parsers import expat

from visits.core.spreadsheet_limits import Problem, require_within
from visits.core.spreadsheet_notes import NOT_CALCULATED, SheetNotes

CELL_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "

Attributes = dict[str, str]


class Watcher(Protocol):
    """Follows one member of a packed workbook."""

    def feed(self, chunk: bytes, is_last: bool) -> object:
        """Take the next piece."""


class XmlWatcher:
    """Parses a member; what is of interest in it is for those who derive from this one."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.StartDoctypeDeclHandler = _refuse_doctype

    def feed(self, chunk: bytes, is_last: bool) -> object:
        """Take the next piece."""
        self.parser.Parse(chunk, is_last)
        if is_last:
            self.close_cell()
        return None

    def start(self, tag: str, attributes: Attributes) -> None:
        """Follow a start tag."""

    def close_cell(self) -> None:
        """Finish the cell before."""


def _refuse_doctype(*_declaration: object) -> None:
    # No workbook has one; entities that swell or fetch files need one.
    raise Problem("broken")


class OfficeSheet(XmlWatcher):
    """Cells of an xlsx sheet: `<c r="B2"><v>…`; a cell without content has only a format."""

    def __init__(self) -> None:
        super().__init__()
        self.notes = SheetNotes()
        self.row = self.column = 0
        self.reference: str | None = None
        self.is_error = self.has_formula = self.is_filled = False
        self.said = ""

    def start(self, tag: str, attributes: Attributes) -> None:
        """Stop at a filled cell outside the limits; note what the values do not tell."""
        name = tag.rpartition(" ")[2]
        if name == "c":
            self.close_cell()
            self.column += 1
            self.reference = attributes.get("r")
            self.is_error = attributes.get("t") == "e"
            self.has_formula = self.is_filled = False
        elif name in ("v", "is", "f"):
            self._fill(name)
        elif name == "row":
            self._start_row(attributes)
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _fill(self, name: str) -> None:
        if not (self.is_filled or self.has_formula):
            require_within(*self._position())
        if name == "f":
            self.has_formula = True
            return
        self.is_filled = True
        if self.is_error:
            self.parser.CharacterDataHandler = self._hear

    def _start_row(self, attributes: Attributes) -> None:
        self.close_cell()
        given = attributes.get("r", "")
        self.row, self.column = int(given) if given.isdecimal() else self.row + 1, 0
        if attributes.get("hidden") in ("1", "true"):
            self.notes.hide(self.row, self.row)

    def _merge(self, area: str) -> None:
        first, _, last = area.partition(":")
        (row, column), (end, _) = _position(first), _position(last or first)
        self.notes.merge((row, end), column)

    def _hear(self, text: str) -> None:
        self.said += text

    def _position(self) -> tuple[int, int]:
        return _position(self.reference) if self.reference else (self.row or 1, self.column or 1)

    def close_cell(self) -> None:
        """Note what the cell before shows in place of a value."""
        if self.is_error and self.is_filled:
            self.parser.CharacterDataHandler = None
            self.notes.failed[self._position()] = self.said.strip() or "#VALUE!"
        elif self.has_formula and not self.is_filled:
            self.notes.failed[self._position()] = NOT_CALCULATED
        self.said, self.is_error, self.has_formula = "", False, False


def _position(reference: str) -> tuple[int, int]:
    found = CELL_REFERENCE.fullmatch(reference)
    if not found:
        raise Problem("broken")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column


class OpenDocument(XmlWatcher):
    """Sheets of an ods file; cells have no address but repeat themselves and their rows."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: dict[str, SheetNotes] = {}
        self.notes = SheetNotes()
        self.row = self.column = 0
        self.is_error = False
        self.said = ""

    def start(self, tag: str, attributes: Attributes) -> None:
        """Stop at a filled cell outside the limits; note what the values do not tell."""
        name = tag.rpartition(" ")[2]
        if name in ("table", "table-row", "table-cell", "covered-table-cell"):
            self.close_cell()
        if name == "table":
            self.row = self.column = 0
            self.notes = self.sheets.setdefault(attributes.get(TABLE + "name", ""), SheetNotes())
        elif name == "table-row":
            repeats = _number(attributes, "number-rows-repeated")
            if attributes.get(TABLE + "visibility", "visible") != "visible":
                self.notes.hide(self.row + 1, self.row + repeats)
            self.row, self.column = self.row + repeats, 0
        elif name in ("table-cell", "covered-table-cell"):
            self._cell(attributes)

    def _cell(self, attributes: Attributes) -> None:
        self.column += _number(attributes, "number-columns-repeated")
        types = {key.rpartition(" ")[0]: value for key, value in attributes.items() if _is_type(key)}
        if types:
            require_within(self.row, self.column)
        if "error" in types.values():
            self.is_error = True
            self.parser.CharacterDataHandler = self._hear
        rows = _number(attributes, "number-rows-spanned")
        self.notes.merge((self.row, self.row + rows - 1), self.column)

    def _hear(self, text: str) -> None:
        self.said += text

    def close_cell(self) -> None:
        """Note what the cell before shows in place of a value."""
        if self.is_error:
            self.parser.CharacterDataHandler = None
            said = self.said.strip()
            self.notes.failed[self.row, self.column] = said if said.startswith("#") else "#VALUE!"
        self.said, self.is_error = "", False


def _is_type(key: str) -> bool:
    return key.endswith(" value-type")


def _number(attributes: Attributes, name: str) -> int:
    return int(attributes.get(TABLE + name, "1"))


class Tags(XmlWatcher):
    """Collects the start tags of a short member, such as the list of a workbook's sheets."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, Attributes]] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        """Keep the tag and its attributes, both without their namespaces."""
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        self.found.append((tag.rpartition(" ")[2], plain))
