"""Forms of the inbox."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from visits.core.forms import BaseForm
from visits.inbox.models import ALWAYS, KIND_LABELS, NoticeKind

CHOOSABLE = tuple(kind for kind in NoticeKind if kind not in ALWAYS)


class SwitchForm(BaseForm):
    """A tick for each kind of notice that can be switched off."""

    kinds = SelectMultipleField(
        _l("Tell me of"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kinds.choices = [(kind.value, gettext(KIND_LABELS[kind])) for kind in CHOOSABLE]

    def wanted(self) -> set[NoticeKind]:
        """The kinds ticked."""
        return {NoticeKind(value) for value in self.kinds.data or ()}
