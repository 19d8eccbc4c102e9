"""The forms by which questions about records are answered and closed."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import DataRequired

from visits.core.forms import BaseForm, long_text, member
from visits.honesty.models import ANSWER_LABELS, CLOSING_LABELS, Answer, Closing
from visits.honesty.operations import AnswerEntry

OFFERED = (Closing.NO_DOUBT, Closing.CORRECTED, Closing.TO_SAMPLE)


def one_of(label: Any, enum: Any) -> RadioField:
    """A question with its answers side by side, none chosen beforehand."""
    return RadioField(label, coerce=member(enum), validators=[DataRequired(_l("Please choose one."))])


class AnswerForm(BaseForm):
    answer = one_of(_l("Your answer"), Answer)
    words = long_text(
        _l("How it was"), 500, rows=3, hint=_l("Needed only where neither of the first two is right.")
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.answer.choices = [(str(key), gettext(label)) for key, label in ANSWER_LABELS.items()]

    def entry(self) -> AnswerEntry:
        return AnswerEntry(self.answer.data, self.words.data or "")


class CloseForm(BaseForm):
    closing = one_of(_l("How the question ended"), Closing)
    note = long_text(_l("What you looked at"), 500, required=True, rows=3)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.closing.choices = [(str(key), gettext(CLOSING_LABELS[key])) for key in OFFERED]
