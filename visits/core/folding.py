"""Folds text as it is searched, and cuts it into the pairs of characters by which it is found."""

import unicodedata
from collections.abc import Iterable
from itertools import pairwise

SEARCHED_CHARACTERS = 100
LONGEST = 20_000  # characters searched of one record, more than any page lets in at once
# FTS5 takes signs of ASCII for blanks; their full-width twins never occur in folded text.
_SIGNS = {code: code + 0xFEE0 for code in range(0x21, 0x7F) if not chr(code).isalnum()}


def folded(text: str) -> str:
    """Make width, case and blanks of a text of one line alike; leave invisible characters out."""
    plain = unicodedata.normalize("NFKC", text).lower()
    visible = (c for c in plain if c in "\t\n\r" or unicodedata.category(c)[0] != "C")
    return " ".join("".join(visible).split())


def folded_lines(texts: Iterable[str | None]) -> str:
    """Fold several texts into one, a line each; no term holds a line break, so none matches across two."""
    lines = (folded(text or "") for text in texts)
    return "\n".join(dict.fromkeys(line for line in lines if line))[:LONGEST]


def terms(query: str) -> list[str]:
    """Split what somebody searches for into folded terms, each once; all must be found."""
    return list(dict.fromkeys(folded(query[:SEARCHED_CHARACTERS]).split()))


def bigrams(text: str) -> str:
    """All pairs of neighbouring characters of a folded text, each once, with blanks between."""
    parts = text.translate(_SIGNS).split()
    return " ".join(dict.fromkeys(a + b for part in parts for a, b in pairwise(part)))
