"""Forms of the import of a ledger of visits."""

from typing import Any

from flask_babel import lazy_gettext as _l

from visits.core.errors import Refused
from visits.core.forms import BaseForm, choice, choices, member, options
from visits.core.i18n import N_
from visits.enterprises import import_forms
from visits.enterprises.models import Upload
from visits.outreach.forms.rows import ticks
from visits.outreach.ledger.carrying import usual_programmes
from visits.outreach.ledger.columns import COLUMNS
from visits.programmes import queries as programmes
from visits.programmes.models import MODE_LABELS, VisitMode


class Unsaid(BaseForm):
    """What holds for rows that do not say it."""

    mode = choice(_l("Mode of visits that name none"), required=True, coerce=member(VisitMode))
    programme_ids = ticks(
        _l("Programmes of visits that name none"),
        hint=_l(
            "The programme of the groups counts where a group answered for the enterprise on that day."
        ),
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.mode.choices = choices(MODE_LABELS)
        self.programme_ids.choices = options((key, name) for key, _, name in programmes.programmes())


def mapping_form(labels: list[str], upload: Upload) -> BaseForm:
    """The form that maps the columns, with what holds for rows that do not say it."""
    usual = {"mode": VisitMode.ON_SITE.value, "programme_ids": usual_programmes()}
    return import_forms.mapping_form(labels, upload.mapping, COLUMNS, Unsaid, usual | upload.chosen)


def chosen(form: Any, labels: list[str]) -> tuple[dict[str, int], dict[str, Any]]:
    """Which column fills which field, and what else was chosen."""
    known = {int(option.value) for option in form.programme_ids.choices}
    ticked = [key for key in form.programme_ids.data if key in known]
    if not ticked:
        raise Refused(N_("Tick at least one programme."), field="programme_ids")
    unsaid = {"mode": form.mode.data.value, "programme_ids": ticked}
    return import_forms.chosen_mapping(form, labels), unsaid
