"""The repeated lines of the visit form: problems, promises, participants without an account."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from visits.core.forms import (
    BaseForm,
    choice,
    day,
    long_text,
    member,
    text,
    whole_number,
)
from visits.issues.models import RedFlag
from visits.issues.rules import Level, Urgency
from visits.outreach.entries import ProblemEntry, PromiseEntry
from visits.outreach.owners import Owner, owner_field

MOST_ROWS = 30


def ticks(label: Any, coerce: Any = whole_number, hint: Any = "") -> SelectMultipleField:
    """Several choices to tick; whether a value exists is for the operation to say."""
    return SelectMultipleField(
        label,
        coerce=coerce,
        description=hint,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )


class PeopleInOrder(SelectMultipleField):
    """People in the order chosen; those come first in the list, for a browser sends it in its own order."""

    def iter_choices(self) -> list[Any]:
        place = {key: number for number, key in enumerate(self.data or ())}
        return sorted(super().iter_choices(), key=lambda one: place.get(self.coerce(one.value), len(place)))


def complain(field: Any, sentence: str) -> bool:
    """Put a sentence beside a field that was checked already; always False."""
    field.errors = [*field.errors, sentence]
    return False


class Row(Form):
    """One line of several; a line in which nothing was typed is as if it were not there.

    `heading` stands above it, and before what is wrong with it.
    """

    telling: tuple[str, ...] = ()
    heading = ""

    class Meta(BaseForm.Meta):
        """As other forms, but the form around it carries the token."""

        csrf = False

    @property
    def is_blank(self) -> bool:
        """Nothing was typed here."""
        return not any(self[name].data for name in self.telling)

    def validate(self, extra_validators: Any = None) -> bool:
        """Pass a blank line; check the others."""
        return self.is_blank or super().validate(extra_validators)


class FirmRow(Row):
    """A line about one enterprise of the visit, the only one where there is one only."""

    enterprise_id = choice(_l("Enterprise"), coerce=whole_number, validate_choice=False)
    firm_ids: tuple[int, ...] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the line, and which enterprise it is about."""
        passed = super().validate(extra_validators)
        if self.enterprise_id.data is None and len(self.firm_ids) == 1:
            self.enterprise_id.data = self.firm_ids[0]
        if self.is_blank or not self.firm_ids or self.enterprise_id.data in self.firm_ids:
            return passed
        return complain(self.enterprise_id, gettext("Say which enterprise this is about."))


class ProblemRow(FirmRow):
    telling = (
        "title",
        "description",
        "category_id",
        "wish",
        "reporter_name",
        "reporter_phone",
        "on_spot",
        "how",
        "level",
        "red_flag",
        "confidential",
    )

    title = text(_l("Problem in short"), 80, required=True)
    category_id = choice(_l("Category"), required=True, coerce=whole_number)
    urgency = choice(_l("Urgency"), coerce=member(Urgency), default=Urgency.NORMAL)
    description = long_text(_l("Description"), 2000, rows=2)
    wish = text(_l("What the enterprise wishes"), 200)
    reporter_name = text(_l("Contact for this problem"), 60)
    reporter_phone = text(_l("Phone"), 30)
    on_spot = BooleanField(_l("Solved on the spot"))
    how = text(_l("How it was solved"), 300)
    level = choice(_l("How satisfied the enterprise is"), coerce=member(Level))
    red_flag = choice(
        _l("Red flag"), coerce=member(RedFlag), hint=_l("For what threatens the enterprise itself.")
    )
    confidential = BooleanField(
        _l("Keep the enterprise's name"), description=_l("The enterprise does not want to be named.")
    )

    @property
    def has_marks(self) -> bool:
        """Whether the folded part says something, or has a fault to show."""
        return bool(self.red_flag.data or self.confidential.data or self.red_flag.errors)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the line, and that it says how what was solved on the spot was solved."""
        passed = super().validate(extra_validators)
        if self.on_spot.data and not self.how.data:
            return complain(self.how, gettext("Say how it was solved on the spot."))
        if self.how.data and not self.on_spot.data:
            return complain(self.on_spot, gettext("Tick this if it was solved on the spot."))
        return passed

    def entry(self) -> ProblemEntry:
        return ProblemEntry(
            enterprise_id=self.enterprise_id.data,
            title=self.title.data or "",
            category_id=self.category_id.data,
            description=self.description.data or "",
            urgency=self.urgency.data or Urgency.NORMAL,
            wish=self.wish.data or "",
            reporter_name=self.reporter_name.data or "",
            reporter_phone=self.reporter_phone.data or "",
            how=self.how.data or "",
            level=self.level.data if self.on_spot.data else None,
            red_flag=self.red_flag.data,
            confidential=bool(self.confidential.data),
        )


class PromiseRow(FirmRow):
    telling = ("what", "owner", "due_on")

    what = text(_l("What was promised"), 200, required=True)
    owner = owner_field()
    due_on = day(_l("By when"), is_near=True)
    people: Sequence[tuple[int, str]] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the line, and that a name that means nobody here is no longer than a name."""
        passed = super().validate(extra_validators)
        return Owner.meant(self.owner.data, self.people).fits(self.owner) and passed

    def entry(self) -> PromiseEntry:
        owner = Owner.meant(self.owner.data, self.people)
        return PromiseEntry(
            self.enterprise_id.data,
            self.what.data or "",
            owner.name,
            self.due_on.data,
            owner_id=owner.person_id,
        )


class OutsiderRow(Row):
    telling = ("name", "unit_name")

    name = text(_l("Name"), 60, required=True)
    unit_name = text(_l("Unit"), 80)


def rows(form_class: type[Row], label: Any) -> FieldList:
    """Lines of one kind, one of them blank at first."""
    return FieldList(FormField(form_class), label, min_entries=1, max_entries=MOST_ROWS)
