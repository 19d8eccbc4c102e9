"""Forms of the import of a ledger of problems."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from visits.core.forms import BaseForm, choice, choices, member, options
from visits.enterprises import import_forms
from visits.enterprises.models import Upload
from visits.issues import queries
from visits.issues.ledger.carrying import usual_category
from visits.issues.ledger.columns import COLUMNS
from visits.issues.models import SOURCE_LABELS, IssueSource

USUAL = {"source": IssueSource.VISIT.value, "visit_day_registers": False, "registering_assigns": False}


class Unsaid(BaseForm):
    """What holds for rows that do not say it."""

    category_id = choice(_l("Category of problems that name none"), coerce=lambda value: int(value or 0))
    source = choice(_l("Source of problems that name none"), required=True, coerce=member(IssueSource))
    visit_day_registers = BooleanField(
        _l("Where the day of registration is missing, the day of the visit stands for it")
    )
    registering_assigns = BooleanField(
        _l("Where the day of the assignment is missing, the day of registration stands for it")
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.category_id.choices = options(
            [(0, gettext("None: such rows stay out")), *queries.open_categories()]
        )
        self.source.choices = choices(SOURCE_LABELS)


def mapping_form(labels: list[str], upload: Upload) -> BaseForm:
    """The form that maps the columns, with what holds for rows that do not say it."""
    usual = {**USUAL, "category_id": usual_category()}
    return import_forms.mapping_form(labels, upload.mapping, COLUMNS, Unsaid, usual | upload.chosen)


def chosen(form: Any, labels: list[str]) -> tuple[dict[str, int], dict[str, Any]]:
    """Which column fills which field, and what else was chosen."""
    unsaid = {
        "category_id": form.category_id.data or 0,
        "source": form.source.data.value,
        "visit_day_registers": bool(form.visit_day_registers.data),
        "registering_assigns": bool(form.registering_assigns.data),
    }
    return import_forms.chosen_mapping(form, labels), unsaid
