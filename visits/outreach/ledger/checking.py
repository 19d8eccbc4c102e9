"""Rows of a ledger checked one by one, before anything is compared with what there is."""

from dataclasses import dataclass, field
from typing import Any

from visits.core.i18n import N_
from visits.core.spreadsheet import Table
from visits.core.spreadsheet_heading import Heading
from visits.core.spreadsheet_values import Fault, read_day
from visits.enterprises import rules as firm_rules
from visits.enterprises.checking import RowError
from visits.enterprises.importing import sheet_warnings
from visits.enterprises.ledger.rows import Row, RowChecker, Sheet
from visits.outreach.entries import VisitKind
from visits.outreach.ledger import words
from visits.outreach.ledger.columns import BY_KEY, COLUMNS, PEOPLE, REGISTERED, SUMMARY_LENGTH
from visits.outreach.ledger.days import read_days, year_of
from visits.outreach.ledger.names import firms_of, names_of
from visits.programmes.models import VisitMode

LONG_TEXTS = ("summary", "wishes", "promise", "enterprise", *PEOPLE)
MODES = "实地、座谈、电话、线上"


@dataclass
class LedgerRow(Row):
    """One row of a ledger of visits, with the visits it means."""

    visits: list[Any] = field(default_factory=list)

    columns, whole = COLUMNS, "visited_on"


class VisitRows(RowChecker):
    """The rows of a ledger of visits; `mode` is that of rows that name none."""

    row, long_texts, needed = LedgerRow, LONG_TEXTS, "visited_on"
    foot = N_("This row is a total or a note, not a visit; it is left out.")

    def __init__(self, sheet: Sheet, mode: VisitMode) -> None:
        super().__init__(sheet)
        self.mode = mode
        titles = [cell for row in self.table.rows[: self.first - 1] for cell in row]
        self.year = year_of([*titles, self.table.sheet]) or year_of([sheet.filename])

    def read(self, row: LedgerRow) -> None:
        """Note what the cells say."""
        said: dict[str, Any] = {}
        self._read_days(row, said)
        self._read_firms(row, said)
        _read_people(row, said)
        self._read_words(row, said)
        self._read_note(row, said)
        self._read_promise(row, said)
        row.said = said

    def _read_days(self, row: LedgerRow, said: dict[str, Any]) -> None:
        text = row.values["visited_on"]
        if not text:
            row.reject("visited_on", N_("The day of the visit is missing."))
            return
        found = read_days(text, self.year, is_1904=self.is_1904)
        if isinstance(found, Fault):
            row.reject("visited_on", found.reason, **found.params)
            return
        said["days"] = found
        if ranges := [span for span in found if span.last > span.first]:
            reason = N_("Several days are taken for one visit, on the first of them, %(day)s.")
            row.warn("visited_on", reason, day=ranges[0].first.isoformat())

    def _read_firms(self, row: LedgerRow, said: dict[str, Any]) -> None:
        text = row.values.get("enterprise", "")
        codes = [firm_rules.normalise_code(code) for code in firms_of(row.values.get("code", ""))]
        said["codes"], said["firm_text"], said["firms"] = codes, text.replace("\n", ""), firms_of(text)
        if not text and not codes:
            key = "enterprise" if "enterprise" in self.mapping else "code"
            row.reject(key, N_("The enterprise is missing."))

    def _read_words(self, row: LedgerRow, said: dict[str, Any]) -> None:
        mode, kind = row.values.get("mode", ""), row.values.get("kind", "")
        if not mode and kind and words.kind_of(kind) is None and words.mode_of(kind):
            mode, kind = kind, ""  # some offices call the mode the type
        said["mode"] = words.mode_of(mode) if mode else self.mode
        if said["mode"] is None:
            reason = N_("Not one mode; write one of %(modes)s.")
            row.reject("mode" if row.values.get("mode") else "kind", reason, modes=MODES)
        said["kind"] = words.kind_of(kind) or VisitKind.REGULAR
        if kind and words.kind_of(kind) is None:
            row.warn("kind", N_("Not a known kind of visit; it is taken for a regular one."))

    def _read_note(self, row: LedgerRow, said: dict[str, Any]) -> None:
        note, wishes = row.values.get("summary", ""), row.values.get("wishes", "")
        has = row.values.get("has_problems", "")
        said["has_no_issues"] = words.says_no(has) or (not has and words.says_no(wishes))
        if wishes and not words.says_no(wishes):
            label = self.labels[self.mapping["wishes"]].rpartition("/")[2] or BY_KEY["wishes"].headers[0]
            note = "\n".join(filter(None, [note, f"{label}：{wishes}"]))
            said["has_no_issues"] = False
        elif has and not words.says_no(has) and not words.says_yes(has):
            row.warn("has_problems", N_("Neither yes nor no (有, 无); taken for yes."))
        if len(note) > SUMMARY_LENGTH:
            row.reject("summary", N_("Longer than %(most)d characters."), most=SUMMARY_LENGTH)
        said["summary"] = note

    def _read_promise(self, row: LedgerRow, said: dict[str, Any]) -> None:
        text = row.values.get("promise", "")
        said["promise"] = None
        if not text or words.says_no(text):
            return
        due_on = None
        if due := row.values.get("promise_due"):
            found = read_day(due, is_1904=self.is_1904)
            if isinstance(found, Fault):
                row.reject("promise_due", found.reason, **found.params)
                return
            due_on = found
        said["promise"] = (text, row.values.get("promise_owner", ""), due_on)
        if len(said["firms"]) > 1 or len(said["codes"]) > 1:
            row.reject("promise", N_("Say in a row of its own which of the enterprises was promised this."))


def _read_people(row: LedgerRow, said: dict[str, Any]) -> None:
    found = []
    for key in PEOPLE:
        names, has_others = names_of(row.values.get(key, ""))
        found += names
        if has_others:
            row.warn(key, N_("Only those named are taken over, not the others (等)."))
        if too_long := next((one for one in names if len(one.name) > 60 or len(one.unit) > 80), None):
            row.reject(key, N_("“%(name)s” is too long for a name."), name=too_long.name[:20])
    said["people"] = found
    if not found:
        key = next(key for key in PEOPLE if key in row.values)
        row.reject(key, N_("It is not said who took part in the visit."))


def file_warnings(table: Table, heading: Heading, mapping: dict[str, int]) -> list[RowError]:
    """What to look at in the file as a whole."""
    warnings = sheet_warnings(table, heading)
    if "wishes" in mapping:
        label = heading.labels[mapping["wishes"]]
        reason = N_(
            "No problem is registered from “%(column)s”; its words are kept in the note of the visit."
        )
        warnings.append(RowError(heading.row, label, "", reason, {"column": label}))
    used = set(mapping.values())
    for column, label in enumerate(heading.labels):
        if label in REGISTERED and column not in used:
            reason = N_(
                "Visits count as recorded on the day of the import; “%(column)s” is not taken over."
            )
            warnings.append(RowError(heading.row, label, "", reason, {"column": label}))
    return warnings
