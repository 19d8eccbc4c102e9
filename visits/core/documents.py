"""A document as content: title, headings, paragraphs, tables.

The component `document` shows it on a page for the printer, `core.word` writes it for Word,
`core.typeset` as a PDF. Red heads, document numbers and seals are the office's own and never drawn here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from unicodedata import east_asian_width

# XML 1.0 knows no other characters; no office program would open a file that holds one.
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
BETWEEN_WORDS = re.compile(r"(?<=[!-~])\n(?=[!-~])")
TITLE_WIDTH = 40  # columns: 20 characters of 22 pt on 156 mm


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (一、), 2 ((一)) or 3 (1.)."""

    shape: ClassVar[str] = "heading"
    text: str
    level: int = 1


@dataclass(frozen=True)
class Text:
    """A paragraph, its first line two characters in."""

    shape: ClassVar[str] = "text"
    text: str


@dataclass(frozen=True)
class Labelled:
    """A paragraph that begins with what it is about: 时间：…"""

    shape: ClassVar[str] = "labelled"
    label: str
    text: str


@dataclass(frozen=True)
class Signed:
    """The last lines of a document, at its right: who, when."""

    shape: ClassVar[str] = "signed"
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Note:
    """A line in small type: who printed it, how figures are counted."""

    shape: ClassVar[str] = "note"
    text: str


@dataclass(frozen=True)
class Facts:
    """A ruled form: each row one or two pairs of label and value, or a label and an empty field."""

    shape: ClassVar[str] = "facts"
    rows: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True)
class Grid:
    """A table with a head that is repeated on every page.

    `widths` are shares of the line, `sides` a letter per column: l, c or r. A small one holds many columns.
    `notes` stand below it, on the page of its last rows.
    """

    shape: ClassVar[str] = "grid"
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()
    sides: str = ""
    caption: str = ""
    is_small: bool = False
    notes: tuple[str, ...] = ()

    def side(self, column: int) -> str:
        """Where the texts of a column stand."""
        return self.sides[column] if column < len(self.sides) else "l"


@dataclass(frozen=True)
class Attached:
    """Below the text, the annexes that follow, each by its title."""

    shape: ClassVar[str] = "attached"
    titles: tuple[str, ...]


@dataclass(frozen=True)
class Annex:
    """Begins an annex on a page of its own; a wide one lies across, as does all until the next one."""

    shape: ClassVar[str] = "annex"
    label: str
    title: str
    is_wide: bool = False


Block = Heading | Text | Labelled | Signed | Note | Facts | Grid | Attached | Annex


@dataclass(frozen=True)
class Sheet:
    """A document: its title, a line feed wherever a long one may be parted, and what stands below it."""

    title: str
    blocks: Sequence[Block]

    @property
    def title_parts(self) -> tuple[str, ...]:
        """The parts of the title, which read as one when put together."""
        return parted(self.title)

    @property
    def name(self) -> str:
        """The title in one piece."""
        return "".join(self.title_parts)

    @property
    def title_lines(self) -> tuple[str, ...]:
        """The title on paper: parted where it takes more than a line (GB/T 9704-2012, 7.3.1)."""
        return (self.name,) if width_of(self.name) <= TITLE_WIDTH else self.title_parts


def parted(title: str) -> tuple[str, ...]:
    """The parts of a title; those that end with a Latin word keep a space behind it."""
    return tuple(BETWEEN_WORDS.sub(" \n", title).split("\n"))


def width_of(text: str) -> int:
    """How many columns a text takes: a Chinese character takes two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def fit_for_xml(text: str) -> str:
    """Leave out of a text what no XML document may hold."""
    return NOT_IN_XML.sub("", text)
