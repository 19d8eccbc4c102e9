"""Names of units as ledgers write them: several in one cell."""

import re

from visits.issues.ledger.words import says_nothing

UNITS = re.compile(r"[、，,;；/／\n]+")


def units_of(text: str) -> list[str]:
    """The units a cell names."""
    found = (name.strip() for name in UNITS.split(text))
    return list(dict.fromkeys(name for name in found if not says_nothing(name)))
