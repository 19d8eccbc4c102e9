"""Forms of the moves by which a problem ends: the report and the evaluation."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from visits.core.clock import today
from visits.core.forms import choice, choices, day, long_text, member, text
from visits.core.i18n import N_
from visits.issues.forms.moving import MoveForm
from visits.issues.models import CHANNEL_LABELS, LEVEL_LABELS, OUTCOME_LABELS, SOLVED_LABELS, Channel
from visits.issues.operations import EvaluationEntry, ReportEntry
from visits.issues.rules import Level, Outcome, Solved

YES_NO = {"yes": N_("Yes"), "no": N_("No")}


class ReportForm(MoveForm):
    outcome = choice(_l("Outcome"), required=True, coerce=member(Outcome))
    done = long_text(_l("What was done"), 2000, required=True)
    told = long_text(_l("Told to the enterprise"), 1000, required=True, rows=3)
    commitment_due = day(_l("Will be done by"), is_near=True, hint=_l("For outcome B only."))

    def prepare(self, row: Any) -> None:
        self.outcome.choices = choices(OUTCOME_LABELS, blank=gettext("Choose"))

    def entry(self) -> ReportEntry:
        return ReportEntry(
            self.outcome.data, self.done.data or "", self.told.data or "", self.commitment_due.data
        )


class EvaluationForm(MoveForm):
    channel = choice(
        _l("How the answer came"), required=True, coerce=member(Channel), default=Channel.PHONE
    )
    evaluator = text(_l("Who answered"), 60, hint=_l("Name and post; needed for a callback by phone."))
    answered_on = day(_l("Answered on"), required=True, default=today)
    solved = choice(_l("Is the problem solved?"), required=True, coerce=member(Solved))
    accepts = choice(_l("Does it accept the plan or explanation?"), required=True)
    level = choice(_l("How satisfied is the enterprise?"), required=True, coerce=member(Level))
    note = long_text(
        _l("In its own words"),
        1000,
        rows=3,
        hint=_l("Not shown to the unit that handles the problem; the enterprise reads it on its page."),
    )
    to_unit = long_text(
        _l("What the unit must mend"),
        500,
        rows=2,
        hint=_l(
            "Needed when it goes round again. The unit reads this, not the answers: "
            "write neither the level nor who said what."
        ),
    )
    original_kept = BooleanField(
        _l("The signed original is kept, or its scan is among the files"),
        description=_l("For signed paper only."),
    )

    def prepare(self, row: Any) -> None:
        ways = {key: CHANNEL_LABELS[key] for key in (Channel.PHONE, Channel.PAPER)}
        self.channel.choices = choices(ways)
        self.solved.choices = choices(SOLVED_LABELS, blank=gettext("Choose"))
        self.accepts.choices = choices(YES_NO, blank=gettext("Choose"))
        self.level.choices = choices(LEVEL_LABELS, blank=gettext("Choose"))
        if row.Issue.outcome is Outcome.SOLVED:
            del self.accepts

    def entry(self) -> EvaluationEntry:
        accepts = self.accepts.data if self.accepts is not None else ""
        return EvaluationEntry(
            solved=self.solved.data,
            level=self.level.data,
            channel=self.channel.data,
            accepts=accepts == "yes" if accepts else None,
            evaluator=self.evaluator.data or "",
            comment=self.note.data or "",
            answered_on=self.answered_on.data,
            to_unit=self.to_unit.data or "",
            original_kept=bool(self.original_kept.data),
        )
