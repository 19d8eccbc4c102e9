"""A document as content: title, headings, paragraphs, tables.

The component `document` shows it on a page for the printer, `core.word` writes it for Word. Red heads,
document numbers and seals are the office's own and never drawn here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


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
    """A table with a head; `widths` are shares of the line."""

    shape: ClassVar[str] = "grid"
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()


Block = Heading | Text | Labelled | Signed | Note | Facts | Grid


@dataclass(frozen=True)
class Sheet:
    """A document: its title and what stands below it."""

    title: str
    blocks: Sequence[Block]
