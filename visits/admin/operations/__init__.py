"""Every change made on the pages of the administration."""

from visits.admin.operations.calendar import Preview, change_day, preview, publish_year
from visits.admin.operations.leaving import close_unit, disable_person

__all__ = ["Preview", "change_day", "close_unit", "disable_person", "preview", "publish_year"]
