"""The form every page's form derives from: token, once-only id, trimming, refusals pinned to fields."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any
from uuid import uuid4

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    Optional,
    StopValidation,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget, MonthInput

from visits.core.clock import now, today
from visits.core.errors import DomainError
from visits.core.periods import Month

# Control characters, zero-width blanks and what turns the direction of writing: nobody types them, and they
# make two equal names look different or one name read backwards.
UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)


def clean(value: Any) -> Any:
    """Trim a text, unify its line ends and drop characters that nobody types or sees."""
    if not isinstance(value, str):
        return value
    return UNSEEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()


YEARS_AHEAD = 10
NOT_OFFERED = _l("What was chosen is not among what is offered. Choose again.")


class TrimmedMeta(FlaskForm.Meta):
    """Trim and clean every text field; refuse in the reader's language what no tick offers."""

    def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
        """Put the trimming first among the field's filters, and the words for ticks that are not there."""
        if issubclass(unbound_field.field_class, SelectMultipleField):
            options["invalid_choice_message"] = NOT_OFFERED
        if issubclass(unbound_field.field_class, StringField) and not issubclass(
            unbound_field.field_class, HiddenField
        ):
            options["filters"] = [clean, *unbound_field.kwargs.pop("filters", ())]
        return unbound_field.bind(form=form, **options)


class BaseForm(FlaskForm):
    """A form that is sent once, whose texts are trimmed."""

    class Meta(TrimmedMeta):
        """With a token, trimmed."""

    submission_id = HiddenField(default=lambda: str(uuid4()))
    opened_at = HiddenField(default=lambda: now().isoformat())
    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def attach(self, error: DomainError) -> None:
        """Show an operation's refusal beside the field it names, else above the form."""
        sentence = gettext(error.message, **error.params)
        if error.field and error.field in self:
            field = self[error.field]
            field.errors = [*field.errors, sentence]
        else:
            self.form_errors.append(sentence)


class QueryForm(FlaskForm):
    """A filter form: read from the address, without token."""

    class Meta(TrimmedMeta):
        """A GET form carries no token."""

        csrf = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(formdata=request.args, **kwargs)
        for field in self:  # a page says each label several times: translate it once
            field.label.text = str(field.label.text)


def text(label: Any, most: int, *, required: bool = False, hint: Any = "", **kwargs: Any) -> StringField:
    """One line of text of at most `most` characters."""
    return StringField(label, description=hint, validators=_text_rules(most, required), **kwargs)


def long_text(
    label: Any, most: int, *, required: bool = False, hint: Any = "", rows: int = 4
) -> TextAreaField:
    """Several lines of text of at most `most` characters."""
    return TextAreaField(
        label, description=hint, validators=_text_rules(most, required), render_kw={"rows": rows}
    )


def _text_rules(most: int, required: bool) -> list[Any]:
    presence = DataRequired(_l("This must be filled in.")) if required else Optional()
    return [presence, Length(max=most, message=_l("At most %(max)d characters."))]


class ReadDay(Optional):
    """Pass an empty date, as Optional does; say of one that cannot be read how a date is written."""

    def __call__(self, form: Any, field: Any) -> None:
        super().__call__(form, field)
        if field.process_errors:
            field.errors[:] = []
            raise StopValidation(gettext("Write the date as year-month-day, for example 2026-11-23."))


def _is_near(_form: Any, field: Any) -> None:
    if field.data.year > today().year + YEARS_AHEAD:
        raise ValidationError(
            gettext("The day lies more than %(years)d years ahead. Correct it.", years=YEARS_AHEAD)
        )


def day(
    label: Any, *, required: bool = False, is_near: bool = False, hint: Any = "", **kwargs: Any
) -> DateField:
    """A date; one by which somebody is to do something `is_near`, so that a slip of the pen shows."""
    rules = [InputRequired(_l("Choose a date.")), ReadDay()] if required else [ReadDay()]
    if is_near:
        rules.append(_is_near)
    return DateField(label, description=hint, validators=rules, **kwargs)


def choices(labels: dict[Any, str], blank: Any = None) -> list[SelectChoice]:
    """Options of an enum's members with their labels (English msgids), translated now."""
    first = [SelectChoice("", str(blank))] if blank is not None else []
    return first + [SelectChoice(str(value), gettext(label)) for value, label in labels.items()]


def options(rows: Iterable[tuple[Any, str]], blank: Any = None) -> list[SelectChoice]:
    """Options of (value, label) rows whose labels are data, not to be translated."""
    first = [SelectChoice("", str(blank))] if blank is not None else []
    return first + [SelectChoice(str(value), label) for value, label in rows]


def whole_number(value: str | int | None) -> int | None:
    """Read a choice's value as the id it stands for; nothing and nonsense are None."""
    text = "" if value is None else str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def member(enum: type[StrEnum]) -> Any:
    """Make the coercion of a choice to an enum member; nothing stays None."""
    return lambda value: enum(value) if value else None


def choice(label: Any, *, required: bool = False, hint: Any = "", **kwargs: Any) -> SelectField:
    """A selection; its choices are set by the form's constructor."""
    # What a coercion cannot read becomes None, as the blank choice does, so the value itself is asked for.
    rules = [DataRequired(_l("Choose one."))] if required else [Optional()]
    return SelectField(label, description=hint, validators=rules, **kwargs)


class NotBefore:
    """Refuse a date before another field's."""

    def __init__(self, other: str) -> None:
        self.other = other

    def __call__(self, form: Any, field: Any) -> None:
        """Check one field."""
        earliest = form[self.other].data
        if field.data and earliest and field.data < earliest:
            raise ValidationError(gettext("This date lies before the other one."))


def ticks(label: Any, hint: Any = "") -> SelectMultipleField:
    """Ticks of records by id; their choices are set by the form's constructor."""
    return SelectMultipleField(
        label,
        description=hint,
        coerce=whole_number,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class MonthForm(BaseForm):
    """The choice of a month."""

    month = text(_l("Month"), 7, required=True, widget=MonthInput())

    def wanted(self) -> Month | None:
        """The month asked for; None when it is none."""
        try:
            return Month.parse(self.month.data or "")
        except ValueError:
            return None
