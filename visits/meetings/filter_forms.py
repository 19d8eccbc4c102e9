"""The filters of the lists of meetings and of their duties."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField

from visits.accounts import queries as accounts
from visits.core.filter_forms import COMING, FilterForm, period, several
from visits.core.forms import choices, day, member, options, text, whole_number
from visits.core.periods import Period
from visits.meetings.listing import DUTY_LABELS, DutyFilters, MeetingFilters
from visits.meetings.models import KIND_LABELS, MeetingKind
from visits.meetings.states import STATE_LABELS, State

DAYS = (*COMING, Period.LAST_WEEK, Period.LAST_MONTH, Period.THIS_YEAR)


class MeetingFilter(FilterForm):
    main_fields = ("q", "meets", "state", "kind")
    q = text(_l("Subject, number or chair"), 60, render_kw={"type": "search"})
    meets = period(_l("Day"), DAYS)
    state = several(_l("State"), member(State))
    kind = several(_l("Kind of meeting"), member(MeetingKind))
    unit = several(_l("Unit invited"), whole_number)
    meets_from = day(_l("Day from"), name="from")
    meets_to = day(_l("Day until"), name="to")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.state.choices = choices(STATE_LABELS)
        self.kind.choices = choices(KIND_LABELS)
        self.unit.choices = options(accounts.open_units())

    def filters(self) -> MeetingFilters:
        return MeetingFilters(
            q=self.q.data or "",
            kind=self.kind.picked,
            state=self.state.picked,
            unit=self.unit.picked,
            meets=self.days("meets"),
        )


class DutyFilter(FilterForm):
    q = text(_l("What was settled, or the problem's number"), 60, render_kw={"type": "search"})
    unit = several(_l("Responsible unit"), whole_number)
    standing = several(_l("Now"), lambda value: value if value in DUTY_LABELS else None)
    due = period(_l("To be done by"), DAYS)
    meeting = HiddenField(_l("Meeting"), filters=[whole_number])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unit.choices = options(accounts.open_units())
        self.standing.choices = choices(DUTY_LABELS)

    def name_of(self, field: Field) -> str | None:
        return str(field.data) if field.data else None

    def filters(self) -> DutyFilters:
        return DutyFilters(
            q=self.q.data or "",
            unit=self.unit.picked,
            standing=self.standing.picked.values,
            meeting_id=self.meeting.data,
            due=self.days("due"),
        )
