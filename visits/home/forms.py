"""The set-up form."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from visits.accounts.forms import secret
from visits.core.forms import BaseForm, text
from visits.core.i18n import N_
from visits.home.operations import SetUpEntry

TOKEN_NEEDED = N_(
    "From another machine the set-up page opens only with the address that the start of the server printed."
)


class SetUpForm(BaseForm):
    token = HiddenField()
    zone_name = text(_l("Name of the zone"), 60, required=True, hint=_l("Stands on every page and report."))
    name = text(_l("Your name"), 60, required=True)
    username = text(_l("Account"), 60, required=True, hint=_l("What you will type to sign in."))
    password = secret(_l("Password"), "new-password", _l("At least 10 characters, not easy to guess."))
    is_coordinator = BooleanField(
        _l("I also work as coordinator"),
        default=True,
        description=_l("Needed to import the register and to accept and assign problems."),
    )

    def entry(self) -> SetUpEntry:
        return SetUpEntry(
            zone_name=self.zone_name.data or "",
            username=self.username.data or "",
            name=self.name.data or "",
            password=self.password.data or "",
            is_coordinator=self.is_coordinator.data,
        )
