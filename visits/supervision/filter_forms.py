"""The filters of the lists of supervision."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from visits.accounts import queries as accounts
from visits.core.filter_forms import FilterForm, period, several
from visits.core.forms import choices, day, member, options, text, whole_number
from visits.core.i18n import N_
from visits.core.periods import Month
from visits.supervision.listing import MARKED, UNCHECKED, OrderFilters, SampleFilters, TopicFilters
from visits.supervision.models import COLOUR_LABELS, KIND_LABELS, RESULT_LABELS, Result
from visits.supervision.rules import Colour, Kind
from visits.supervision.states import ORDER_STATE_LABELS, TOPIC_STATE_LABELS, OrderState, TopicState

FOUND_LABELS = {
    UNCHECKED: N_("Not checked yet"),
    Result.TRUE.value: RESULT_LABELS[Result.TRUE],
    Result.UNTRUE.value: RESULT_LABELS[Result.UNTRUE],
    MARKED: N_("Visit found not true, to be settled"),
}


def found(value: str) -> str | None:
    """What checking may have found."""
    return value if value in FOUND_LABELS else None


class OrderFilter(FilterForm):
    main_fields = ("q", "state", "colour", "unit", "overdue")
    q = text(_l("Find"), 60, render_kw={"type": "search", "placeholder": _l("Number, problem or words")})
    state = several(_l("State"), member(OrderState))
    colour = several(_l("Colour"), member(Colour))
    unit = several(_l("To which unit"), whole_number)
    overdue = BooleanField(_l("Reply overdue"))
    issued = period(_l("Issued on"))
    issued_from = day(_l("Issued from"))
    issued_to = day(_l("Issued until"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.state.choices = choices(ORDER_STATE_LABELS)
        self.colour.choices = choices(COLOUR_LABELS)
        self.unit.choices = options(accounts.open_units())

    def filters(self) -> OrderFilters:
        return OrderFilters(
            self.q.data or "",
            self.state.picked,
            self.colour.picked,
            self.unit.picked,
            self.days("issued"),
            self.overdue.data,
        )


class TopicFilter(FilterForm):
    q = text(_l("Title"), 60, render_kw={"type": "search"})
    state = several(_l("State"), member(TopicState))
    unit = several(_l("Lead unit"), whole_number)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.state.choices = choices(TOPIC_STATE_LABELS)
        self.unit.choices = options(accounts.open_units())

    def filters(self) -> TopicFilters:
        return TopicFilters(self.q.data or "", self.state.picked, self.unit.picked)


class SampleFilter(FilterForm):
    month = several(_l("Month"), lambda value: str(Month.parse(value)))
    kind = several(_l("What was drawn"), member(Kind))
    result = several(_l("Result"), found)

    def __init__(self, months: list[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.month.choices = options((month, month) for month in months)
        self.kind.choices = choices(KIND_LABELS)
        self.result.choices = choices(FOUND_LABELS)

    def filters(self) -> SampleFilters:
        return SampleFilters(self.month.picked, self.kind.picked, self.result.picked.values)
