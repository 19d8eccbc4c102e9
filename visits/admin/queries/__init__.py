"""Every reading of the pages of the administration."""

from visits.admin.queries.holdings import Holding, holdings_of, leaves_a_desk, open_in_unit, sole_roles

__all__ = ["Holding", "holdings_of", "leaves_a_desk", "open_in_unit", "sole_roles"]
