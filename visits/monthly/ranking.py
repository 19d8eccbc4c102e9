"""The order of units in a report: by their score or how they kept their limits; few cases, no place."""

from collections.abc import Sequence

from visits.monthly.content import Content, Row
from visits.monthly.rules import LEAST_CASES

BY_DEFAULT = ("on_time_rate",)


def keys_of(content: Content) -> Sequence[str]:
    """The figures by which units are ranked."""
    return tuple(content.weights) or BY_DEFAULT


def cases_of(content: Content, row: Row) -> int:
    """How many cases stand behind the figure with the fewest of them: too few say nothing."""
    cells = [row.figures.get(key) for key in keys_of(content)]
    return min(int(cell.denominator or 0) if cell else 0 for cell in cells)


def score_of(content: Content, row: Row) -> float | None:
    """The weighted mean of a unit's rates, of 100; None without weights or where a rate is of nothing."""
    whole, total = sum(content.weights.values()), 0.0
    for key, weight in content.weights.items():
        cell = row.figures.get(key)
        if cell is None or cell.value is None:
            return None
        total += weight * cell.value
    return round(100 * total / whole, 2) if whole else None


def _mark_of(content: Content, row: Row) -> float:
    if content.weights:
        return score_of(content, row) or 0
    return row.figures[BY_DEFAULT[0]].value or 0


def ranked(content: Content) -> Sequence[Row]:
    """The units that can be ranked, the best first; none where the report does not rank."""
    if not content.ranks_units:
        return []
    rows = [row for row in content.units if row.id and cases_of(content, row) >= LEAST_CASES]
    return sorted(rows, key=lambda row: (-_mark_of(content, row), -cases_of(content, row), row.name))


def in_order(content: Content) -> Sequence[tuple[int | None, Row]]:
    """Every unit that has to do with problems, with its place where it has one."""
    places = {row.id: nth for nth, row in enumerate(ranked(content), start=1)}
    rows = [row for row in content.units if row.id]
    ordered = sorted(rows, key=lambda row: (places.get(row.id, len(rows) + 1), row.name))
    return [(places.get(row.id), row) for row in ordered]
