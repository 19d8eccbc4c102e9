"""Rows of a ledger checked one by one, before anything is compared with what there is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from visits.core.i18n import N_
from visits.core.spreadsheet import Table
from visits.core.spreadsheet_heading import Heading
from visits.core.spreadsheet_values import Fault, fault_of, read_day, tidy
from visits.enterprises import rules as firm_rules
from visits.enterprises.checking import FOOT, ROWS_A_STEP, RowError
from visits.enterprises.importing import sheet_warnings
from visits.outreach.entries import VisitKind
from visits.outreach.ledger import words
from visits.outreach.ledger.columns import BY_KEY, PEOPLE, REGISTERED, SUMMARY_LENGTH
from visits.outreach.ledger.days import read_days, year_of
from visits.outreach.ledger.names import firms_of, names_of
from visits.programmes.models import VisitMode

LONG_TEXTS = ("summary", "wishes", "promise", "enterprise", *PEOPLE)
SHOWN = 60
MODES = "实地、座谈、电话、线上"

Progress = Callable[[int], None]


@dataclass
class LedgerRow:
    """One row of a ledger: its cells, what they say, why it stays out, the visits it means.

    One without values is skipped.
    """

    number: int
    values: dict[str, Any]
    said: dict[str, Any] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)
    visits: list[Any] = field(default_factory=list)

    def reject(self, key: str, reason: str, **params: Any) -> None:
        """Note why the row stays out."""
        self.errors.append(self._said(key, reason, params))

    def warn(self, key: str, reason: str, **params: Any) -> None:
        """Note what somebody should look at."""
        self.warnings.append(self._said(key, reason, params))

    def on_the_whole(self, reason: str, **params: Any) -> RowError:
        """A remark on the row, shown beside its day."""
        return self._said("visited_on", reason, params)

    def _said(self, key: str, reason: str, params: dict[str, Any]) -> RowError:
        value = str(self.values.get(key) or "")[:SHOWN]
        return RowError(self.number, BY_KEY[key].headers[0], value, reason, params)


def check_rows(
    table: Table,
    heading: Heading,
    mapping: dict[str, int],
    mode: VisitMode,
    *,
    filename: str = "",
    progress: Progress = lambda done: None,
) -> list[LedgerRow]:
    """Check every row by itself; long work, done outside any transaction.

    `mode` is that of rows that name none; `progress` is told every so often how many rows are done.
    """
    checker = _Checker(table, heading, mapping, mode, filename)
    checked = []
    for done, at in enumerate(range(heading.first, len(table.rows))):
        if done % ROWS_A_STEP == 0:
            progress(done)
        checked.append(checker.check(table.row_numbers[at], table.rows[at]))
    return checked


class _Checker:
    """What the rows of one file have in common while they are checked."""

    def __init__(
        self, table: Table, heading: Heading, mapping: dict[str, int], mode: VisitMode, filename: str
    ) -> None:
        self.is_1904, self.labels, self.mapping, self.mode = table.is_1904, heading.labels, mapping, mode
        titles = [cell for row in table.rows[: heading.first - 1] for cell in row]
        self.year = year_of([*titles, table.sheet]) or year_of([filename])

    def check(self, number: int, cells: Sequence[str]) -> LedgerRow:
        """Check one row's cells and turn them into what a visit is made of."""
        values = {key: tidy(cells[at], keep_lines=key in LONG_TEXTS) for key, at in self.mapping.items()}
        row = LedgerRow(number, values)
        first = next((text for cell in cells if (text := tidy(cell))), "")
        if not any(values.values()):
            row.values = {}
        elif reason := self._is_no_visit(first, values):
            row.values = {}
            row.warnings.append(RowError(number, "", first[:SHOWN], reason))
        else:
            self._judge(row)
        return row

    def _is_no_visit(self, first: str, values: dict[str, str]) -> str | None:
        if FOOT.fullmatch(first.replace(" ", "")) and not values.get("visited_on"):
            return N_("This row is a total or a note, not a visit; it is left out.")
        label = self.labels[self.mapping["visited_on"]].rpartition("/")[2]
        if values["visited_on"] == label:
            return N_("This row repeats the column headings; it is left out.")
        return None

    def _judge(self, row: LedgerRow) -> None:
        for key, value in row.values.items():
            if fault := fault_of(value):
                row.reject(key, fault.reason, **fault.params)
            elif len(value) > BY_KEY[key].most:
                row.reject(key, N_("Longer than %(most)d characters."), most=BY_KEY[key].most)
        if not row.errors:
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
