"""What an enterprise fills in on the page of its own problem; the code in the address is all it needs."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField
from wtforms.validators import DataRequired

from visits.core.forms import BaseForm, TrimmedMeta, long_text, member, whole_number
from visits.core.i18n import N_
from visits.issues.models import LEVEL_LABELS, SOLVED_LABELS, Channel
from visits.issues.operations import EvaluationEntry, Turn
from visits.issues.progress import Progress
from visits.issues.rules import Level, Solved

ACCEPTANCE = {"yes": N_("Yes, we accept it"), "no": N_("No, we do not")}


def one_of(label: Any, **kwargs: Any) -> RadioField:
    """A question with its answers side by side, none chosen beforehand."""
    return RadioField(label, validators=[DataRequired(_l("Please choose one."))], **kwargs)


class PublicForm(BaseForm):
    """A form without token: whoever can send it holds the code, and no browser knows that by itself."""

    class Meta(TrimmedMeta):
        """Without token."""

        csrf = False

    submission_id = opened_at = revision = None


class WithdrawalForm(PublicForm):
    why = long_text(
        _l("Why you withdraw it"),
        500,
        required=True,
        rows=2,
        hint=_l("Our office rings you up first; until then it goes on."),
    )


class ReopeningForm(PublicForm):
    why = long_text(
        _l("What is still to be done"),
        500,
        required=True,
        rows=3,
        hint=_l("The unit in charge reads this."),
    )


class RatingForm(PublicForm):
    turn = HiddenField()
    solved = one_of(_l("Is your problem solved?"), coerce=member(Solved))
    accepts = one_of(_l("Do you accept the arrangement or the explanation?"))
    level = one_of(_l("How satisfied are you with the way it was handled?"), coerce=member(Level))
    comment = long_text(
        _l("What else would you say?"),
        1000,
        rows=3,
        hint=_l("Read by supervision and the office only, not by the unit that handled it."),
    )

    def __init__(self, found: Progress, **kwargs: Any) -> None:
        super().__init__(data={"turn": f"{found.issue.round}.{found.turn}"}, **kwargs)
        self.solved.choices = [(str(key), gettext(label)) for key, label in SOLVED_LABELS.items()]
        self.level.choices = [(str(key), gettext(label)) for key, label in LEVEL_LABELS.items()]
        self.accepts.choices = [(key, gettext(label)) for key, label in ACCEPTANCE.items()]
        if not found.asks_acceptance:
            del self.accepts

    def asked_for(self) -> Turn | None:
        """The turn for which the form was made; one that names none is for the first."""
        if not self.turn.raw_data:
            return None
        round_, _, number = (self.turn.data or "").partition(".")
        return Turn(whole_number(round_) or 0, whole_number(number) or 0)

    def entry(self) -> EvaluationEntry:
        return EvaluationEntry(
            solved=self.solved.data,
            level=self.level.data,
            channel=Channel.LINK,
            accepts=self.accepts.data == "yes" if self.accepts is not None else None,
            comment=self.comment.data or "",
        )
