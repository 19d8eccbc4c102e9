"""What is sent from the pages of ledgers: an order."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields import SelectChoice

from visits.core.forms import BaseForm

OFFICE, SHOWN = "office", "shown"


class OrderForm(BaseForm):
    """Which columns a file is to have."""

    columns = RadioField(
        _l("Columns"),
        choices=[
            SelectChoice(OFFICE, _l("The office's set")),
            SelectChoice(SHOWN, _l("As on this page")),
        ],
        default=OFFICE,
        name="set",
    )

    @property
    def is_office(self) -> bool:
        """Whether the office's set is wanted; anything but the page's columns means that."""
        chosen: Any = self.columns.data
        return chosen != SHOWN
