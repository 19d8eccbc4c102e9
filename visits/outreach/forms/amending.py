"""The forms on which a visit is corrected or voided, with a question about each problem concerned."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField

from visits.core.authz import Actor
from visits.core.forms import BaseForm, choice, options, text, whole_number
from visits.outreach import queries
from visits.outreach.entries import PromiseEntry, VisitEntry
from visits.outreach.forms.recording import EVERY_FIRM, VisitFields
from visits.outreach.forms.rows import PromiseRow, complain, rows
from visits.outreach.models import Visit
from visits.outreach.operations.voiding import KEEP, VOID
from visits.outreach.queries import Heard


def question(label: str) -> SelectField:
    """What becomes of one problem."""
    return choice(label, validate_choice=False)


def with_questions(base: type, heard: Iterable[Heard]) -> Any:
    """A form class with one question more for each of these problems."""
    asked = {f"problem_{problem.issue_id}": question(problem.number) for problem in heard}
    return type(base.__name__, (base,), asked)


class KnownPromiseRow(PromiseRow):
    """A promise that may be stored already."""

    promise_id = HiddenField(filters=[whole_number])

    def entry(self) -> PromiseEntry:
        """The promise as it should read."""
        made = super().entry()
        return replace(made, promise_id=self.promise_id.data)


class AmendFields(VisitFields):
    """A recorded visit as it should read, why, and what becomes of problems of enterprises taken out."""

    promise_row = KnownPromiseRow
    promises = rows(KnownPromiseRow, _l("Promises"))
    reason = text(_l("Why it is corrected"), 200)

    def __init__(self, actor: Actor, visit: Visit, heard: Sequence[Heard], is_free: bool) -> None:
        self.visit, self.problems_heard = visit, heard
        super().__init__(actor, present=present_of(visit))
        if not self.is_submitted():
            self.revision.data = visit.revision
        self.reason.flags.required = not is_free
        self._ask()

    def _ask(self) -> None:
        """Offer for each problem of an enterprise taken out what this person may choose."""
        for problem, field in self.questions():
            stays = gettext("Stays with %(name)s", name=problem.enterprise)
            goes = [(key, gettext("Goes to %(name)s", name=name)) for key, name in self.named]
            if problem.may_move:
                field.choices = options([(KEEP, stays), *goes], blank=gettext("Choose"))
            else:
                field.choices = options([(KEEP, stays)])
                field.description = gettext("You may not correct this problem in its present state.")

    def questions(self) -> list[tuple[Heard, Any]]:
        """The problems whose enterprise is not of this visit any more, each with its question."""
        before = {pair.enterprise_id for pair, _ in queries.pairs_of(self.visit.id)}
        left = before - set(self.firm_ids)
        return [(p, self[f"problem_{p.issue_id}"]) for p in self.problems_heard if p.enterprise_id in left]

    def heard(self) -> Iterable[int]:
        """The enterprises of the problems registered from this visit."""
        return {problem.enterprise_id for problem in self.problems_heard}

    @property
    def visit_id(self) -> int | None:
        """The visit that is corrected."""
        return self.visit.id

    def people(self) -> list[tuple[int, str]]:
        """Whoever has an account in use, and those who took part."""
        known = dict(super().people())
        for row in queries.attendances_of(self.visit.id):
            if row.person_id is not None:
                known.setdefault(row.person_id, row.name)
        return list(known.items())

    def offered_groups(self) -> frozenset[int] | None:
        """All groups: who corrects a visit need not be of its group."""
        return None

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field, the reason where one is needed, and that each question is answered."""
        passed = super().validate(extra_validators)
        if self.reason.flags.required and not self.reason.data:
            passed = complain(self.reason, gettext("Write why the visit is corrected."))
        for problem, field in self.questions():
            keys = {KEEP, *dict(self.named)} if problem.may_move else {KEEP}
            if field.data not in keys:
                passed = complain(field, gettext("Say whether this problem stays or goes."))
        return passed

    def entry(self) -> VisitEntry:
        """The visit as it should read."""
        return self.entry_of(self.visit.client_id)

    def moves(self) -> dict[int, int]:
        """To which enterprise, by the id entered, which problem goes."""
        return {
            problem.issue_id: int(field.data)
            for problem, field in self.questions()
            if field.data not in (KEEP, "", None)
        }


def amend_form(actor: Actor, visit: Visit, is_free: bool) -> AmendFields:
    """The form of one visit, with a question for each of its problems."""
    heard = queries.heard_on(actor, visit.id)
    return with_questions(AmendFields, heard)(actor, visit, heard, is_free)


def present_of(visit: Visit) -> dict[str, Any]:
    """What a stored visit says now, as the values of the form on which it is corrected."""
    pairs = queries.pairs_of(visit.id)
    people = queries.attendances_of(visit.id)
    silent = [str(pair.enterprise_id) for pair, _ in pairs if pair.has_no_issues]
    plain = ("visited_on", "mode", "kind", "summary", "place", "group_id", "start_time", "end_time")
    return {name: getattr(visit, name) for name in plain} | {
        "enterprise_ids": [pair.enterprise_id for pair, _ in pairs],
        "no_issue_ids": [EVERY_FIRM] if silent and len(pairs) == 1 else silent,
        "programme_ids": sorted({key for _, programme_ids in pairs for key in programme_ids}),
        "participant_ids": [row.person_id for row in people if row.person_id],
        "outsiders": [
            {"name": row.name, "unit_name": row.unit_name} for row in people if row.person_id is None
        ],
        "checks": queries.checks_of(visit.id),
        "promises": [
            {
                "promise_id": promise.id,
                "enterprise_id": promise.enterprise_id,
                "what": promise.text,
                "owner": promise.owner,
                "due_on": promise.due_on,
            }
            for promise in queries.open_promises_of(visit.id).values()
        ],
    }


class VoidFields(BaseForm):
    """Why a visit is void, and what becomes of its problems."""

    reason = text(_l("Why it is void"), 200, required=True)

    def __init__(self, visit: Visit, heard: Sequence[Heard]) -> None:
        super().__init__()
        self.problems_heard = heard
        if not self.is_submitted():
            self.revision.data = visit.revision
        for problem, field in self.questions():
            if problem.may_void:
                field.choices = options(
                    [(KEEP, gettext("Stays")), (VOID, gettext("Is void too"))], blank=gettext("Choose")
                )
            else:
                field.choices = options([(KEEP, gettext("Stays"))])
                field.description = gettext("You may not void this problem; ask a coordinator or leader.")

    def questions(self) -> list[tuple[Heard, Any]]:
        """Each problem with its question."""
        return [(problem, self[f"problem_{problem.issue_id}"]) for problem in self.problems_heard]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the reason, and that each question is answered."""
        passed = super().validate(extra_validators)
        for problem, field in self.questions():
            if field.data not in ({KEEP, VOID} if problem.may_void else {KEEP}):
                passed = complain(field, gettext("Say whether this problem stays or is void too."))
        return passed

    def decisions(self) -> dict[int, str]:
        """What becomes of which problem."""
        return {problem.issue_id: field.data for problem, field in self.questions()}


def void_form(actor: Actor, visit: Visit) -> VoidFields:
    """The form on which one visit is voided."""
    heard = queries.heard_on(actor, visit.id)
    return with_questions(VoidFields, heard)(visit, heard)
