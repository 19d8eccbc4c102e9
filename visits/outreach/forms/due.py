"""The filters of the lists by last visit, and the form that plans several visits at once."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, NumberRange, ValidationError

from visits.core.clock import today
from visits.core.filter_forms import FilterForm, several, with_nothing
from visits.core.forms import BaseForm, choice, day, options, text, whole_number
from visits.core.workdays import Calendar, add_workdays, next_workday
from visits.outreach import due, rules
from visits.outreach.due import DueFilters
from visits.outreach.operations import PlanEntry
from visits.programmes import queries as programmes
from visits.programmes.models import ENTERPRISE_VISIT

MOST_A_DAY = 10


class OftenFilter(FilterForm):
    q = text(_l("Enterprise"), 60, render_kw={"type": "search"})
    street = several(_l("Street"))
    park = several(_l("Park"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        offered = due.offered_places()
        self.street.choices = with_nothing(
            options((name, name) for name in offered["street"]), gettext("No street")
        )
        self.park.choices = with_nothing(
            options((name, name) for name in offered["park"]), gettext("No park")
        )

    def filters(self) -> DueFilters:
        """What the list is narrowed to."""
        is_unplanned = bool(self["unplanned"].data) if "unplanned" in self else False
        return DueFilters(self.q.data or "", self.street.picked, self.park.picked, is_unplanned)


class DueFilter(OftenFilter):
    unplanned = BooleanField(_l("Without a plan only"))


class SpreadForm(BaseForm):
    """From which day on, how many a working day, what for."""

    first_on = day(_l("First day"), required=True)
    a_day = IntegerField(
        _l("Visits a day"),
        default=3,
        validators=[InputRequired(), NumberRange(1, MOST_A_DAY, _l("From 1 to 10 visits a day."))],
    )
    programme_id = choice(_l("Programme"), coerce=whole_number)
    purpose = text(_l("What the visit is for"), 200)

    def __init__(self, first_on: date, programme_id: int | None = None) -> None:
        super().__init__()
        known = programmes.programmes()
        self.programme_id.choices = options(((key, name) for key, _, name in known), blank=gettext("None"))
        if not self.is_submitted():
            self.first_on.data = first_on
            usual = {code: key for key, code, _ in known}.get(ENTERPRISE_VISIT)
            self.programme_id.data = programme_id or usual

    def validate_first_on(self, field: Any) -> None:
        if field.data and (fault := rules.fault_of_day(field.data, today())):
            raise ValidationError(gettext(fault.message))

    def days(self, calendar: Calendar) -> Iterator[date]:
        """The working days from the first on, each as often as visits are made on it."""
        on = next_workday(self.first_on.data, calendar)
        while True:
            for _ in range(self.a_day.data):
                yield on
            on = add_workdays(on, 1, calendar)

    def entry(self, enterprise_id: int, planned_on: date) -> PlanEntry:
        """A plan for one of the enterprises."""
        return PlanEntry(
            enterprise_id,
            planned_on,
            programme_id=self.programme_id.data,
            purpose=self.purpose.data or "",
        )
