"""What becomes of addresses and formulas when a row of a sheet is repeated and the rest moves down."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from openpyxl.formula.tokenizer import Token, Tokenizer

SHEET = r"(?P<sheet>(?:'(?:[^']|'')+'|[^'!:]+)!)?"
AREA = re.compile(
    SHEET + r"(?P<c1>\$?[A-Z]{1,3})(?P<a1>\$?)(?P<r1>\d+)(?::(?P<c2>\$?[A-Z]{1,3})(?P<a2>\$?)(?P<r2>\d+))?"
)
ROWS = re.compile(SHEET + r"(?P<c1>)(?P<a1>\$?)(?P<r1>\d+):(?P<c2>)(?P<a2>\$?)(?P<r2>\d+)")


@dataclass(frozen=True)
class Growth:
    """The rows first to last of a sheet get `extra` more below them."""

    first: int
    last: int
    extra: int

    def moved(self, row: int) -> int:
        """Where a row lies afterwards."""
        return row + self.extra if row > self.last else row

    def stretched(self, first: int, last: int) -> tuple[int, int]:
        """Where an area from row to row lies afterwards; one that holds the last repeated row grows."""
        if first <= self.last <= last:
            return first, last + self.extra
        return self.moved(first), self.moved(last)

    def is_inside(self, row: int) -> bool:
        """Whether a row is one of those repeated."""
        return self.first <= row <= self.last


Change = Callable[[str, re.Match[str]], str]


def _each_area(formula: str, change: Change) -> str:
    """The formula with every address in it changed; what is no address stays."""
    said = []
    for token in Tokenizer(formula).items:
        value = token.value
        if token.type == Token.OPERAND and token.subtype == Token.RANGE:
            found = AREA.fullmatch(value) or ROWS.fullmatch(value)
            value = change(_sheet_of(found["sheet"]), found) if found else value
        said.append(value)
    return "=" + "".join(said)


def _sheet_of(prefix: str | None) -> str:
    if not prefix:
        return ""
    return prefix[:-1].removeprefix("'").removesuffix("'").replace("''", "'")


def _written(found: re.Match[str], first: int, last: int | None) -> str:
    start = f"{found['sheet'] or ''}{found['c1']}{found['a1']}{first}"
    return start if last is None else f"{start}:{found['c2']}{found['a2']}{last}"


def _grown_area(growth: Growth, found: re.Match[str]) -> str:
    if not found["r2"]:
        return _written(found, growth.moved(int(found["r1"])), None)
    return _written(found, *growth.stretched(int(found["r1"]), int(found["r2"])))


def _as_formula(text: str) -> str:
    return text if text.startswith("=") else f"={text}"


def grown(text: str, own: str, growths: Mapping[str, Growth]) -> str:
    """A formula of sheet `own` after rows of some sheets were repeated; with or without its equals sign."""

    def change(sheet: str, found: re.Match[str]) -> str:
        growth = growths.get(sheet or own)
        return found[0] if growth is None else _grown_area(growth, found)

    return _changed(text, change)


def repeated(text: str, own: str, growths: Mapping[str, Growth], down: int) -> str:
    """A formula of the repeated row as it stands `down` rows below.

    Addresses of its own sheet go down with it, except those fixed by $ and those of rows that moved.
    """

    def change(sheet: str, found: re.Match[str]) -> str:
        growth = growths.get(sheet or own)
        if growth is None:
            return found[0]
        if sheet and sheet != own:
            return _grown_area(growth, found)
        first = _gone_down(int(found["r1"]), found["a1"], growth, down)
        last = _gone_down(int(found["r2"]), found["a2"], growth, down) if found["r2"] else None
        return _written(found, first, last)

    return _changed(text, change)


def _gone_down(row: int, fixed: str, growth: Growth, down: int) -> int:
    return growth.moved(row) if fixed or row > growth.last else row + down


def _changed(text: str, change: Change) -> str:
    said = _each_area(_as_formula(text), change)
    return said if text.startswith("=") else said[1:]


def grown_area(text: str, growth: Growth) -> str:
    """One or several areas apart by blanks ("A1:B2 D4") after rows were repeated."""
    said = []
    for part in text.split():
        found = AREA.fullmatch(part) or ROWS.fullmatch(part)
        if found is None:
            said.append(part)
            continue
        first = int(found["r1"])
        start, end = growth.stretched(first, int(found["r2"] or first))
        if found["r2"]:
            said.append(_written(found, start, end))
        elif start == end:
            said.append(_written(found, start, None))
        else:
            said.append(f"{found['c1']}{found['a1']}{start}:{found['c1']}{found['a1']}{end}")
    return " ".join(said)
