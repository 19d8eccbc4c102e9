"""Forms by which problems are marked and pressed: red flags, duties."""

from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from visits.accounts import queries as accounts
from visits.core.forms import choice, choices, day, long_text, member, options, whole_number
from visits.core.web import current_actor
from visits.issues import duties
from visits.issues.forms.moving import MoveForm
from visits.issues.models import FLAG_LABELS, RedFlag
from visits.issues.operations import DutyEntry


class FlagForm(MoveForm):
    red_flag = choice(_l("What threatens the enterprise"), required=True, coerce=member(RedFlag))
    note = long_text(_l("What was seen or heard"), 1000, required=True, rows=3)

    def prepare(self, row: Any) -> None:
        self.red_flag.choices = choices(FLAG_LABELS, blank=gettext("Choose"))


class DutyForm(MoveForm):
    unit_id = choice(_l("Responsible unit"), required=True, coerce=whole_number)
    due_on = day(_l("To be done by"), required=True)
    what = long_text(_l("What the unit has to do"), 1000, required=True, rows=3)

    def prepare(self, row: Any) -> None:
        self.unit_id.choices = options(accounts.open_units(), blank=gettext("Choose"))
        if not self.is_submitted():
            self.unit_id.data = row.Issue.lead_unit_id

    def entry(self) -> DutyEntry:
        return DutyEntry(self.unit_id.data, self.what.data or "", self.due_on.data)


class DoneDutyForm(MoveForm):
    duty_id = choice(_l("Duty"), required=True, coerce=whole_number)
    note = long_text(_l("What was done"), 1000, required=True, rows=3)

    def prepare(self, row: Any) -> None:
        self.duty_id.choices = options(duties.open_choices(current_actor(), row.Issue.id))
        if not self.is_submitted():
            self.duty_id.data = whole_number(request.args.get("duty"))


class CancelDutyForm(DoneDutyForm):
    note = long_text(_l("Why it is taken back"), 500, required=True, rows=2)
