"""The filters of the list of visits."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from visits.core.forms import (
    NotBefore,
    QueryForm,
    choice,
    choices,
    day,
    member,
    options,
    text,
    whole_number,
)
from visits.outreach.queries import VisitFilter
from visits.programmes import queries as programmes
from visits.programmes.models import MODE_LABELS, VisitMode


class VisitFilterForm(QueryForm):
    q = text(_l("Enterprise"), 60)
    from_on = day(_l("From"), name="from")
    to_on = day(_l("To"), name="to")
    programme = choice(_l("Programme"), coerce=whole_number)
    mode = choice(_l("Mode"), coerce=member(VisitMode))
    group = choice(_l("Group"), coerce=whole_number)
    late = BooleanField(_l("Late entries only"))
    void = BooleanField(_l("Void visits too"))
    person = HiddenField(filters=[whole_number])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        known, groups = programmes.programmes_and_groups(None)
        self.programme.choices = options(((key, name) for key, _code, name in known), blank=gettext("All"))
        self.group.choices = options(groups, blank=gettext("All"))
        self.mode.choices = choices(MODE_LABELS, blank=gettext("All"))

    def validate_to_on(self, field: Any) -> None:
        NotBefore("from_on")(self, field)

    def wanted(self) -> VisitFilter:
        """What the address asks for; a part that cannot be read does not narrow."""
        self.validate()
        parts = {name: None if field.errors else field.data for name, field in self._fields.items()}
        return VisitFilter(
            q=parts["q"] or "",
            from_on=parts["from_on"],
            to_on=parts["to_on"],
            programme_id=parts["programme"],
            mode=parts["mode"],
            group_id=parts["group"],
            person_id=parts["person"],
            late=bool(parts["late"]),
            void=bool(parts["void"]),
        )
