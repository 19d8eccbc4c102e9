"""Forms of the administration's pages."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from visits.core.forms import BaseForm, long_text


class ReasonForm(BaseForm):
    reason = long_text(_l("Reason"), 200, required=True, rows=2)


class DisableForm(ReasonForm):
    is_confirmed = BooleanField(_l("Disable the account although these problems then lie unsigned"))
