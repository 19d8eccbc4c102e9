"""The form of a category."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from visits.accounts import queries as accounts
from visits.core.forms import BaseForm, choice, choices, long_text, member, options, text, whole_number
from visits.issues.categories import parents_for
from visits.issues.models import COMPLEXITY_LABELS
from visits.issues.operations import CategoryEntry
from visits.issues.rules import Complexity


class CategoryForm(BaseForm):
    name = text(_l("Category"), 40, required=True)
    parent_id = choice(
        _l("Lies under"), coerce=whole_number, hint=_l("Empty for a category of the first level.")
    )
    unit_id = choice(_l("Unit usually in charge"), coerce=whole_number)
    complexity = choice(
        _l("Usual complexity"), required=True, coerce=member(Complexity), default=Complexity.ORDINARY
    )
    hint = long_text(
        _l("Hint"), 300, rows=2, hint=_l("What belongs here, and what to ask the enterprise for.")
    )
    is_closed = BooleanField(
        _l("No longer in use"), description=_l("Problems that have it keep it; new ones cannot choose it.")
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.parent_id.choices = options(parents_for(kwargs.get("obj")), blank=gettext("None"))
        self.unit_id.choices = options(accounts.open_units(), blank=gettext("None"))
        self.complexity.choices = choices(COMPLEXITY_LABELS)

    def entry(self) -> CategoryEntry:
        return CategoryEntry(
            self.name.data or "",
            self.unit_id.data,
            self.complexity.data,
            is_closed=bool(self.is_closed.data),
            parent_id=self.parent_id.data,
            hint=self.hint.data or "",
        )
