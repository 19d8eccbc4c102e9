"""What happens to sign-ins by itself: those long over are erased."""

from datetime import date

from flask import current_app

from visits.accounts.operations import purging
from visits.core.erasing import erase_all
from visits.core.i18n import N_
from visits.core.scheduling import Task


def _purge(_on: date) -> str:
    return erase_all(purging.spent(current_app.config["SIGN_IN_LIFETIME"]))


JOBS = (
    Task(
        "house.purge",
        _purge,
        N_("Erases password links, sign-ins and attempts to sign in that are long over."),
        N_("Rows of sign-ins erased"),
    ),
)
