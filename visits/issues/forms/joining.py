"""Forms by which problems are joined, parted, withdrawn and taken up again."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, RadioField

from visits.core.authz import Actor
from visits.core.errors import Refused
from visits.core.forms import BaseForm, choice, choices, long_text, member, options, text, whole_number
from visits.core.i18n import N_
from visits.core.web import current_actor
from visits.issues import joined, queries
from visits.issues.forms.moving import MoveForm
from visits.issues.models import COMPLEXITY_LABELS, URGENCY_LABELS, Issue, Outcome
from visits.issues.operations import PartEntry, ReportEntry, WithdrawalAnswer
from visits.issues.operations.joining import MOST_PARTS
from visits.issues.rules import Complexity, Urgency
from visits.issues.states import STATE_LABELS


class OtherForm(MoveForm):
    """Which other problem of the enterprise is meant: one of those offered, or one by its number."""

    target_id = RadioField(
        _l("Which problem"),
        coerce=whole_number,
        description=_l(
            "Of the same enterprise, open or closed within 90 days, with like words; the most alike first."
        ),
    )
    number = text(_l("By its number"), 20, hint=_l("Any problem of the enterprise that you may read."))
    note = long_text(_l("Why the two are the same"), 500, required=True, rows=2)

    def prepare(self, row: Any) -> None:
        offered = [(near.id, _named(near)) for near in joined.near_ones(current_actor(), row.Issue)]
        another = [("", gettext("Another one, by its number below"))]
        self.target_id.choices = options([*offered, *another])

    def other(self, actor: Actor, issue: Issue) -> Issue | None:
        """The problem meant, of those that may be read; the number, where one is given, counts."""
        if not self.number.data:
            return joined.by_id(actor, self.target_id.data)
        found = joined.by_number(actor, issue, self.number.data)
        if found is None:
            raise Refused(
                N_("No problem of this enterprise that you may read has this number."), field="number"
            )
        return found


def _named(near: joined.Alike) -> str:
    """One problem as the choice names it."""
    return gettext(
        "%(number)s %(title)s (%(state)s, registered %(day)s, %(percent)d %% alike)",
        number=near.number,
        title=near.title,
        state=gettext(STATE_LABELS[near.state]),
        day=near.registered_on,
        percent=round(near.score * 100),
    )


class RepeatForm(OtherForm):
    note = long_text(_l("What is the same"), 500, rows=2)


class PartRow(Form):
    """One of the problems into which another is split; a row in which nothing was typed is not there."""

    class Meta(BaseForm.Meta):
        """As other forms, but the form around it carries the token."""

        csrf = False

    title = text(_l("Problem in short"), 80, required=True)
    category_id = choice(_l("Category"), required=True, coerce=whole_number)
    urgency = choice(_l("Urgency"), coerce=member(Urgency), default=Urgency.NORMAL)
    complexity = choice(_l("Complexity"), coerce=member(Complexity))
    description = long_text(_l("Description"), 2000, rows=2)

    @property
    def is_blank(self) -> bool:
        """Nothing was typed here."""
        return not (self.title.data or self.category_id.data or self.description.data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Pass a blank row; check the others."""
        return self.is_blank or super().validate(extra_validators)

    def entry(self) -> PartEntry:
        return PartEntry(
            self.title.data or "",
            self.description.data or "",
            self.category_id.data,
            self.urgency.data or Urgency.NORMAL,
            self.complexity.data,
        )


class SplitForm(MoveForm):
    note = long_text(_l("Why it is split"), 500, required=True, rows=2)
    parts = FieldList(FormField(PartRow), _l("Parts"), min_entries=MOST_PARTS, max_entries=MOST_PARTS)

    def prepare(self, row: Any) -> None:
        categories = options(queries.open_categories(), blank=gettext("Choose"))
        for part in self.parts:
            part.form.category_id.choices = categories
            part.form.urgency.choices = choices(URGENCY_LABELS)
            part.form.complexity.choices = choices(
                COMPLEXITY_LABELS, blank=gettext("As usual in the category")
            )

    def entries(self) -> list[PartEntry]:
        return [part.form.entry() for part in self.parts if not part.form.is_blank]


class WithdrawForm(MoveForm):
    evaluator = text(_l("Who answered"), 60, required=True)
    is_free = BooleanField(_l("Asked without the unit, it said it withdraws of its own free will"))
    note = long_text(_l("In its own words"), 1000, rows=3)

    def answer(self) -> WithdrawalAnswer:
        return WithdrawalAnswer(
            self.evaluator.data or "", is_free=bool(self.is_free.data), said=self.note.data or ""
        )


class NoWithdrawalForm(MoveForm):
    evaluator = text(_l("Who answered"), 60, required=True)
    note = long_text(_l("In its own words"), 1000, required=True, rows=3)

    def answer(self) -> WithdrawalAnswer:
        return WithdrawalAnswer(self.evaluator.data or "", is_free=False, said=self.note.data or "")


class FulfilForm(MoveForm):
    done = long_text(_l("What was done"), 2000, required=True)
    told = long_text(_l("Told to the enterprise"), 1000, required=True, rows=3)

    def entry(self) -> ReportEntry:
        return ReportEntry(Outcome.SOLVED, self.done.data or "", self.told.data or "")
