"""The filters of the list of visits."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField

from visits.accounts import queries as accounts
from visits.core.filter_forms import FilterForm, period, several, with_nothing
from visits.core.filters import NOTHING
from visits.core.forms import choice, choices, day, member, options, text, whole_number
from visits.outreach import listing
from visits.outreach.listing import VisitFilters
from visits.outreach.models import KIND_LABELS, VisitKind
from visits.programmes.models import MODE_LABELS, VisitMode

PICKED = ("programme", "mode", "kind", "group", "unit")
HEARD = {"some": True, NOTHING: False}


class VisitFilter(FilterForm):
    main_fields = ("q", "visited", "programme", "mode", "group")
    q = text(_l("Enterprise"), 60, render_kw={"type": "search"})
    visited = period(_l("Visited on"))
    programme = several(_l("Programme"), whole_number)
    mode = several(_l("Mode"), member(VisitMode))
    group = several(_l("Group"), whole_number)
    visited_from = day(_l("Visited from"), name="from")
    visited_to = day(_l("Visited until"), name="to")
    kind = several(_l("Kind of visit"), member(VisitKind))
    unit = several(_l("Unit of a participant"), whole_number)
    recorded = period(_l("Recorded on"))
    problems = choice(_l("Problems"))
    late = BooleanField(_l("Late entries only"))
    void = BooleanField(_l("Void visits too"))
    person = HiddenField(_l("Participant"), filters=[whole_number])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        offered = listing.offered()
        self.programme.choices = with_nothing(options(offered["programme"]), gettext("No programme"))
        self.group.choices = with_nothing(options(offered["group"]), gettext("No group"))
        self.unit.choices = options(offered["unit"])
        self.mode.choices = choices(MODE_LABELS)
        self.kind.choices = choices(KIND_LABELS)
        self.problems.choices = options(
            [("some", gettext("Some were heard")), (NOTHING, gettext("None was heard"))],
            blank=gettext("Any"),
        )

    def name_of(self, field: Field) -> str | None:
        if not field.data:
            return None
        person = accounts.get_person(field.data)
        return person.name if person else str(field.data)

    def filters(self) -> VisitFilters:
        return VisitFilters(
            q=self.q.data or "",
            visited=self.days("visited"),
            recorded=self.days("recorded"),
            person_id=self.person.data,
            heard=HEARD.get(self.problems.data or ""),
            late=bool(self.late.data),
            void=bool(self.void.data),
            **{name: self[name].picked for name in PICKED},
        )
