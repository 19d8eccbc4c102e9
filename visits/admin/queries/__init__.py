"""Every reading of the pages of the administration."""

from visits.admin.queries.calendar import Cell, Year, changes_of, day_of, get_change, get_year, source_of
from visits.admin.queries.holdings import Holding, holdings_of, leaves_a_desk, open_in_unit, sole_roles

__all__ = [
    "Cell",
    "Holding",
    "Year",
    "changes_of",
    "day_of",
    "get_change",
    "get_year",
    "holdings_of",
    "leaves_a_desk",
    "open_in_unit",
    "sole_roles",
    "source_of",
]
