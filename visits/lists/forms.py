"""Forms of saved views."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from visits.core.authz import may
from visits.core.forms import BaseForm, text
from visits.core.permissions import Permission
from visits.core.web import current_actor
from visits.lists.operations import ViewEntry


class ViewForm(BaseForm):
    """The name of a view; whoever may not share finds no tick for it."""

    name = text(_l("Name of the view"), 40, required=True)
    is_default = BooleanField(_l("Open this list with it"))
    is_shared = BooleanField(_l("For all who may read this list"))

    def __init__(self, *, may_share: bool | None = None, **kwargs) -> None:
        super().__init__(**kwargs)
        if not (may(current_actor(), Permission.LISTS_SHARE) if may_share is None else may_share):
            del self.is_shared

    def entry(self, *, is_shared: bool = False) -> ViewEntry:
        shared = self.is_shared.data if "is_shared" in self else is_shared
        return ViewEntry(self.name.data, bool(shared), bool(self.is_default.data))
