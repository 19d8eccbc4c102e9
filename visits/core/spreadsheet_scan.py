"""A look into a packed workbook before it is opened: kind, unpacked size, farthest filled cell, notes."""

import io
import posixpath
import struct
import zipfile
import zlib
from typing import Protocol
from xml.parsers import expat

from visits.core.spreadsheet_limits import MAX_UNPACKED_BYTES, MEGABYTE, Problem
from visits.core.spreadsheet_notes import BookNotes
from visits.core.spreadsheet_records import BinarySheet, binary_sheets
from visits.core.spreadsheet_xml import OfficeSheet, OpenDocument, Tags, Watcher

MAX_MEMBERS = 2_000
MAX_RATIO = 100
# Small members may shrink a hundredfold honestly (empty styled rows do); they do no harm either.
RATIO_COUNTS_FROM = 10 * MEGABYTE
CHUNK = 64 * 1024


class Kind(Protocol):
    """A kind of workbook: what is watched in it while it is unpacked, and what that says in the end."""

    def watcher(self, member: str) -> Watcher | None:
        """The watcher of a member, if it is one to be watched."""

    def notes(self, archive: zipfile.ZipFile) -> BookNotes:
        """All that was noted."""


def scan_packed_workbook(content: bytes) -> BookNotes:
    """Return the notes on an xlsx, xlsb or ods workbook; raise Problem when it cannot be opened safely."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _scan(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        struct.error,
        NotImplementedError,  # a way of packing that Python lacks
        EOFError,
        LookupError,
        ValueError,
    ) as error:
        raise Problem("broken") from error


def _scan(archive: zipfile.ZipFile) -> BookNotes:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise Problem("too_big")
    if any(member.flag_bits & 1 for member in members):
        raise Problem("password")
    kind = _kind_of(archive)
    left = MAX_UNPACKED_BYTES
    for member in members:
        left -= _unpack(archive, member, kind.watcher(member.filename), left)
    return kind.notes(archive)


def _kind_of(archive: zipfile.ZipFile) -> Kind:
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return OfficeBook()
    if "xl/workbook.bin" in names:
        return BinaryBook()
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise Problem("document")
    if "content.xml" in names and b"spreadsheet" in _head(archive, "mimetype"):
        if b"encryption-data" in _head(archive, "META-INF/manifest.xml"):
            raise Problem("password")
        return OpenBook()
    raise Problem("document" if "content.xml" in names else "other_type")


def _head(archive: zipfile.ZipFile, name: str) -> bytes:
    if name not in archive.namelist():
        return b""
    with archive.open(name) as stream:
        return stream.read(CHUNK)


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, watcher: Watcher | None, left: int) -> int:
    # What the directory says of sizes may be a lie; only the bytes that come out count.
    size, largest = 0, max(RATIO_COUNTS_FROM, member.compress_size * MAX_RATIO)
    with archive.open(member) as stream:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > left or size > largest:
                raise Problem("too_big")
            if watcher:
                watcher.feed(chunk, False)
    if watcher:
        watcher.feed(b"", True)
    return size


class OfficeBook:
    """An xlsx workbook."""

    def __init__(self) -> None:
        self.sheets: dict[str, OfficeSheet] = {}

    def watcher(self, member: str) -> Watcher | None:
        """Every part in XML is watched: all must be free of entities."""
        if member.startswith("xl/") and member.endswith(".xml"):
            return self.sheets.setdefault(member, OfficeSheet())
        return None

    def notes(self, archive: zipfile.ZipFile) -> BookNotes:
        """The sheets' notes by the names the workbook gives them."""
        tags = _tags(archive, "xl/workbook.xml")
        parts = _parts(archive, "xl/_rels/workbook.xml.rels")
        notes = BookNotes()
        for name, attributes in tags:
            if name == "workbookPr":
                notes.is_1904 = attributes.get("date1904") in ("1", "true")
            elif name == "sheet" and (sheet := self.sheets.get(parts.get(attributes.get("id", ""), ""))):
                notes.sheets[attributes.get("name", "")] = sheet.notes
        return notes


class BinaryBook:
    """An xlsb workbook."""

    def __init__(self) -> None:
        self.sheets: dict[str, BinarySheet] = {}

    def watcher(self, member: str) -> Watcher | None:
        """Its sheets are watched; the rest has no cells and, in records, no entities."""
        if member.startswith("xl/worksheets/") and member.endswith(".bin"):
            return self.sheets.setdefault(member, BinarySheet())
        return None

    def notes(self, archive: zipfile.ZipFile) -> BookNotes:
        """The sheets' notes by the names the workbook gives them."""
        named, is_1904 = binary_sheets(archive.read("xl/workbook.bin"))
        parts = _parts(archive, "xl/_rels/workbook.bin.rels")
        found = {name: self.sheets.get(parts.get(relation, "")) for name, relation in named}
        return BookNotes({name: sheet.notes for name, sheet in found.items() if sheet}, is_1904)


class OpenBook:
    """An ods workbook: all its sheets are in one member."""

    def __init__(self) -> None:
        self.document = OpenDocument()

    def watcher(self, member: str) -> Watcher | None:
        """Only the contents are watched; they alone are read."""
        return self.document if member == "content.xml" else None

    def notes(self, archive: zipfile.ZipFile) -> BookNotes:
        """The notes by sheet."""
        return BookNotes(self.document.sheets)


def _tags(archive: zipfile.ZipFile, member: str) -> list[tuple[str, dict[str, str]]]:
    # Called after all members were unpacked within the limits.
    tags = Tags()
    tags.feed(archive.read(member), True)
    return tags.found


def _parts(archive: zipfile.ZipFile, member: str) -> dict[str, str]:
    """Which member a relation of the workbook means."""
    if member not in archive.namelist():
        return {}
    targets = {
        attributes.get("Id", ""): attributes.get("Target", "") for _, attributes in _tags(archive, member)
    }
    return {key: posixpath.normpath(posixpath.join("/xl", target))[1:] for key, target in targets.items()}
