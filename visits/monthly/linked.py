"""The texts of a report as its page shows them: each number that was generated leads to its rows.

What is stored and exported stays plain. The texts are written once more from the report's own figures, with
marks around their numbers; a line that reads the same gets its links, one that somebody wrote has none.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from visits.monthly import prose
from visits.monthly.content import Content

Link = Callable[..., str | None]
Piece = tuple[str, str | None]  # words, and the address of their rows
BEGIN, THEN, END = "\ue000", "\ue001", "\ue002"  # no text that people read holds these
MARKED = re.compile(f"{BEGIN}([0-9]+){THEN}([^{BEGIN}{THEN}{END}]*){END}")
NOTHING = "—"


def linked_lines(content: Content, link: Link) -> Mapping[str, Sequence[Piece]]:
    """The lines that these figures generate, each with its pieces."""
    addresses: list[str | None] = []

    def mark(words: str, key: str, **asked: Any) -> str:
        if words == NOTHING:
            return words
        addresses.append(link(key, **{name: value for name, value in asked.items() if value is not None}))
        return f"{BEGIN}{len(addresses) - 1}{THEN}{words}{END}"

    lines = [line for text in prose.texts_for(content, mark).values() for line in text.splitlines()]
    return {MARKED.sub(r"\2", line): _pieces(line, addresses) for line in lines}


def _pieces(line: str, addresses: Sequence[str | None]) -> list[Piece]:
    found, last = list[Piece](), 0
    for mark in MARKED.finditer(line):
        number = int(mark[1])
        found += [(line[last : mark.start()], None)]
        found += [(mark[2], addresses[number] if number < len(addresses) else None)]
        last = mark.end()
    return [(words, url) for words, url in (*found, (line[last:], None)) if words]


def pieces_of(text: str, lines: Mapping[str, Sequence[Piece]]) -> list[Sequence[Piece]]:
    """A text line by line, with the links of those lines that were generated."""
    return [lines.get(line) or [(line, None)] for line in text.splitlines()]
