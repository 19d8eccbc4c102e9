"""Every reading of the pages of the administration."""

from visits.admin.queries.calendar import Cell, Year, changes_of, day_of, get_change, get_year, source_of
from visits.admin.queries.holdings import DESK, Holding, holdings_of, open_in_unit, sole_roles
from visits.admin.queries.jobs import Planned, is_forgotten, list_jobs, list_turns, took
from visits.admin.queries.settings import Shown, list_settings

__all__ = [
    "DESK",
    "Cell",
    "Holding",
    "Planned",
    "Shown",
    "Year",
    "changes_of",
    "day_of",
    "get_change",
    "get_year",
    "holdings_of",
    "is_forgotten",
    "list_jobs",
    "list_settings",
    "list_turns",
    "open_in_unit",
    "sole_roles",
    "source_of",
    "took",
]
