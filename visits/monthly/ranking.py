"""The order of units in a report: by how they kept their limits, those with few cases unranked."""

from collections.abc import Sequence

from visits.monthly.content import Content, Row
from visits.monthly.rules import LEAST_CASES


def cases_of(row: Row) -> int:
    """How many limits of a unit fell in the month: too few say nothing."""
    cell = row.figures.get("on_time_rate")
    return int(cell.denominator or 0) if cell else 0


def ranked(content: Content) -> Sequence[Row]:
    """The units that can be ranked, the best first; none where the report does not rank."""
    if not content.ranks_units:
        return []
    rows = [row for row in content.units if row.id and cases_of(row) >= LEAST_CASES]
    return sorted(
        rows, key=lambda row: (-(row.figures["on_time_rate"].value or 0), -cases_of(row), row.name)
    )


def in_order(content: Content) -> Sequence[tuple[int | None, Row]]:
    """Every unit that has to do with problems, with its place where it has one."""
    places = {row.id: nth for nth, row in enumerate(ranked(content), start=1)}
    rows = [row for row in content.units if row.id]
    ordered = sorted(rows, key=lambda row: (places.get(row.id, len(rows) + 1), row.name))
    return [(places.get(row.id), row) for row in ordered]
