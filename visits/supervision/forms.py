"""Forms of supervision: orders and replies, topics, checks of samples."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField
from wtforms.validators import DataRequired

from visits.accounts import queries as accounts
from visits.core.clock import today
from visits.core.forms import (
    BaseForm,
    choice,
    choices,
    day,
    long_text,
    member,
    options,
    text,
    ticks,
    whole_number,
)
from visits.core.workdays import Calendar, add_workdays
from visits.issues.categories import open_categories
from visits.supervision import rules
from visits.supervision.models import (
    AFTERMATH_LABELS,
    COLOUR_LABELS,
    HOW_LABELS,
    RESULT_LABELS,
    Aftermath,
    How,
    Result,
)
from visits.supervision.operations import (
    CheckEntry,
    MeasureEntry,
    OrdersEntry,
    OutputEntry,
    ReplyEntry,
    TopicEntry,
)
from visits.supervision.rules import Colour

PART = "part_"


def _within(calendar: Calendar) -> list[tuple[int, str]]:
    """How long a unit may take, each with the day it ends on."""
    return [
        (
            days,
            gettext(
                "%(days)d working days, until %(day)s", days=days, day=add_workdays(today(), days, calendar)
            ),
        )
        for days in rules.REPLY_WITHIN
    ]


def one_of(label: Any, enum: Any, labels: dict[Any, str]) -> RadioField:
    """A choice that must be made, none of them beforehand."""
    return RadioField(
        label,
        choices=lambda: choices(labels),
        coerce=member(enum),
        validators=[DataRequired(_l("Choose one."))],
    )


class OrdersForm(BaseForm):
    reason = long_text(_l("Why it is issued"), 2000, required=True, rows=3)
    demand = long_text(_l("What is demanded"), 2000, required=True, rows=3)
    workdays = choice(_l("Reply within"), required=True, coerce=whole_number, default=rules.USUAL_REPLY)
    colour = choice(_l("Colour"), coerce=member(Colour))
    seen = HiddenField()

    def __init__(self, calendar: Calendar, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.workdays.choices = options(_within(calendar))
        self.colour.choices = choices(COLOUR_LABELS, blank=gettext("As proposed for each unit"))

    def entry(self, issue_ids: Iterable[int]) -> OrdersEntry:
        return OrdersEntry(
            issue_ids,
            self.reason.data or "",
            self.demand.data or "",
            self.workdays.data,
            self.colour.data,
            self.seen.data or "",
        )


class ReplyForm(BaseForm):
    """An answer, with one field more for each problem where there are several."""

    text = long_text(
        _l("Reply"), 4000, required=True, rows=6, hint=_l("What was done, what is still to come.")
    )

    def entry(self) -> ReplyEntry:
        parts = {
            int(field.name.removeprefix(PART)): field.data or ""
            for field in self
            if field.name.startswith(PART)
        }
        return ReplyEntry(self.text.data or "", parts)


def reply_form(problems: Iterable[Any]) -> type[ReplyForm]:
    """The form of a reply about these problems."""
    rows = list(problems)
    if len(rows) < 2:
        return ReplyForm
    fields = {
        f"{PART}{row.id}": long_text(
            f"{row.number} {row.title}", 2000, rows=2, hint=gettext("If it needs words of its own.")
        )
        for row in rows
    }
    return type("ReplyToManyForm", (ReplyForm,), fields)


class AcceptForm(BaseForm):
    note = long_text(_l("Opinion"), 1000, rows=3)


class WhyForm(BaseForm):
    note = long_text(_l("Reason"), 1000, required=True, rows=3)


class SendBackForm(BaseForm):
    note = long_text(_l("What is missing"), 1000, required=True, rows=3)
    workdays = choice(
        _l("Reply again within"), required=True, coerce=whole_number, default=rules.USUAL_REPLY
    )

    def __init__(self, calendar: Calendar, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.workdays.choices = options(_within(calendar))


class TopicForm(BaseForm):
    title = text(_l("Title"), 80, required=True)
    category_id = choice(_l("Category"), required=True, coerce=whole_number)
    lead_unit_id = choice(_l("Lead unit"), required=True, coerce=whole_number)
    description = long_text(_l("What is common to the problems"), 2000, rows=4)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.category_id.choices = options(open_categories(), blank=gettext("Choose"))
        self.lead_unit_id.choices = options(accounts.open_units(), blank=gettext("Choose"))

    def entry(self) -> TopicEntry:
        return TopicEntry(
            self.title.data or "",
            self.category_id.data,
            self.lead_unit_id.data,
            self.description.data or "",
        )


def _named(rows: Iterable[Any]) -> list[tuple[int, str]]:
    return [(row.id, f"{row.number} {row.title}（{row.registered_on}）") for row in rows]


class NewTopicForm(TopicForm):
    issue_ids = ticks(_l("Problems behind it"))
    reason = text(_l("Why they belong together"), 200)

    def __init__(self, candidates: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.issue_ids.choices = options(_named(candidates))


class LinkForm(BaseForm):
    issue_ids = ticks(_l("Problems"))
    reason = text(_l("Why they belong to the topic"), 200, required=True)

    def __init__(self, candidates: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.issue_ids.choices = options(_named(candidates))


class RemoveForm(BaseForm):
    reason = text(_l("Reason"), 200, required=True)


class CloseTopicForm(BaseForm):
    result = long_text(_l("What came of it"), 2000, required=True, rows=5)


class AskForm(BaseForm):
    aftermath = one_of(_l("What the enterprise says"), Aftermath, AFTERMATH_LABELS)
    note = long_text(_l("Whom you asked, what was said"), 1000, required=True, rows=3)


class MeasureForm(BaseForm):
    text = long_text(_l("What is to be done"), 500, required=True, rows=3)
    unit_id = choice(_l("Responsible unit"), required=True, coerce=whole_number)
    due_on = day(_l("To be done by"), required=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unit_id.choices = options(accounts.open_units(), blank=gettext("Choose"))

    def entry(self) -> MeasureEntry:
        return MeasureEntry(self.text.data or "", self.unit_id.data, self.due_on.data)


class EndMeasureForm(BaseForm):
    note = long_text(_l("What was done, or why it is dropped"), 1000, required=True, rows=3)


class OutputForm(BaseForm):
    title = text(_l("Title of the document"), 120, required=True)
    document_no = text(_l("Document number"), 60)
    published_on = day(_l("Published on"), required=True)

    def entry(self) -> OutputEntry:
        return OutputEntry(self.title.data or "", self.published_on.data, self.document_no.data or "")


class CheckForm(BaseForm):
    result = one_of(_l("Result"), Result, RESULT_LABELS)
    how = one_of(_l("How it was checked"), How, HOW_LABELS)
    checked_on = day(_l("Checked on"), required=True, default=today)
    note = long_text(_l("What was found"), 2000, rows=4, hint=_l("Must be filled in where it is not true."))

    def entry(self) -> CheckEntry:
        return CheckEntry(self.result.data, self.how.data, self.checked_on.data, self.note.data or "")


class SettleForm(BaseForm):
    note = long_text(
        _l("What became of it"),
        1000,
        required=True,
        rows=3,
        hint=_l("Corrected, voided, talked over with whom."),
    )
