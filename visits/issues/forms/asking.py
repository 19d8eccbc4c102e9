"""Forms of what is asked for and decided: extensions, suspensions, closings by ruling."""

from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from visits.core.calendar import load_calendar
from visits.core.clock import today
from visits.core.forms import choice, choices, day, long_text, member, text
from visits.core.workdays import Calendar, next_workday
from visits.issues import asked, rules
from visits.issues.forms.moving import MoveForm
from visits.issues.models import BLOCK_LABELS, DELAY_LABELS, Block, Delay, RequestKind
from visits.issues.operations import ExtensionEntry, SuspensionEntry


def bound(field: Any, first: date | None, last: date | None) -> None:
    """Let the browser offer only these days."""
    ends = {"min": first and first.isoformat(), "max": last and last.isoformat()}
    field.render_kw = {key: value for key, value in ends.items() if value}


def last_review(calendar: Calendar | None = None) -> date:
    """The last day on which a problem suspended today is looked at again."""
    return rules.latest_review(today(), calendar or load_calendar())


class AskExtensionForm(MoveForm):
    reason = choice(_l("Why it takes longer"), required=True, coerce=member(Delay))
    wanted_on = day(_l("Due date wanted"), required=True)
    plan = long_text(_l("What is done until then"), 1000, required=True, rows=3)
    told_enterprise = BooleanField(_l("The enterprise has been told that it takes longer, and why"))

    def prepare(self, row: Any) -> None:
        self.reason.choices = choices(DELAY_LABELS, blank=gettext("Choose"))
        span = asked.extension_span(row.Issue)
        self.about = asked.about_due(row.Issue, span)
        if span:
            bound(self.wanted_on, *span)
            self.wanted_on.description = gettext("At the latest %(day)s.", day=span[1].isoformat())

    def entry(self) -> ExtensionEntry:
        return ExtensionEntry(
            self.reason.data, self.plan.data or "", self.wanted_on.data, bool(self.told_enterprise.data)
        )


class DecisionForm(MoveForm):
    """A decision on what waits; what was asked for stands above the form."""

    kind: RequestKind

    def prepare(self, row: Any) -> None:
        self.request = asked.waiting(row.Issue, self.kind)
        self.about = asked.facts_of(self.request) if self.request else []


class GrantExtensionForm(DecisionForm):
    kind = RequestKind.EXTENSION
    granted_on = day(
        _l("Due date granted"), required=True, hint=_l("What the unit asks for, or an earlier day.")
    )
    note = long_text(_l("Note"), 500, rows=2)

    def prepare(self, row: Any) -> None:
        super().prepare(row)
        if not self.request:
            return
        wanted = self.request.IssueRequest.wanted_on
        bound(self.granted_on, None, wanted)
        if not self.is_submitted():
            self.granted_on.data = wanted


class RefuseExtensionForm(DecisionForm):
    kind = RequestKind.EXTENSION
    note = long_text(_l("Why the due date stays"), 500, required=True, rows=3)


class AskSuspensionForm(MoveForm):
    reason = choice(_l("What blocks the problem"), required=True, coerce=member(Block))
    owner = text(
        _l("Who keeps an eye on it"), 60, required=True, hint=_l("A person of your unit, by name.")
    )
    review_on = day(_l("Review day"), required=True)
    text = long_text(
        _l("The block, and what is done about it"),
        1000,
        required=True,
        rows=4,
        hint=_l("E.g. which policy, which approval, who was asked."),
    )

    def prepare(self, row: Any) -> None:
        self.reason.choices = choices(BLOCK_LABELS, blank=gettext("Choose"))
        bound_review(self.review_on)
        self.about = asked.about_due(row.Issue, None)

    def remark(self) -> str:
        return moved_review(self.review_on.data)

    def entry(self) -> SuspensionEntry:
        return SuspensionEntry(
            self.reason.data, self.text.data or "", self.owner.data or "", self.review_on.data
        )


def bound_review(field: Any) -> None:
    """Let a review day lie between tomorrow and the last one possible, and say so."""
    last = last_review()
    bound(field, date.fromordinal(today().toordinal() + 1), last)
    field.description = gettext(
        "Within 30 days, at the latest %(day)s. A day off becomes the working day after it.",
        day=last.isoformat(),
    )


def moved_review(chosen: date | None) -> str:
    """That a review day chosen is a day off, and which day it became; empty where it stays."""
    if chosen is None or (review := next_workday(chosen, load_calendar())) == chosen:
        return ""
    return gettext(
        "%(chosen)s is a day off: the problem is looked at again on %(day)s.",
        chosen=chosen.isoformat(),
        day=review.isoformat(),
    )


class SuspendForm(DecisionForm):
    kind = RequestKind.SUSPENSION
    review_on = day(_l("Review day"), required=True)
    note = long_text(_l("Note"), 500, rows=2)

    def prepare(self, row: Any) -> None:
        super().prepare(row)
        bound_review(self.review_on)
        if self.request and not self.is_submitted():
            self.review_on.data = self.request.IssueRequest.wanted_on

    def remark(self) -> str:
        return moved_review(self.review_on.data)


class RefuseSuspensionForm(DecisionForm):
    kind = RequestKind.SUSPENSION
    note = long_text(_l("Why the unit must go on"), 500, required=True, rows=3)


class RuleClosedForm(DecisionForm):
    kind = RequestKind.RULING
    note = long_text(
        _l("Note"), 500, rows=2, hint=_l("The problem is closed; the enterprise's rating stays as it is.")
    )


class RefuseRulingForm(DecisionForm):
    kind = RequestKind.RULING
    note = long_text(_l("What is still to be done"), 500, required=True, rows=3)
