"""Every change made on the pages of the administration."""

from visits.admin.operations.calendar import Preview, change_day, preview, publish_year
from visits.admin.operations.leaving import close_unit, disable_person
from visits.admin.operations.settings import change_setting

__all__ = [
    "Preview",
    "change_day",
    "change_setting",
    "close_unit",
    "disable_person",
    "preview",
    "publish_year",
]
