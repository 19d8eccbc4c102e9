"""The filters of the audit log."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields import SelectChoice

from visits.admin.listing import LogFilters
from visits.admin.words import MOVES, all_verbs
from visits.core.filter_forms import FilterForm, period
from visits.core.forms import day, text, whole_number
from visits.core.subjects import SUBJECTS


class LogFilter(FilterForm):
    main_fields = ("who", "action", "at", "subject")
    who = text(_l("Who"), 60, render_kw={"type": "search"})
    action = SelectField(_l("What"), choices=[], validate_choice=False)
    at = period(_l("When"))
    subject = SelectField(_l("Record"), choices=[], validate_choice=False)
    subject_id = text(_l("Record number"), 9, render_kw={"inputmode": "numeric"})
    at_from = day(_l("From"))
    at_to = day(_l("Until"))
    address = text(_l("Address"), 60, hint=_l("Of sign-ins."))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        verbs = [SelectChoice(code, _verb(code, label)) for code, label in sorted(all_verbs().items())]
        self.action.choices = [SelectChoice("", gettext("Any")), *verbs]
        kinds = [SelectChoice(table, gettext(label)) for table, (label, _page) in SUBJECTS.items()]
        self.subject.choices = [SelectChoice("", gettext("Any")), *kinds]

    def filters(self) -> LogFilters:
        action = self.action.data
        return LogFilters(
            who=self.who.data or "",
            actions=(action,) if action in all_verbs() else (),
            subject=self.subject.data if self.subject.data in SUBJECTS else "",
            subject_id=whole_number(self.subject_id.data),
            address=self.address.data or "",
            days=self.days("at"),
        )


def _verb(code: str, label: str) -> str:
    """An action as one chooses it: a move says of which kind of record it is."""
    area, _, name = code.partition(".")
    kind, moves = MOVES.get(area, ("", {}))
    return f"{gettext(kind)}{gettext(': ')}{gettext(label)}" if name in moves else gettext(label)
