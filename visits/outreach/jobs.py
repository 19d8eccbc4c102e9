"""What happens to unfinished visits by itself: those in which nothing stands are erased."""

from datetime import date

from visits.core.erasing import erase_all
from visits.core.i18n import N_
from visits.core.scheduling import Task
from visits.outreach.operations import empty_drafts


def _purge(_on: date) -> str:
    return erase_all([empty_drafts()])


JOBS = (
    Task(
        "house.purge",
        _purge,
        N_("Erases unfinished visits of a month ago in which nothing stands."),
        N_("Unfinished visits erased"),
    ),
)
