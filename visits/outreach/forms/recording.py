"""Forms of visits: the one screen on which a visit is recorded, and the filters of the list."""

from typing import Any
from uuid import uuid4

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, SelectMultipleField, TimeField
from wtforms.validators import Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from visits.accounts import queries as accounts
from visits.core.authz import Actor
from visits.core.clock import today
from visits.core.forms import (
    BaseForm,
    NotBefore,
    QueryForm,
    choice,
    choices,
    day,
    long_text,
    member,
    options,
    text,
    whole_number,
)
from visits.issues import queries as issues
from visits.issues.models import LEVEL_LABELS, URGENCY_LABELS
from visits.issues.rules import Level, Urgency
from visits.outreach.choosing import Choice
from visits.outreach.entries import NEW_FIRM, NewFirm, Outsider, ProblemEntry, PromiseEntry, VisitEntry
from visits.outreach.models import KIND_LABELS, VisitKind
from visits.outreach.queries import VisitFilter
from visits.programmes import queries as programmes
from visits.programmes.models import ENTERPRISE_VISIT, GROUP_LINKED, MODE_LABELS, VisitMode

EVERY_FIRM = "all"
MOST_ROWS = 30


def ticks(label: Any, coerce: Any = whole_number, hint: Any = "") -> SelectMultipleField:
    """Several choices to tick; whether a value exists is for the operation to say."""
    return SelectMultipleField(
        label,
        coerce=coerce,
        description=hint,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )


def complain(field: Any, sentence: str) -> bool:
    """Put a sentence beside a field that was checked already; always False."""
    field.errors = [*field.errors, sentence]
    return False


class Row(Form):
    """One line of several; a line in which nothing was typed is as if it were not there."""

    telling: tuple[str, ...] = ()

    class Meta(BaseForm.Meta):
        """As other forms, but the form around it carries the token."""

        csrf = False

    @property
    def is_blank(self) -> bool:
        """Nothing was typed here."""
        return not any(self[name].data for name in self.telling)

    def validate(self, extra_validators: Any = None) -> bool:
        """Pass a blank line; check the others."""
        return self.is_blank or super().validate(extra_validators)


class FirmRow(Row):
    """A line about one enterprise of the visit, the only one where there is one only."""

    enterprise_id = choice(_l("Enterprise"), coerce=whole_number, validate_choice=False)
    firm_ids: tuple[int, ...] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the line, and which enterprise it is about."""
        passed = super().validate(extra_validators)
        if self.enterprise_id.data is None and len(self.firm_ids) == 1:
            self.enterprise_id.data = self.firm_ids[0]
        if self.is_blank or not self.firm_ids or self.enterprise_id.data in self.firm_ids:
            return passed
        return complain(self.enterprise_id, gettext("Say which enterprise this is about."))


class ProblemRow(FirmRow):
    telling = ("title", "description", "category_id", "wish", "reporter_name", "on_spot", "how")

    title = text(_l("Problem in short"), 80, required=True)
    category_id = choice(_l("Category"), required=True, coerce=whole_number)
    urgency = choice(_l("Urgency"), coerce=member(Urgency), default=Urgency.NORMAL)
    description = long_text(_l("Description"), 2000, rows=2)
    wish = text(_l("What the enterprise wishes"), 200)
    reporter_name = text(_l("Contact for this problem"), 60)
    reporter_phone = text(_l("Phone"), 30)
    on_spot = BooleanField(_l("Solved on the spot"))
    how = text(_l("How it was solved"), 300)
    level = choice(_l("How satisfied the enterprise is"), coerce=member(Level))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the line, and that it says how what was solved on the spot was solved."""
        passed = super().validate(extra_validators)
        if self.on_spot.data and not self.how.data:
            return complain(self.how, gettext("Say how it was solved on the spot."))
        if self.how.data and not self.on_spot.data:
            return complain(self.on_spot, gettext("Tick this if it was solved on the spot."))
        return passed

    def entry(self) -> ProblemEntry:
        return ProblemEntry(
            enterprise_id=self.enterprise_id.data,
            title=self.title.data or "",
            category_id=self.category_id.data,
            description=self.description.data or "",
            urgency=self.urgency.data or Urgency.NORMAL,
            wish=self.wish.data or "",
            reporter_name=self.reporter_name.data or "",
            reporter_phone=self.reporter_phone.data or "",
            how=self.how.data or "",
            level=self.level.data if self.on_spot.data else None,
        )


class PromiseRow(FirmRow):
    telling = ("what", "owner", "due_on")

    what = text(_l("What was promised"), 200, required=True)
    owner = text(_l("Who does it"), 60)
    due_on = day(_l("By when"))

    def entry(self) -> PromiseEntry:
        return PromiseEntry(
            self.enterprise_id.data, self.what.data or "", self.owner.data or "", self.due_on.data
        )


class OutsiderRow(Row):
    telling = ("name", "unit_name")

    name = text(_l("Name"), 60, required=True)
    unit_name = text(_l("Unit"), 80)


