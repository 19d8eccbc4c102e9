"""Every change made on the pages of the administration."""

from visits.admin.operations.leaving import close_unit, disable_person

__all__ = ["close_unit", "disable_person"]
