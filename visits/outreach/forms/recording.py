"""The one screen on which a visit is recorded, and what it shares with the one on which it is corrected."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, HiddenField, TimeField
from wtforms.validators import Optional, Regexp, ValidationError

from visits.accounts import queries as accounts
from visits.core.authz import Actor
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
from visits.issues import queries as issues
from visits.issues.models import FLAG_LABELS, LEVEL_LABELS, URGENCY_LABELS
from visits.outreach import rules
from visits.outreach.choosing import Choice
from visits.outreach.crowding import Crowding
from visits.outreach.entries import NEW_FIRM, NewFirm, Outsider, VisitEntry
from visits.outreach.forms.checks import ChecksField
from visits.outreach.forms.crowding import PLANS, WHY_SO_OFTEN, CrowdingFields
from visits.outreach.forms.rows import (
    MOST_ROWS,
    FirmRow,
    OutsiderRow,
    PeopleInOrder,
    ProblemRow,
    PromiseRow,
    Row,
    complain,
    rows,
    ticks,
)
from visits.outreach.models import KIND_LABELS, VisitKind, VisitPlan
from visits.programmes import queries as programmes
from visits.programmes.models import ENTERPRISE_VISIT, GROUP_LINKED, MODE_LABELS, VisitMode

EVERY_FIRM = "all"


class VisitFields(BaseForm):
    """A visit on one screen. Enterprises are ticked or looked for: `enterprises` is text or #id,#id.

    `filled` are the fields of a draft to go on with, `present` what a visit that is corrected says now.
    """

    enterprise_ids = ticks(_l("Enterprises of this visit"))
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
    participant_ids = PeopleInOrder(_l("Participants"), coerce=whole_number, validate_choice=False)
    no_issue_ids = ticks(_l("None heard"), coerce=str)
    checks = ChecksField(_l("How it stands there"))
    summary = long_text(_l("Note of the visit"), 5000, rows=3)
    promise_row: type[PromiseRow] = PromiseRow
    promises = rows(PromiseRow, _l("Promises"))
    start_time = TimeField(_l("Start time"), validators=[Optional()])
    end_time = TimeField(_l("End time"), validators=[Optional()])
    place = text(_l("Place"), 120)
    group_id = choice(_l("Group"), coerce=whole_number)
    outsiders = rows(OutsiderRow, _l("Participants without an account"))

    def __init__(
        self,
        actor: Actor,
        enterprise_id: int | None = None,
        filled: MultiDict[str, str] | None = None,
        present: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data=present, **({} if filled is None else {"formdata": filled}))
        self.actor = actor
        self.is_fresh = filled is None and present is None and not self.is_submitted()
        if self.is_fresh:
            self.enterprise_ids.data = [enterprise_id] if enterprise_id else []
        self.choice = Choice.of(
            self.enterprise_ids.data, self.enterprises.data, self.visited_on.data or today()
        )
        self._offer_firms()
        self.checks.offer(actor, self.choice.chosen_ids, self.visit_id)
        self._offer_programmes()
        self.known_people = self.people()
        self.participant_ids.choices = options(self.known_people)
        self.participant_ids.flags.required = True
        if self.is_fresh:
            self.participant_ids.data = [actor.person_id]
        self.mode.choices, self.kind.choices = choices(MODE_LABELS), choices(KIND_LABELS)
        self.offer_rows()

    @property
    def visit_id(self) -> int | None:
        """The visit that is corrected."""
        return None

    def people(self) -> list[tuple[int, str]]:
        """Who may be named as a participant."""
        return accounts.active_people()

    def offered_groups(self) -> frozenset[int] | None:
        """The groups offered, by id; None offers all."""
        return self.actor.group_ids

    def heard(self) -> Iterable[int]:
        """The enterprises of which a problem was heard."""
        return ()

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
            self.no_issue_ids.choices = options([(EVERY_FIRM, self.silence_of_one)])
            self.no_issue_ids.data = [EVERY_FIRM] if {EVERY_FIRM, *dict(named)} & set(ticked) else []
            return
        each = [(key, self.silence_of(name)) for key, name in named]
        self.no_issue_ids.choices = options([*each, (EVERY_FIRM, self.silence_of_the_others)])

    @property
    def silence_of_one(self) -> str:
        """The tick of the only enterprise."""
        return gettext("The enterprise says it has no problems")

    @staticmethod
    def silence_of(name: str) -> str:
        """The tick of one of several enterprises."""
        return gettext("%(name)s says it has no problems", name=name)

    @property
    def silence_of_the_others(self) -> str:
        """The tick of all enterprises about which nothing is entered."""
        return gettext("Every enterprise without a problem entered says it has none")

    def _offer_programmes(self) -> None:
        known, mine = programmes.programmes_and_groups(self.offered_groups())
        self.programme_ids.choices = options((key, name) for key, _code, name in known)
        self.group_id.choices = options(mine, blank=gettext("None"))
        if self.is_fresh:
            self.programme_ids.data = [key for key, code, _name in known if code == ENTERPRISE_VISIT]
        self._tick_linked({code: key for key, code, _name in known}.get(GROUP_LINKED))

    def _tick_linked(self, programme_id: int | None) -> None:
        """Tick 组团联企 for enterprises of the writer's groups that the form has not shown before."""
        new = {firm.enterprise_id for firm in self.choice.chosen}
        if not self.is_fresh:
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
        self.blank_promise = self.promise_row(prefix="promises-__n__-")
        self.blank_outsider = OutsiderRow(prefix="outsiders-__n__-")
        for promise, heading in self.numbered(self.promises, self.blank_promise):
            promise.heading = gettext("Promise %(number)s", number=heading)
            self.offer_firms_to(promise)
            promise.people = self.known_people
        for outsider, heading in self.numbered(self.outsiders, self.blank_outsider):
            outsider.heading = gettext("Participant %(number)s", number=heading)

    def offer_firms_to(self, row: FirmRow) -> None:
        """Let a line say which enterprise of the visit it is about."""
        row.enterprise_id.choices, row.firm_ids = self.firm_options(), self.firm_ids
        row.enterprise_id.flags.required = True

    def firm_options(self) -> list[Any]:
        """The enterprises of the visit, to choose one from."""
        return options(self.named, blank=gettext("Choose"))

    @staticmethod
    def forms_of(lines: FieldList) -> list[Any]:
        """The forms of the lines of one kind."""
        return [entry.form for entry in lines.entries]

    def numbered(self, lines: FieldList, blank: Row) -> Iterable[tuple[Any, int | str]]:
        """The lines of one kind with their numbers; a script numbers the blank one."""
        return [*((row, number) for number, row in enumerate(self.forms_of(lines), 1)), (blank, "__m__")]

    def add_lines(self, name: str) -> None:
        """Add two blank lines of a kind, for a browser without script."""
        if not isinstance(lines := self._fields.get(name), FieldList):
            return
        for _line in range(min(2, MOST_ROWS - len(lines))):
            lines.append_entry()
        self.offer_rows()

    @property
    def firm_ids(self) -> tuple[int, ...]:
        """The enterprises of the visit, NEW_FIRM for the one not in the register yet."""
        return tuple(int(key) for key, _name in self.named)

    def _silent(self) -> list[int]:
        """The enterprises about which no problem was heard."""
        heard = set(self.heard())
        return [firm for firm in self.firm_ids if firm not in heard]

    def validate_visited_on(self, field: Any) -> None:
        if field.data and (fault := rules.fault_of_visit_day(field.data, today())):
            raise ValidationError(gettext(fault.message))

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
        chosen = frozenset(firm for firm in map(whole_number, ticked) if firm is not None)
        if EVERY_FIRM not in ticked:
            return chosen
        if len(self.firm_ids) == 1:
            return frozenset(self.firm_ids)
        return frozenset(self._silent()) | chosen

    def entry_of(self, client_id: str, **more: Any) -> VisitEntry:
        """The visit as it was entered."""
        return VisitEntry(
            client_id=client_id,
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
                for row in self.forms_of(self.outsiders)
                if not row.is_blank
            ],
            promises=[row.entry() for row in self.forms_of(self.promises) if not row.is_blank],
            checks=self.checks.entries(),
            no_issue_ids=self._no_issue_ids(),
            group_id=self.group_id.data,
            start_time=self.start_time.data,
            end_time=self.end_time.data,
            place=self.place.data or "",
            summary=self.summary.data or "",
            **more,
        )