def rows(form_class: type[Row], label: Any) -> FieldList:
    """Lines of one kind, one of them blank at first."""
    return FieldList(FormField(form_class), label, min_entries=1, max_entries=MOST_ROWS)


class VisitForm(BaseForm):
    """A visit on one screen. Enterprises are ticked or looked for: `enterprises` is text or #id,#id."""

    client_id = HiddenField(default=lambda: str(uuid4()), validators=[Regexp(r"[0-9a-f-]{36}\Z")])
    enterprise_ids = ticks(_l("Enterprises visited"))
    enterprises = text(
        _l("Enterprise"), 200, hint=_l("Any part of its name, its pinyin initials, or the end of its code.")
    )
    new_name = text(_l("Name of the enterprise"), 120)
    new_reason = text(_l("Why it has no code yet"), 200)
    visited_on = day(_l("Date of the visit"), required=True, default=today)
    mode = choice(_l("Mode"), required=True, coerce=member(VisitMode), default=VisitMode.ON_SITE)
    kind = choice(_l("Kind of visit"), required=True, coerce=member(VisitKind), default=VisitKind.REGULAR)
    programme_ids = ticks(
        _l("Programmes"),
        hint=_l("Where your group answers for the enterprise, its programme is ticked by itself."),
    )
    participant_ids = SelectMultipleField(_l("Participants"), coerce=whole_number, validate_choice=False)
    no_issue_ids = ticks(_l("No problems"), coerce=str)
    problems = rows(ProblemRow, _l("Problems heard"))
    summary = long_text(_l("Note of the visit"), 5000, rows=3)
    promises = rows(PromiseRow, _l("Promises"))
    start_time = TimeField(_l("Start time"), validators=[Optional()])
    end_time = TimeField(_l("End time"), validators=[Optional()])
    place = text(_l("Place"), 120)
    group_id = choice(_l("Group"), coerce=whole_number)
    outsiders = rows(OutsiderRow, _l("Participants without an account"))

    def __init__(self, actor: Actor, enterprise_id: int | None = None) -> None:
        super().__init__()
        self.actor = actor
        if not self.is_submitted():
            self.enterprise_ids.data = [enterprise_id] if enterprise_id else []
        self.choice = Choice.of(
            self.enterprise_ids.data, self.enterprises.data, self.visited_on.data or today()
        )
        self._offer_firms()
        self._offer_programmes()
        self.participant_ids.choices = options(accounts.active_people())
        self.participant_ids.flags.required = True
        if not self.is_submitted():
            self.participant_ids.data = [actor.person_id]
        self.mode.choices, self.kind.choices = choices(MODE_LABELS), choices(KIND_LABELS)
        self.offer_rows()

    def _offer_firms(self) -> None:
        """Show the enterprises known so far as ticks, so that the text that found them may go."""
        self.enterprise_ids.choices = options(
            (firm.enterprise_id, firm.name) for firm in self.choice.offered
        )
        self.enterprise_ids.data = self.choice.chosen_ids
        self.enterprises.data = self.choice.unfound
        self.enterprises.flags.required = not self.choice.chosen
        named = [(str(firm.enterprise_id), firm.name) for firm in self.choice.chosen]
        if self.new_name.data:
            named.append((str(NEW_FIRM), self.new_name.data))
        self.named = named
        ticked = self.no_issue_ids.data or []
        if len(named) < 2:
            self.no_issue_ids.choices = options(
                [(EVERY_FIRM, gettext("The enterprise says it has no problems"))]
            )
            self.no_issue_ids.data = [EVERY_FIRM] if {EVERY_FIRM, *dict(named)} & set(ticked) else []
            return
        self.no_issue_ids.choices = options(
            (key, gettext("%(name)s says it has no problems", name=name)) for key, name in named
        )
        if EVERY_FIRM in ticked:
            self.no_issue_ids.data = [str(firm) for firm in self._silent()]

    def _offer_programmes(self) -> None:
        known, mine = programmes.programmes_and_groups(self.actor.group_ids)
        self.programme_ids.choices = options((key, name) for key, _code, name in known)
        self.group_id.choices = options(mine, blank=gettext("None"))
        if not self.is_submitted():
            self.programme_ids.data = [key for key, code, _name in known if code == ENTERPRISE_VISIT]
        self._tick_linked({code: key for key, code, _name in known}.get(GROUP_LINKED))

    def _tick_linked(self, programme_id: int | None) -> None:
        """Tick 组团联企 for enterprises of the writer's groups that the form has not shown before."""
        new = {firm.enterprise_id for firm in self.choice.chosen}
        if self.is_submitted():
            new &= self.choice.fresh
        linked = [
            firm.group_id
            for firm in self.choice.chosen
            if firm.enterprise_id in new and firm.group_id in self.actor.group_ids
        ]
        if linked and programme_id and programme_id not in self.programme_ids.data:
            self.programme_ids.data = [*self.programme_ids.data, programme_id]
        if linked and self.group_id.data is None:
            self.group_id.data = linked[0]

    def offer_rows(self) -> None:
        """Give every line, and the blank one that a script copies, its choices."""
        self.blank_problem = ProblemRow(prefix="problems-__n__-")
        self.blank_promise = PromiseRow(prefix="promises-__n__-")
        self.blank_outsider = OutsiderRow(prefix="outsiders-__n__-")
        firms = options(self.named, blank=gettext("Choose"))
        categories = options(issues.open_categories(), blank=gettext("Choose"))
        urgencies, levels = choices(URGENCY_LABELS), choices(LEVEL_LABELS, blank=gettext("Not asked"))
        for problem in (*self._forms(self.problems), self.blank_problem):
            problem.enterprise_id.choices, problem.category_id.choices = firms, categories
            problem.urgency.choices, problem.level.choices = urgencies, levels
            problem.firm_ids = self.firm_ids
        for promise in (*self._forms(self.promises), self.blank_promise):
            promise.enterprise_id.choices, promise.firm_ids = firms, self.firm_ids

    @staticmethod
    def _forms(lines: FieldList) -> list[Any]:
        return [entry.form for entry in lines.entries]

    def add_lines(self, name: str) -> None:
        """Add two blank lines of a kind, for a browser without script."""
        if name not in ("problems", "promises", "outsiders"):
            return
        for _line in range(min(2, MOST_ROWS - len(self[name]))):
            self[name].append_entry()
        self.offer_rows()

    @property
    def firm_ids(self) -> tuple[int, ...]:
        """The enterprises of the visit, NEW_FIRM for the one not in the register yet."""
        return tuple(int(key) for key, _name in self.named)

    def _silent(self) -> list[int]:
        """The enterprises about which no problem was entered."""
        heard = {row.enterprise_id.data for row in self._forms(self.problems) if not row.is_blank}
        return [firm for firm in self.firm_ids if firm not in heard]

    def validate_enterprises(self, field: Any) -> None:
        if self.choice.sentence:
            raise ValidationError(self.choice.sentence)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field, and that a new enterprise comes with name and reason."""
        passed = super().validate(extra_validators)
        if self.new_name.data and not self.new_reason.data:
            return complain(self.new_reason, gettext("Say why the enterprise has no credit code yet."))
        if self.new_reason.data and not self.new_name.data:
            return complain(self.new_name, gettext("Enter the name of the enterprise."))
        return passed

    def _no_issue_ids(self) -> frozenset[int]:
        ticked = self.no_issue_ids.data or []
        if EVERY_FIRM not in ticked:
            return frozenset(firm for firm in map(whole_number, ticked) if firm is not None)
        return frozenset(self.firm_ids if len(self.firm_ids) == 1 else self._silent())

    def entry(self) -> VisitEntry:
        """The visit as it was entered."""
        return VisitEntry(
            client_id=self.client_id.data or "",
            visited_on=self.visited_on.data,
            mode=self.mode.data,
            kind=self.kind.data,
            enterprise_ids=self.choice.chosen_ids,
            new_firm=NewFirm(self.new_name.data, self.new_reason.data or "")
            if self.new_name.data
            else None,
            programme_ids=[key for key in self.programme_ids.data if key],
            participant_ids=[key for key in self.participant_ids.data if key],
            outsiders=[
                Outsider(row.name.data, row.unit_name.data or "")
                for row in self._forms(self.outsiders)
                if not row.is_blank
            ],
            problems=[row.entry() for row in self._forms(self.problems) if not row.is_blank],
            promises=[row.entry() for row in self._forms(self.promises) if not row.is_blank],
            no_issue_ids=self._no_issue_ids(),
            group_id=self.group_id.data,
            start_time=self.start_time.data,
            end_time=self.end_time.data,
            place=self.place.data or "",
            summary=self.summary.data or "",
        )


class KeptForm(BaseForm):
    kept_on = day(_l("Kept on"), required=True, default=today)


class VisitFilterForm(QueryForm):
    q = text(_l("Enterprise"), 60)
    from_on = day(_l("From"), name="from")
    to_on = day(_l("To"), name="to")
    programme = choice(_l("Programme"), coerce=whole_number)
    mode = choice(_l("Mode"), coerce=member(VisitMode))
    group = choice(_l("Group"), coerce=whole_number)
    late = BooleanField(_l("Late entries only"))
    person = HiddenField(filters=[whole_number])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        known, groups = programmes.programmes_and_groups(None)
        self.programme.choices = options(((key, name) for key, _code, name in known), blank=gettext("All"))
        self.group.choices = options(groups, blank=gettext("All"))
        self.mode.choices = choices(MODE_LABELS, blank=gettext("All"))

    def validate_to_on(self, field: Any) -> None:
        NotBefore("from_on")(self, field)

    def wanted(self) -> VisitFilter:
        """What the address asks for; a part that cannot be read does not narrow."""
        self.validate()
        parts = {name: None if field.errors else field.data for name, field in self._fields.items()}
        return VisitFilter(
            q=parts["q"] or "",
            from_on=parts["from_on"],
            to_on=parts["to_on"],
            programme_id=parts["programme"],
            mode=parts["mode"],
            group_id=parts["group"],
            person_id=parts["person"],
            late=bool(parts["late"]),
        )
