"""Forms of problems: the filters of the list, registration, and one form for each move."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

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
    whole_number,
)
from visits.core.i18n import N_
from visits.enterprises import queries as enterprises
from visits.issues import queries
from visits.issues.categories import parents_for, usual_unit
from visits.issues.models import (
    CHANNEL_LABELS,
    COMPLEXITY_LABELS,
    LEVEL_LABELS,
    OUTCOME_LABELS,
    SOLVED_LABELS,
    SOURCE_LABELS,
    URGENCY_LABELS,
    Channel,
    IssueSource,
)
from visits.issues.operations import (
    AssignEntry,
    CategoryEntry,
    ContactEntry,
    CorrectionEntry,
    EvaluationEntry,
    IssueEntry,
    ReportEntry,
)
from visits.issues.rules import Complexity, Level, Outcome, Solved, Urgency

YES_NO = {"yes": N_("Yes"), "no": N_("No")}
CONTACT_WAYS = {"phone": N_("By phone"), "visit": N_("In person")}


class IssueForm(BaseForm):
    enterprise_id = choice(_l("Enterprise"), required=True, coerce=whole_number)
    title = text(_l("Problem in short"), 80, required=True)
    description = long_text(_l("Description"), 2000, required=True)
    wish = long_text(_l("What the enterprise wishes"), 500, rows=2)
    category_id = choice(_l("Category"), required=True, coerce=whole_number)
    complexity = choice(
        _l("Complexity"), coerce=member(Complexity), hint=_l("Decides how long a unit has.")
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.enterprise_id.choices = options(enterprises.all_names(), blank=gettext("Choose"))
        self.category_id.choices = options(queries.open_categories(), blank=gettext("Choose"))
        self.complexity.choices = choices(COMPLEXITY_LABELS, blank=gettext("As usual in the category"))


class NewIssueForm(IssueForm):
    source = choice(_l("Source"), required=True, coerce=member(IssueSource), default=IssueSource.ENTERPRISE)
    external_no = text(_l("Number at the source"), 60, hint=_l("E.g. the number of the 12345 order."))
    urgency = choice(_l("Urgency"), required=True, coerce=member(Urgency), default=Urgency.NORMAL)
    reporter_name = text(_l("Contact for this problem"), 60)
    reporter_phone = text(_l("Phone"), 30)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        labels = {key: label for key, label in SOURCE_LABELS.items() if key is not IssueSource.VISIT}
        self.source.choices = choices(labels)
        self.urgency.choices = choices(URGENCY_LABELS)

    def entry(self) -> IssueEntry:
        return IssueEntry(
            enterprise_id=self.enterprise_id.data,
            title=self.title.data or "",
            description=self.description.data or "",
            category_id=self.category_id.data,
            urgency=self.urgency.data,
            complexity=self.complexity.data,
            wish=self.wish.data or "",
            reporter_name=self.reporter_name.data or "",
            reporter_phone=self.reporter_phone.data or "",
            source=self.source.data,
            external_no=self.external_no.data or "",
        )


class MoveForm(BaseForm):
    """The form of a move that asks for nothing; it is made for one problem."""

    def prepare(self, row: Any) -> None:
        """Fill choices and first values from the problem (a row of queries.get_shown)."""


def noting(label: Any, *, required: bool = True, hint: Any = "") -> type[MoveForm]:
    """A form that asks for one text."""
    note = long_text(label, 2000, required=required, hint=hint)
    return type("NoteForm", (MoveForm,), {"note": note})


class CorrectForm(IssueForm, MoveForm):
    note = long_text(_l("Why it is corrected"), 500, required=True, rows=2)

    def prepare(self, row: Any) -> None:
        if not any(key == row.Issue.category_id for key, _ in queries.open_categories()):
            self.category_id.choices = [*self.category_id.choices, (row.Issue.category_id, row.category)]
        if not self.is_submitted():
            self.process(obj=row.Issue)

    def entry(self) -> CorrectionEntry:
        return CorrectionEntry(
            enterprise_id=self.enterprise_id.data,
            title=self.title.data or "",
            description=self.description.data or "",
            category_id=self.category_id.data,
            complexity=self.complexity.data or Complexity.ORDINARY,
            wish=self.wish.data or "",
        )


class AssignForm(MoveForm):
    lead_unit_id = choice(_l("Unit in charge"), required=True, coerce=whole_number)
    co_unit_ids = SelectMultipleField(
        _l("Co-units"),
        coerce=whole_number,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("They answer to the lead unit two working days before it is due."),
    )
    note = long_text(_l("To the units"), 500, rows=2)

    def prepare(self, row: Any) -> None:
        able = accounts.units_with_handler(today())
        units = [
            (key, name if key in able else gettext("%(unit)s (nobody can sign)", unit=name))
            for key, name in accounts.open_units()
        ]
        self.lead_unit_id.choices = options(units, blank=gettext("Choose"))
        self.co_unit_ids.choices = options(units)
        if not self.is_submitted():
            self.lead_unit_id.data = usual_unit(row.Issue.category_id)

    def entry(self) -> AssignEntry:
        return AssignEntry(self.lead_unit_id.data, self.co_unit_ids.data or [], self.note.data or "")


class ReassignForm(AssignForm):
    def prepare(self, row: Any) -> None:
        super().prepare(row)
        if not self.is_submitted():
            self.lead_unit_id.data = None


class RejectForm(MoveForm):
    reason = long_text(
        _l("Why it is not accepted"),
        500,
        required=True,
        rows=2,
        hint=_l("E.g. already in litigation, arbitration or petition; secret; not of the zone."),
    )
    told = long_text(
        _l("Told to the enterprise"),
        500,
        required=True,
        rows=2,
        hint=_l("Also whom it can turn to instead."),
    )


class ContactForm(MoveForm):
    contact = text(_l("Spoke with"), 60, required=True)
    by = choice(_l("How"), default="phone")
    note = long_text(_l("What was said"), 1000, rows=2)

    def prepare(self, row: Any) -> None:
        self.by.choices = choices(CONTACT_WAYS)
        if not self.is_submitted():
            self.contact.data = row.Issue.reporter_name

    def entry(self) -> ContactEntry:
        return ContactEntry(self.contact.data or "", self.by.data or "", self.note.data or "")


class ProgressForm(MoveForm):
    note = long_text(_l("What was done"), 2000, required=True)
    next_step = text(_l("Next step"), 200)


class WaiveForm(MoveForm):
    unit_id = choice(_l("Co-unit"), required=True, coerce=whole_number)
    note = long_text(_l("Why its answer is not needed"), 500, required=True, rows=2)

    def prepare(self, row: Any) -> None:
        self.unit_id.choices = options(queries.waiting_co_units(row.Issue.id))


class ReturnForm(MoveForm):
    suggested_unit_id = choice(_l("Unit in charge instead"), required=True, coerce=whole_number)
    note = long_text(_l("Why your unit is not in charge"), 500, required=True, rows=3)

    def prepare(self, row: Any) -> None:
        units = [unit for unit in accounts.open_units() if unit[0] != row.Issue.lead_unit_id]
        self.suggested_unit_id.choices = options(units, blank=gettext("Choose"))


class ReportForm(MoveForm):
    outcome = choice(_l("Outcome"), required=True, coerce=member(Outcome))
    done = long_text(_l("What was done"), 2000, required=True)
    told = long_text(_l("Told to the enterprise"), 1000, required=True, rows=3)
    commitment_due = day(_l("Will be done by"), hint=_l("For outcome B only."))

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
    evaluator = text(_l("Who answered"), 60)
    answered_on = day(_l("Answered on"), required=True, default=today)
    solved = choice(_l("Is the problem solved?"), required=True, coerce=member(Solved))
    accepts = choice(_l("Does it accept the plan or explanation?"))
    level = choice(_l("How satisfied is the enterprise?"), required=True, coerce=member(Level))
    note = long_text(_l("In its own words"), 1000, rows=3)

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
        )


MOVE_FORMS: dict[str, type[MoveForm]] = {
    "assign": AssignForm,
    "request_info": noting(_l("What is missing")),
    "complete_info": noting(_l("The information asked for"), hint=_l("It is added to the description.")),
    "reject": RejectForm,
    "restore": noting(_l("Why it is taken up again")),
    "sign": MoveForm,
    "record_contact": ContactForm,
    "add_progress": ProgressForm,
    "add_note": noting(_l("Note"), hint=_l("Everybody who may read the problem sees it on the timeline.")),
    "answer_as_co_unit": noting(_l("Answer of your unit")),
    "waive_co_unit": WaiveForm,
    "return": ReturnForm,
    "reassign": ReassignForm,
    "uphold": noting(_l("Why the unit keeps it"), hint=_l("The due date stays; no further return.")),
    "report": ReportForm,
    "pass_review": noting(_l("Note"), required=False),
    "send_back": noting(_l("What the report lacks"), hint=_l("Round and due date stay.")),
    "record_evaluation": EvaluationForm,
    "log_attempt": noting(_l("Whom you tried to reach, and what happened")),
    "close_unreached": noting(_l("How the enterprise was sought"), hint=_l("The problem stays unrated.")),
    "correct": CorrectForm,
    "void": noting(_l("Why it is void"), hint=_l("It leaves every figure; its past stays readable.")),
}


class CategoryForm(BaseForm):
    name = text(_l("Category"), 40, required=True)
    parent_id = choice(
        _l("Lies under"), coerce=whole_number, hint=_l("Empty for a category of the first level.")
    )
    unit_id = choice(_l("Unit usually in charge"), coerce=whole_number)
    complexity = choice(
        _l("Usual complexity"), required=True, coerce=member(Complexity), default=Complexity.ORDINARY
    )
    is_closed = BooleanField(
        _l("No longer in use"), description=_l("Problems that have it keep it; new ones cannot choose it.")
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.parent_id.choices = options(parents_for(kwargs.get("obj")), blank=gettext("None"))
        self.unit_id.choices = options(accounts.open_units(), blank=gettext("None"))
        self.complexity.choices = choices(COMPLEXITY_LABELS)

    def entry(self) -> CategoryEntry:
        return CategoryEntry(
            self.name.data or "",
            self.unit_id.data,
            self.complexity.data,
            is_closed=bool(self.is_closed.data),
            parent_id=self.parent_id.data,
        )
