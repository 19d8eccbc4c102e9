"""What a ledger's rows mean: which problems, of which enterprises and units; which of them are here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from visits.core.clock import now, today
from visits.core.i18n import N_
from visits.enterprises.checking import ROWS_A_STEP
from visits.enterprises.ledger.naming import Miss, note_differences
from visits.enterprises.ledger.rows import Progress
from visits.enterprises.plan import Plan
from visits.issues import ledger_queries, rules
from visits.issues.ledger import words
from visits.issues.ledger.checking import ProblemRow
from visits.issues.ledger.names import units_of
from visits.issues.ledger.office import Named, Office
from visits.issues.models import IssueSource
from visits.issues.operations import Answer, LedgerIssue
from visits.issues.rules import Kind, Urgency
from visits.issues.states import State

ATTEMPTS = 4  # how often the same problem may have been voided and imported anew


@dataclass
class ProblemPlan(Plan):
    """The rows by fate, and how many of those taken over stay open."""

    still_open: int = 0

    def counts(self) -> dict[str, int]:
        """The figures of an import; `open` are the problems among the created that are not closed."""
        return {**super().counts(), "open": self.still_open}


def understand(
    checked: Sequence[ProblemRow], chosen: Mapping[str, Any], progress: Progress = lambda done: None
) -> None:
    """Find out which problem each sound row means, and note what it names that there is not. Reads only."""
    sound = [row for row in checked if row.values and not row.errors]
    office = Office({row.said["visited_on"] for row in sound if row.said["visited_on"]})
    missing = []
    for row in sound:
        name, code = row.values.get("enterprise", ""), row.said["code"]
        row.said["found"] = office.firms.find(name, code)
        if name and isinstance(row.said["found"], Miss):
            missing.append(name)
    office.firms.look_for_near(missing)
    for done, row in enumerate(sound):
        if done % ROWS_A_STEP == 0:
            progress(done)
        _Reading(row, office, chosen).read()


class _Reading:
    """One row laid beside the office."""

    def __init__(self, row: ProblemRow, office: Office, chosen: Mapping[str, Any]) -> None:
        self.row, self.said, self.office, self.chosen = row, row.said, office, chosen
        self.is_open = self.said["closed_on"] is None

    def read(self) -> None:
        """Note the problem the row means, or why it means none."""
        firm, category, lead, co_units = self._firm(), self._category(), self._lead(), self._co_units()
        if not self.row.errors:
            self.row.issue = self._issue(firm, category, lead, co_units)

    def _firm(self) -> Any:
        found, name = self.said["found"], self.row.values.get("enterprise", "")
        if isinstance(found, Miss):
            told = self.office.firms.told(name, found)
            self.row.reject("enterprise" if name else "code", told.reason, **told.params)
            return None
        note_differences(self.row, self.office.firms, found, name, self.said["code"])
        return found

    def _category(self) -> Any:
        text = self.row.values.get("category", "")
        if words.says_nothing(text):
            if found := self.office.categories.by_id.get(self.chosen["category_id"] or 0):
                return found
            reason = N_("The category is missing. Enter it, or choose one for rows that name none.")
            self.row.reject(self.row.blame("category", "problem", "title"), reason)
            return None
        found = self.office.categories.find(text)
        if isinstance(found, Miss):
            self.row.reject("category", found.reason, **found.params)
            return None
        return found

    def _lead(self) -> Named | None:
        names = units_of(self.row.values.get("lead_unit", ""))
        if len(names) > 1:
            whole = self.office.units.find(self.row.values["lead_unit"], is_open=self.is_open)
            if isinstance(whole, Miss):
                reason = N_("One unit is in charge; move the others to the co-units.")
                self.row.reject("lead_unit", reason)
                return None
            return whole
        return self._unit("lead_unit", names[0]) if names else None

    def _co_units(self) -> list[Named]:
        found = [self._unit("co_units", name) for name in units_of(self.row.values.get("co_units", ""))]
        return [unit for unit in found if unit is not None]

    def _unit(self, key: str, name: str) -> Named | None:
        found = self.office.units.find(name, is_open=self.is_open)
        if isinstance(found, Miss):
            self.row.reject(key, found.reason, **found.params)
            return None
        return found

    def _issue(self, firm: Any, category: Any, lead: Named | None, co_units: list[Named]) -> LedgerIssue:
        said, values = self.said, self.row.values
        visit = self._visit(firm.id)
        others = tuple((unit.id, unit.name) for unit in co_units if lead and unit.id != lead.id)
        return LedgerIssue(
            enterprise_id=firm.id,
            firm=firm.name,
            title=said["title"],
            description=said["description"],
            wish=values.get("wish", ""),
            category_id=category.id,
            complexity=category.complexity,
            source=said["source"],
            external_no=said["number"],
            reporter_name=values.get("reporter_name", ""),
            reporter_phone=said["phone"],
            visit_id=visit.visit_id if visit else None,
            group_id=self._group(firm.id, visit),
            programme_ids=tuple(self.office.visits.programmes.get(visit.pair, ())) if visit else (),
            registered_on=said["registered_on"],
            on_spot=bool(said["on_spot"]),
            assigned_on=said["assigned_on"],
            lead=(lead.id, lead.name) if lead else None,
            co_units=others,
            due_on=said["due_on"],
            co_due_on=self._co_due(),
            feedback_on=said["feedback_on"],
            result=values.get("result", ""),
            outcome=said["outcome"],
            commitment_due=said["commitment_due"],
            closed_on=said["closed_on"],
            answer=self._answer(),
            accept_due=None if lead or not self.is_open else self._accept_due(category),
        )

    def _visit(self, enterprise_id: int) -> Any:
        """The visit on which it was heard, where the ledger says so and it is known which that was."""
        if self.said["source"] is not IssueSource.VISIT or self.said["visited_on"] is None:
            return None
        return self.office.visits.find(enterprise_id, self.said["visited_on"])

    def _group(self, enterprise_id: int, visit: Any) -> int | None:
        if visit is not None and visit.group_id is not None:
            return int(visit.group_id)
        day = self.said["registered_on"]
        return self.office.answering.groups_on([enterprise_id], day).get(enterprise_id)

    def _co_due(self) -> date | None:
        """By when the co-units of an open problem answer; of a closed one the ledger does not say."""
        if not self.is_open or self.said["due_on"] is None or self.said["assigned_on"] is None:
            return None
        return rules.co_unit_due(self.said["assigned_on"], self.said["due_on"], self.office.calendar)

    def _accept_due(self, category: Any) -> date | None:
        """By when the office accepts what no unit has: it has known of it since the import."""
        kind = Kind(category.id, category.parent_id, Urgency.NORMAL, category.complexity)
        rule = rules.rule_for(self.office.limits, kind, now())
        return rules.accept_due(rule.limits, today(), self.office.calendar) if rule else None

    def _answer(self) -> Answer | None:
        said = self.said
        if said["closed_on"] is None or (said["solved"] is None and said["level"] is None):
            return None
        return Answer(said["solved"], said["level"], said["channel"], said["rated_on"] or said["closed_on"])


class Known:
    """The problems there are, and those that earlier rows of the file bring."""

    def __init__(self, run_id: int | None = None) -> None:
        self.run_id = run_id
        self.by_number: dict[tuple[str, int], Any] = {}
        self.by_client_id: dict[str, Any] = {}
        self.by_words: dict[tuple[int, date, str], Any] = {}
        self.in_file: dict[Any, ProblemRow] = {}

    def read(self, rows: Iterable[ProblemRow], *, only_these: bool) -> None:
        """Read the problems that these rows may mean; the same for a part and for all."""
        self.by_number, self.by_client_id, self.by_words = {}, {}, {}
        issues = [row.issue for row in rows if row.issue is not None]
        if not issues:
            return
        days = [issue.registered_on for issue in issues]
        for stored in ledger_queries.stored_like(
            (issue.external_no for issue in issues if issue.external_no),
            (issue.client_id(n) for issue in issues for n in range(ATTEMPTS)),
            (issue.enterprise_id for issue in issues),
            min(days),
            max(days),
        ):
            self.by_client_id[stored.client_id] = stored
            if stored.external_no:
                self.by_number[stored.external_no, stored.registered_on.year] = stored
            self.by_words[_words(stored)] = stored

    def place(self, plan: ProblemPlan, row: ProblemRow) -> list[LedgerIssue]:
        """Say what becomes of a row; return the problem that is to be written."""
        if not plan.meet(row):
            return []
        issue = row.issue
        if self._is_earlier(plan, row):
            return []
        stored = self._stored(issue)
        if stored is None or (stored.import_run_id is not None and stored.import_run_id == self.run_id):
            plan.created.append(row)
            plan.still_open += issue.is_open
            return [] if stored else [issue]
        if stored.enterprise_id != issue.enterprise_id:
            reason = N_("Under this number stands another problem, %(number)s. Correct the number.")
            row.reject("number", reason, number=stored.number)
            plan.rejected.append(row)
            return []
        row.said["stored"] = (stored.id, stored.number)
        plan.unchanged.append(row)
        self._note_difference(plan, row, stored)
        return []

    def _is_earlier(self, plan: ProblemPlan, row: ProblemRow) -> bool:
        """Whether an earlier row of the file is the same problem, or another under the same number."""
        issue = row.issue
        key = (issue.external_no, issue.registered_on.year) if issue.external_no else _words(issue)
        first = self.in_file.setdefault(key, row)
        if first is row:
            return False
        if _words(first.issue) == _words(issue):
            plan.skipped += 1
            reason = N_("The same problem stands in row %(first)d; this row is left out.")
            plan.warnings.append(row.on_the_whole(reason, first=first.number))
        else:
            row.reject(
                "number",
                N_("Row %(first)d has this number too. Correct one of the two."),
                first=first.number,
            )
            plan.rejected.append(row)
        return True

    def _stored(self, issue: LedgerIssue) -> Any:
        by_id = (self.by_client_id.get(issue.client_id(attempt)) for attempt in range(ATTEMPTS))
        if found := next(filter(None, by_id), None):
            return found
        if issue.external_no:
            found = self.by_number.get((issue.external_no, issue.registered_on.year))
        if found is None:
            found = self.by_words.get(_words(issue))
            if found is not None and found.external_no and issue.external_no:
                return None  # both bear numbers, and these differ
        return found

    def _note_difference(self, plan: ProblemPlan, row: ProblemRow, stored: Any) -> None:
        """Say where the ledger has gone on since: what is here is never changed."""
        if row.issue.closed_on != stored.closed_on and stored.state is not State.MERGED:
            reason = N_(
                "%(number)s is here already, but not closed on the same day; nothing is changed there."
            )
            plan.warnings.append(row.on_the_whole(reason, number=stored.number))


def _words(issue: Any) -> tuple[int, date, str]:
    return issue.enterprise_id, issue.registered_on, words.plain(issue.description)
