"""Forms of the moves on a unit's desk: assigned, contacted, noted, returned."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from visits.accounts import queries as accounts
from visits.core.clock import today
from visits.core.forms import choice, choices, long_text, options, text, whole_number
from visits.core.i18n import N_
from visits.issues import queries
from visits.issues.forms.moving import MoveForm
from visits.issues.operations import AssignEntry, ContactEntry

CONTACT_WAYS = {"phone": N_("By phone"), "visit": N_("In person")}


class AssignForm(MoveForm):
    lead_unit_id = choice(_l("Unit in charge"), required=True, coerce=whole_number)
    co_unit_ids = SelectMultipleField(
        _l("Co-units"),
        coerce=whole_number,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("They answer to the lead unit two working days before it is due."),
    )
    note = long_text(_l("To the units"), 500, rows=2)

    def prepare(self, row: Any) -> None:
        units = [
            (key, name if is_able else gettext("%(unit)s (nobody can sign)", unit=name))
            for key, name, is_able in accounts.open_units_by_ability(today())
        ]
        self.lead_unit_id.choices = options(units, blank=gettext("Choose"))
        self.co_unit_ids.choices = options(units)
        if row.hint:
            self.about = [(row.category, row.hint)]
        if not self.is_submitted():
            self.lead_unit_id.data = row.usual_unit_id

    def entry(self) -> AssignEntry:
        return AssignEntry(self.lead_unit_id.data, self.co_unit_ids.data or [], self.note.data or "")


class ReassignForm(AssignForm):
    def prepare(self, row: Any) -> None:
        super().prepare(row)
        if not self.is_submitted():
            self.lead_unit_id.data = None


class ContactForm(MoveForm):
    contact = text(_l("Spoke with"), 60, required=True)
    by = choice(_l("How"), default="phone")
    note = long_text(_l("What was said"), 1000, rows=2)

    def prepare(self, row: Any) -> None:
        self.by.choices = choices(CONTACT_WAYS)
        if not self.is_submitted():
            self.contact.data = row.Issue.reporter_name

    def entry(self) -> ContactEntry:
        return ContactEntry(self.contact.data or "", self.by.data or "", self.note.data or "")


class ProgressForm(MoveForm):
    note = long_text(_l("What was done"), 2000, required=True)
    next_step = text(_l("Next step"), 200)


class WaiveForm(MoveForm):
    unit_id = choice(_l("Co-unit"), required=True, coerce=whole_number)
    note = long_text(_l("Why its answer is not needed"), 500, required=True, rows=2)

    def prepare(self, row: Any) -> None:
        self.unit_id.choices = options(queries.waiting_co_units(row.Issue.id))


class ReturnForm(MoveForm):
    suggested_unit_id = choice(_l("Unit in charge instead"), required=True, coerce=whole_number)
    note = long_text(_l("Why your unit is not in charge"), 500, required=True, rows=3)

    def prepare(self, row: Any) -> None:
        units = [unit for unit in accounts.open_units() if unit[0] != row.Issue.lead_unit_id]
        self.suggested_unit_id.choices = options(units, blank=gettext("Choose"))
