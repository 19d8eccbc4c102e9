"""Forms of the administration's pages."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, IntegerField
from wtforms.validators import InputRequired, ValidationError

from visits.core.forms import BaseForm, choice, choices, day, long_text, text
from visits.core.i18n import N_
from visits.core.settings import Kind, Known
from visits.core.spreadsheet_limits import Problem
from visits.core.spreadsheet_text import decode

KIND_LABELS = {"work": N_("Working day"), "rest": N_("Rest day")}
MOST = 60_000


class ReasonForm(BaseForm):
    reason = long_text(_l("Reason"), 200, required=True, rows=2)


class DisableForm(ReasonForm):
    is_confirmed = BooleanField(_l("Disable the account although these problems then lie unsigned"))


class DayForm(BaseForm):
    kind = choice(_l("Kind of day"), required=True)
    label = text(_l("Name of the day"), 40, hint=_l("E.g. 国庆节, 调休上班; empty for an ordinary day."))
    source = text(_l("According to"), 200, required=True, hint=_l("The notice or decision that says so."))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.choices = choices(KIND_LABELS)


class YearForm(BaseForm):
    """A notice as pasted text, or a file with it or with a table of days."""

    text = long_text(_l("Text of the notice"), MOST, rows=12)
    file = FileField(_l("Or a file"), description=_l("The notice as text, or a table (CSV) of all days."))

    def validate_file(self, field: Any) -> None:
        if not field.data:
            if not self.text.data:
                raise ValidationError(gettext("Paste the notice, or choose a file."))
            return
        try:
            content = decode(field.data.read(MOST * 4))
        except Problem as problem:
            raise ValidationError(
                gettext("This file is no text. Choose the notice as text or CSV.")
            ) from problem
        self.text.data = content[:MOST]


class PublishForm(BaseForm):
    source = text(_l("According to"), 200, required=True, hint=_l("E.g. 国办发明电〔2025〕7号."))
    text = long_text(_l("Text of the notice"), MOST, required=True)
    edition = HiddenField()


def setting_form(known: Known) -> type[BaseForm]:
    """A form with the one field that a setting's kind asks for."""
    label = gettext(known.label)
    fields = {
        Kind.TEXT: lambda: text(label, known.most, required=known.required),
        Kind.DAY: lambda: day(label),
        Kind.SWITCH: lambda: BooleanField(label),
        Kind.NUMBER: lambda: IntegerField(label, validators=[InputRequired(_l("Enter a whole number."))]),
    }
    return type("SettingForm", (BaseForm,), {"value": fields[known.kind]()})
