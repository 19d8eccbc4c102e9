"""What a ledger's rows mean: which visits, of which enterprises, by whom; which of them are here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from visits.core.clock import today
from visits.core.i18n import N_
from visits.enterprises import rules as firm_rules
from visits.enterprises.checking import ROWS_A_STEP
from visits.enterprises.ledger.naming import Miss, note_differences
from visits.enterprises.ledger.rows import Progress
from visits.enterprises.plan import Plan
from visits.outreach import queries, rules
from visits.outreach.entries import Outsider, VisitEntry
from visits.outreach.ledger.checking import LedgerRow
from visits.outreach.ledger.days import Span
from visits.outreach.ledger.names import Written, firms_of
from visits.outreach.ledger.office import Office
from visits.outreach.operations import LedgerPromise, LedgerVisit
from visits.outreach.operations.facts import PersonFact

FIELDS = {"visited_on": "visited_on", "programme_ids": "programme", "participant_ids": "people"}
Meeting = tuple[int, date, str]


@dataclass
class VisitPlan(Plan):
    """The rows by fate, and how many visits those bring that bring any."""

    visits: int = 0

    def counts(self) -> dict[str, int]:
        """The figures of an import; visits are those the rows bring."""
        return {**super().counts(), "visits": self.visits}


def understand(
    checked: Sequence[LedgerRow], programme_ids: Sequence[int], progress: Progress = lambda done: None
) -> None:
    """Find out which visits each sound row means, and note what it names that there is not. Reads only.

    `programme_ids` are those of rows that name none.
    """
    office = Office()
    sound = [row for row in checked if row.values and not row.errors]
    missing = []
    for row in sound:
        row.said["found"] = [
            (name, code, office.firms.find(name, code)) for name, code in _named_firms(row, office)
        ]
        missing += [name for name, _, found in row.said["found"] if name and isinstance(found, Miss)]
    office.firms.look_for_near(missing)
    for done, row in enumerate(sound):
        if done % ROWS_A_STEP == 0:
            progress(done)
        _Reading(row, office, programme_ids).read()


def _named_firms(row: LedgerRow, office: Office) -> list[tuple[str, str]]:
    """The enterprises a row names, each with its code; a name with a comma in it may be one name."""
    whole, names, codes = row.said["firm_text"], row.said["firms"], row.said["codes"]
    if len(names) > 1 and firm_rules.fold_name(whole) in office.firms.by_name:
        names = [whole]
    if len(codes) in (0, len(names)) or not names:
        return [(names[n] if names else "", codes[n] if codes else "") for n in range(len(names or codes))]
    row.reject(
        "code",
        N_("The cell holds %(codes)d codes for %(names)d enterprises."),
        codes=len(codes),
        names=len(names),
    )
    return []


class _Reading:
    """One row laid beside the office."""

    def __init__(self, row: LedgerRow, office: Office, programme_ids: Sequence[int]) -> None:
        self.row, self.office = row, office
        self.default = sorted(set(programme_ids) & set(office.programmes.values()))

    def read(self) -> None:
        """Note the visits the row means, or why it means none."""
        firms = self._firms()
        chosen, group_id = self._programmes(), self._group()
        if self.row.errors:
            return
        for span in self.row.said["days"]:
            people = self._people(span.first)
            if not self.row.errors:
                self._add_visit(span, firms, people, chosen, group_id)
        if self.row.errors:
            self.row.visits.clear()

    def _firms(self) -> dict[int, str]:
        firms: dict[int, str] = {}
        for name, code, found in self.row.said["found"]:
            if isinstance(found, Miss):
                told = self.office.firms.told(name, found)
                self.row.reject("enterprise" if name else "code", told.reason, **told.params)
            else:
                firms[found.id] = found.name
                note_differences(self.row, self.office.firms, found, name, code)
        return firms

    def _programmes(self) -> list[int]:
        text = self.row.values.get("programme", "")
        names = firms_of(text)
        if unknown := [name for name in names if name not in self.office.programmes]:
            reason = N_("There is no programme “%(name)s”; there are %(names)s.")
            self.row.reject(
                "programme", reason, name=unknown[0], names="、".join(self.office.programme_names)
            )
        return [
            self.office.programmes[name] for name in names if name in self.office.programmes
        ] or self.default

    def _group(self) -> int | None:
        name = self.row.values.get("group", "")
        if name and name not in self.office.groups:
            reason = N_("There is no group of this name. Correct it, or leave the column out.")
            self.row.reject("group", reason)
        return self.office.groups.get(name)

    def _people(self, day: date) -> list[PersonFact]:
        found: dict[Any, PersonFact] = {}
        unit = self.row.values.get("unit", "")
        for written in self.row.said["people"]:
            person = self.office.people.find(written, unit, day)
            if isinstance(person, Miss):
                self.row.reject(self._column_of_people(), person.reason, **person.params)
            else:
                found.setdefault(person.person_id or person.name, person)
        return list(found.values())

    def _column_of_people(self) -> str:
        return next(
            (key for key in ("people", "leaders", "companions") if self.row.values.get(key)), "people"
        )

    def _add_visit(
        self, span: Span, firms: dict[int, str], people: list[PersonFact], chosen: list[int], group_id: Any
    ) -> None:
        said = self.row.said
        if not self._is_possible(span.first, firms, people, chosen):
            return
        groups = self.office.answering.groups_on(firms, span.first)
        linked = self.office.linked
        pairs = {i: tuple(rules.programmes_of_pair(chosen, linked, i in groups)) for i in firms}
        if alone := [name for i, name in firms.items() if not pairs[i]]:
            reason = N_("No group answers for %(name)s on that day: name another programme as well.")
            self.row.reject(
                "enterprise" if "enterprise" in self.row.values else "code", reason, name=alone[0]
            )
            return
        if group_id is None and linked in chosen:
            group_id = rules.only_group(groups.values())
        self.row.visits.append(
            LedgerVisit(
                visited_on=span.first,
                mode=said["mode"],
                kind=said["kind"],
                place=self.row.values.get("place", ""),
                summary=_note(self.row, span),
                group_id=group_id,
                firms=firms,
                programmes=pairs,
                people=tuple(people),
                has_no_issues=said["has_no_issues"],
                promise=self._promise(span.first),
            )
        )

    def _is_possible(
        self, day: date, firms: dict[int, str], people: list[PersonFact], chosen: list[int]
    ) -> bool:
        """Ask what is asked of every visit; note the answer where it is no."""
        inside = [fact.person_id for fact in people if fact.person_id]
        outside = [Outsider(fact.name, fact.unit_name) for fact in people if not fact.person_id]
        entry = VisitEntry("", day, self.row.said["mode"], list(firms), chosen, inside, outside)
        fault = rules.fault_of(entry, today())
        if fault is not None:
            key = FIELDS.get(fault.field or "", "enterprise")
            self.row.reject(key if key in self.row.values else "visited_on", fault.message, **fault.params)
        return fault is None

    def _promise(self, day: date) -> LedgerPromise | None:
        if self.row.said["promise"] is None:
            return None
        text, owner, due_on = self.row.said["promise"]
        person = self.office.people.find(Written(owner, owner, ""), "", day) if owner else None
        owner_id = person.person_id if isinstance(person, PersonFact) else None
        return LedgerPromise(text, owner, owner_id, due_on)


def _note(row: LedgerRow, span: Span) -> str:
    """The note of a visit; of several days it says how long it lasted."""
    if span.first == span.last:
        return str(row.said["summary"])
    return f"{span.first.isoformat()}–{span.last.isoformat()}\n{row.said['summary']}".strip()


class Known:
    """The visits there are, and those that earlier rows of the file bring: who met whom how and when."""

    def __init__(self, run_id: int | None = None) -> None:
        self.run_id = run_id
        self.stored: dict[Meeting, dict[str, tuple[int, int | None]]] = {}
        self.in_file: dict[Meeting, dict[str, int]] = {}

    def read(self, rows: Iterable[LedgerRow], *, only_these: bool) -> None:
        """Read the visits of the days of these rows, in one statement."""
        self.stored = {}
        visits = [visit for row in rows for visit in row.visits]
        if not visits:
            return
        days = [visit.visited_on for visit in visits]
        firms = {i for visit in visits for i in visit.firms} if only_these else None
        for row in queries.visits_between(min(days), max(days), firms):
            met = (row.enterprise_id, row.visited_on, row.mode)
            self.stored.setdefault(met, {})[row.name] = (row.visit_id, row.import_run_id)

    def place(self, plan: VisitPlan, row: LedgerRow) -> list[LedgerVisit]:
        """Say what becomes of a row; return the visits that are to be written."""
        return self._place_sound(plan, row) if plan.meet(row) else []

    def _place_sound(self, plan: VisitPlan, row: LedgerRow) -> list[LedgerVisit]:
        new, brought, earlier = [], 0, 0
        for visit in row.visits:
            fates = {firm: self._fate(firm, visit, row) for firm in visit.firms}
            fresh = [firm for firm, fate in fates.items() if fate == "new"]
            brought += bool(fresh) or "mine" in fates.values()
            earlier += "earlier" in fates.values()
            if fresh:
                if len(fresh) < len(visit.firms) and "mine" not in fates.values():
                    reason = N_("Some of the enterprises met are here already; the others are taken over.")
                    plan.warnings.append(row.on_the_whole(reason))
                new.append(visit.only(fresh))
        plan.visits += brought
        if brought:
            plan.created.append(row)
        elif earlier:
            plan.skipped += 1
            reason = N_("The same visit stands in row %(first)d; this row is left out.")
            plan.warnings.append(row.on_the_whole(reason, first=row.said["first"]))
        else:
            plan.unchanged.append(row)
        return new

    def _fate(self, firm: int, visit: LedgerVisit, row: LedgerRow) -> str:
        met = (firm, visit.visited_on, visit.mode)
        names = [fact.name for fact in visit.people]
        seen = self.in_file.setdefault(met, {})
        if first := next((seen[name] for name in names if name in seen), None):
            row.said["first"] = first
            return "earlier"
        seen.update(dict.fromkeys(names, row.number))
        stored = self.stored.get(met, {})
        for name in names:
            if name in stored:
                visit_id, run_id = stored[name]
                if run_id is not None and run_id == self.run_id:
                    return "mine"
                row.said["visit_id"] = visit_id
                return "here"
        return "new"
