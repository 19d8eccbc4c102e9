"""The filters of the list of service groups."""

from typing import Any

from flask_babel import lazy_gettext as _l

from visits.accounts import queries as accounts
from visits.core.filter_forms import FilterForm, several
from visits.core.forms import choices, options, text, whole_number
from visits.core.i18n import N_
from visits.programmes.composition import FAULT_LABELS, Fault
from visits.programmes.listing import CLOSED, WORKING, GroupFilters

STATE_LABELS = {WORKING: N_("Working"), CLOSED: N_("Closed down")}


class GroupFilter(FilterForm):
    q = text(_l("Name of the group"), 60, render_kw={"type": "search"})
    unit = several(_l("Leading unit"), whole_number)
    lacks = several(_l("To mend"), Fault)
    state = several(_l("State"), lambda value: value if value in STATE_LABELS else None)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unit.choices = options(accounts.open_units())
        self.lacks.choices = choices(FAULT_LABELS)
        self.state.choices = choices(STATE_LABELS)

    def filters(self) -> GroupFilters:
        return GroupFilters(
            self.q.data or "", self.unit.picked, self.lacks.picked.values, self.state.picked.values
        )