class VisitForm(CrowdingFields, VisitFields):
    """A visit that is recorded; `draft_revision` is that of its draft, where it was kept as one before."""

    client_id = HiddenField(default=lambda: str(uuid4()), validators=[Regexp(r"[0-9a-f-]{36}\Z")])
    draft_revision = HiddenField()
    problems = rows(ProblemRow, _l("Problems heard"))
    frequency_reason = text(WHY_SO_OFTEN, 200)
    plan_ids = ticks(PLANS)
    plans_seen = ticks("")

    def open_with(self, plan: VisitPlan, companion_ids: Iterable[int]) -> None:
        """Fill an empty form in with what was planned."""
        along = list(companion_ids)
        is_there = self.actor.person_id in (plan.owner_id, *along)
        self.visited_on.data = min(plan.planned_on, today())
        self.participant_ids.data = [plan.owner_id if is_there else self.actor.person_id, *along]
        self.plan_ids.data = self.plans_seen.data = [plan.id]
        self.frequency_reason.data = plan.frequency_reason
        if plan.is_invited:
            self.kind.data = VisitKind.INVITED
        if plan.programme_id and plan.programme_id not in self.programme_ids.data:
            self.programme_ids.data = [*self.programme_ids.data, plan.programme_id]

    def look_around(self) -> Crowding:
        """Who else goes to the enterprises around that day; offers the plans that the visit may end."""
        on, ticked = self.visited_on.data or today(), [key for key in self.plan_ids.data or () if key]
        firms = self.choice.chosen_ids
        seen = Crowding.for_visit(self.actor, firms, on, (self.mode.data, self.kind.data), ticked)
        self.offer_plans(seen.plans, on)
        return seen

    def heard(self) -> Iterable[int]:
        """The enterprises of the problems entered."""
        return [row.enterprise_id.data for row in self.forms_of(self.problems) if not row.is_blank]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field, and that each enterprise has a problem entered or the tick of none."""
        passed = super().validate(extra_validators)
        heard, silent = set(self.heard()), self._no_issue_ids()
        unsaid = [name for key, name in self.named if int(key) not in heard | silent]
        if not unsaid or None in heard:  # which enterprise a problem is about is asked there
            return passed
        names = gettext(", ").join(unsaid)
        sentence = gettext("Enter a problem of %(name)s, or tick that there is none.", name=names)
        return complain(self.no_issue_ids, sentence)

    def offer_rows(self) -> None:
        """Give every line, and the blank one that a script copies, its choices."""
        super().offer_rows()
        self.blank_problem = ProblemRow(prefix="problems-__n__-")
        categories = options(issues.open_categories(), blank=gettext("Choose"))
        urgencies, levels = choices(URGENCY_LABELS), choices(LEVEL_LABELS, blank=gettext("Not asked"))
        flags = choices(FLAG_LABELS, blank=gettext("None"))
        for problem, heading in self.numbered(self.problems, self.blank_problem):
            problem.heading = gettext("Problem %(number)s", number=heading)
            self.offer_firms_to(problem)
            problem.red_flag.choices, problem.category_id.choices = flags, categories
            problem.urgency.choices, problem.level.choices = urgencies, levels

    def entry(self) -> VisitEntry:
        """The visit as it was entered, with the problems heard."""
        problems = [row.entry() for row in self.forms_of(self.problems) if not row.is_blank]
        return self.entry_of(
            self.client_id.data or "",
            problems=problems,
            frequency_reason=self.frequency_reason.data or "",
            plan_ids=[key for key in self.plan_ids.data or () if key],
        )
