"""The filters of the list of people."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from visits.accounts import queries
from visits.accounts.listing import ACTIVE, DISABLED, INVITED, STATES, PeopleFilters
from visits.core.filter_forms import FilterForm, several, with_nothing
from visits.core.forms import choices, member, options, text, whole_number
from visits.core.i18n import N_
from visits.core.permissions import ROLE_LABELS, Role

STATE_LABELS = {
    ACTIVE: N_("Not disabled"),
    INVITED: N_("No password yet"),
    DISABLED: N_("Disabled"),
}


class PeopleFilter(FilterForm):
    q = text(_l("Name or account"), 60, render_kw={"type": "search"})
    unit = several(_l("Unit"), whole_number)
    role = several(_l("Role"), member(Role))
    state = several(_l("Account state"), lambda value: value if value in STATES else None)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unit.choices = with_nothing(options(queries.open_units()), gettext("No unit"))
        self.role.choices = with_nothing(choices(ROLE_LABELS), gettext("No role"))
        self.state.choices = choices(STATE_LABELS)

    def filters(self) -> PeopleFilters:
        return PeopleFilters(
            self.q.data or "", self.unit.picked, self.role.picked, self.state.picked.values
        )
