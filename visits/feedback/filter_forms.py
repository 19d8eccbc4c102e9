"""The filters of the list of suggestions."""

from typing import Any

from flask_babel import lazy_gettext as _l

from visits.core.filter_forms import FilterForm, period, several
from visits.core.forms import choices, member, text
from visits.feedback.listing import SuggestionFilters
from visits.feedback.models import STATE_LABELS, SuggestionState


class SuggestionFilter(FilterForm):
    main_fields = ("q", "state", "sent")
    q = text(_l("Words in it"), 60, render_kw={"type": "search"})
    state = several(_l("State"), member(SuggestionState))
    sent = period(_l("Sent at"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.state.choices = choices(STATE_LABELS)

    def filters(self) -> SuggestionFilters:
        return SuggestionFilters(q=self.q.data or "", state=self.state.picked, sent=self.days("sent"))
