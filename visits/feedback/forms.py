"""Forms of suggestions."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from visits.core.forms import BaseForm, long_text
from visits.feedback.rules import MOST_TEXT, page_of


class SuggestionForm(BaseForm):
    """What somebody says, and the page it was said on."""

    page = HiddenField(filters=[page_of])
    text = long_text(
        _l("What is wrong, or what would you like better?"),
        MOST_TEXT,
        required=True,
        hint=_l("For example: on which page, what you did, what you expected."),
        rows=6,
    )


class ReplyForm(BaseForm):
    """What is said to it; whoever answers says whether it is settled with that."""

    text = long_text(_l("Reply"), MOST_TEXT, required=True, rows=4)
    settles = BooleanField(_l("Settled with this"), default=True)

    def __init__(self, *, may_settle: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not may_settle:
            del self.settles

    @property
    def is_settling(self) -> bool:
        """Whether nothing more is to be said."""
        return "settles" in self and bool(self.settles.data)
