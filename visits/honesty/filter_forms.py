"""The filters of the list of questions about records."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from visits.core.filter_forms import FilterForm, period, several, with_nothing
from visits.core.forms import choices, member, text
from visits.honesty.listing import QuestionFilters
from visits.honesty.models import ANSWER_LABELS, KIND_LABELS, Answer, Kind


class QuestionFilter(FilterForm):
    main_fields = ("q", "kind", "answer", "raised")
    q = text(_l("Enterprise"), 60, render_kw={"type": "search"})
    kind = several(_l("What about"), member(Kind))
    answer = several(_l("Answer"), member(Answer))
    raised = period(_l("Asked on"))
    visited = period(_l("Visited on"))
    closed = BooleanField(_l("Closed ones too"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.choices = choices(KIND_LABELS)
        self.answer.choices = with_nothing(choices(ANSWER_LABELS), gettext("Not answered"))

    def filters(self) -> QuestionFilters:
        return QuestionFilters(
            q=self.q.data or "",
            kind=self.kind.picked,
            answer=self.answer.picked,
            raised=self.days("raised"),
            visited=self.days("visited"),
            closed=bool(self.closed.data),
        )
