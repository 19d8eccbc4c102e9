"""Forms of sign-in, people and units."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, SelectMultipleField
from wtforms.validators import InputRequired, ValidationError
from wtforms.validators import Optional as NotRequired
from wtforms.widgets import CheckboxInput, ListWidget, PasswordInput

from visits.accounts import queries
from visits.accounts.operations import AbsenceEntry, PersonEntry
from visits.core.authz import Actor
from visits.core.clock import today
from visits.core.forms import (
    BaseForm,
    choice,
    choices,
    day,
    long_text,
    options,
    text,
    whole_number,
)
from visits.core.permissions import ROLE_LABELS, Role

FIRST_UNIT = _l("Empty: from always, so that visits made before today count too.")
STRONG = _l("At least 10 characters, not easy to guess.")


def secret(
    label: Any, autocomplete: str, hint: Any = "", *, required: bool = True, **kwargs: Any
) -> PasswordField:
    """A password field; what it holds is never shown again."""
    rules = [InputRequired(_l("This must be filled in.")) if required else NotRequired()]
    return PasswordField(
        label, description=hint, validators=rules, render_kw={"autocomplete": autocomplete}, **kwargs
    )


class SignInForm(BaseForm):
    username = text(
        _l("Account"), 60, required=True, render_kw={"autocomplete": "username", "autofocus": True}
    )
    password = secret(_l("Password"), "current-password")
    next = HiddenField()
    kept = HiddenField()


class TwiceForm(BaseForm):
    """A new password, typed twice."""

    password = secret(_l("New password"), "new-password", STRONG)
    again = secret(_l("New password again"), "new-password")

    def validate_again(self, field: Any) -> None:
        if field.data != self.password.data:
            raise ValidationError(gettext("The two passwords differ."))


class PasswordForm(TwiceForm):
    present = secret(_l("Present password"), "current-password")


class LinkForm(TwiceForm):
    link_code = secret(
        _l("Your link"),
        "off",
        _l("Filled in already if you opened the link; else paste it here."),
        widget=PasswordInput(hide_value=False),
    )


class PersonForm(BaseForm):
    username = text(_l("Account"), 60, required=True, hint=_l("What the person types to sign in."))
    name = text(_l("Name"), 60, required=True)
    post = text(_l("Post"), 60)
    phone = text(_l("Phone"), 30)
    unit_id = choice(_l("Unit"), coerce=whole_number)
    since = day(
        _l("In this unit from"),
        hint=_l("Empty: a change counts from today. A day with the unit as it is corrects since when."),
    )
    roles = SelectMultipleField(
        _l("Roles"),
        coerce=Role,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("A person may hold several; their rights add up."),
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.roles.choices = choices(ROLE_LABELS)
        self.unit_id.choices = options(queries.open_units(), blank=gettext("No unit"))

    def entry(self) -> PersonEntry:
        return PersonEntry(
            username=self.username.data or "",
            name=self.name.data or "",
            roles=self.roles.data or [],
            unit_id=self.unit_id.data,
            post=self.post.data or "",
            phone=self.phone.data or "",
            since=self.since.data,
        )


class NewPersonForm(PersonForm):
    since = day(_l("In this unit from"), hint=FIRST_UNIT)
    password = secret(
        _l("First password"),
        "new-password",
        _l("Leave it empty, and you get a link by which the person sets one."),
        required=False,
    )


class ReasonForm(BaseForm):
    reason = long_text(_l("Reason"), 200, required=True, rows=2)


class UnitForm(BaseForm):
    name = text(_l("Unit"), 80, required=True)
    head_confirms = BooleanField(
        _l("Only the unit head returns and reports"),
        description=_l("Handlers still sign, record contact and progress."),
    )


class AbsenceForm(BaseForm):
    """From which to which day somebody is away, and who stands in."""

    from_on = day(_l("First day away"), required=True, default=today)
    last_on = day(_l("Last day away"), required=True)
    deputy_id = choice(_l("Deputy"), required=True, coerce=whole_number)
    reason = text(_l("Reason"), 200)

    def __init__(self, absent: Actor) -> None:
        super().__init__()
        self.deputy_id.choices = options(queries.possible_deputies(absent), blank=gettext("Choose"))

    def entry(self) -> AbsenceEntry:
        """The absence as it was entered."""
        return AbsenceEntry(
            self.from_on.data, self.last_on.data, self.deputy_id.data, self.reason.data or ""
        )
