"""Rows of a ledger of problems checked one by one, before anything is compared with what there is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from visits.core.clock import today
from visits.core.i18n import N_
from visits.core.spreadsheet import Table
from visits.core.spreadsheet_heading import Heading
from visits.core.spreadsheet_values import Fault, plain_number, read_day, spoilt_number
from visits.enterprises import rules as firm_rules
from visits.enterprises.checking import RowError
from visits.enterprises.importing import sheet_warnings
from visits.enterprises.ledger.rows import Row, RowChecker, Sheet
from visits.issues.ledger import words
from visits.issues.ledger.columns import COLUMNS, SERIAL, TITLE_LENGTH
from visits.issues.models import Channel, IssueSource
from visits.issues.rules import Outcome

LONG_TEXTS = ("problem", "wish", "result")
FIRST_YEAR = 2000
# In the order in which they happen; each lies on or after those before it.
COURSE = ("visited_on", "registered_on", "assigned_on", "feedback_on", "closed_on")
DAYS = (*COURSE, "due_on", "commitment_due", "rated_on")
TO_COME = frozenset({"due_on", "commitment_due"})
OF_UNIT = ("assigned_on", "co_units", "due_on", "feedback_on")
OF_ENTERPRISE = ("solved", "level", "channel", "rated_on")


@dataclass
class ProblemRow(Row):
    """One row of a ledger of problems, with the problem it means."""

    issue: Any = None

    columns, whole = COLUMNS, "problem"

    def blame(self, *keys: str) -> str:
        """The first of these columns that the file has."""
        return next((key for key in keys if key in self.values), next(iter(self.values)))


class ProblemRows(RowChecker):
    """The rows of a ledger of problems; `chosen` says what holds for rows that do not say it."""

    row, long_texts, needed = ProblemRow, LONG_TEXTS, "problem"
    foot = N_("This row is a total or a note, not a problem; it is left out.")

    def __init__(self, sheet: Sheet, chosen: Mapping[str, Any]) -> None:
        super().__init__(sheet)
        self.chosen = chosen
        if "problem" not in self.mapping:
            self.needed = "title"

    def read(self, row: ProblemRow) -> None:
        """Note what the cells say."""
        row.said = {}
        self._read_problem(row)
        self._read_numbers(row)
        _Days(row, is_1904=self.is_1904).read(self.chosen)
        _read_source(row, self.chosen)
        _read_end(row)
        _read_answer(row)
        if not row.errors:
            _require_sense(row)

    def _read_problem(self, row: ProblemRow) -> None:
        problem, title = row.values.get("problem", ""), row.values.get("title", "")
        if not problem and not title:
            row.reject(row.blame("problem", "title"), N_("The problem is missing."))
        line = title or problem.partition("\n")[0].strip()
        row.said["title"] = line if len(line) <= TITLE_LENGTH else f"{line[: TITLE_LENGTH - 1]}…"
        row.said["description"] = problem or title
        if not row.values.get("enterprise") and not row.values.get("code"):
            row.reject(row.blame("enterprise", "code"), N_("The enterprise is missing."))

    def _read_numbers(self, row: ProblemRow) -> None:
        for key in ("number", "code", "reporter_phone"):
            if fault := spoilt_number(row.values.get(key, "")):
                row.reject(key, fault.reason, **fault.params)
        row.said["number"] = plain_number(row.values.get("number", ""))
        row.said["phone"] = plain_number(row.values.get("reporter_phone", ""))
        row.said["code"] = firm_rules.normalise_code(row.values.get("code", ""))


class _Days:
    """The days of one row: read, and laid beside one another."""

    def __init__(self, row: ProblemRow, *, is_1904: bool) -> None:
        self.row, self.is_1904 = row, is_1904

    def read(self, chosen: Mapping[str, Any]) -> None:
        """Note the days, or what is wrong with them; the sender may let one day stand for another."""
        said = self.row.said
        for key in DAYS:
            said[key] = self._day(key)
        if self.row.errors:
            return
        if said["registered_on"] is None and said["visited_on"] and chosen.get("visit_day_registers"):
            said["registered_on"] = said["visited_on"]
        if said["registered_on"] is None:
            self._reject_unregistered()
            return
        has_unit = bool(self.row.values.get("lead_unit"))
        if has_unit and said["assigned_on"] is None and chosen.get("registering_assigns"):
            said["assigned_on"] = said["registered_on"]
        self._require_order()

    def _day(self, key: str) -> date | None:
        text = self.row.values.get(key, "")
        if words.says_nothing(text):
            return None
        found = read_day(text, is_1904=self.is_1904)
        if isinstance(found, Fault):
            self.row.reject(key, found.reason, **found.params)
            return None
        if found > today() and key not in TO_COME:
            self.row.reject(key, N_("This day lies in the future."))
        elif found.year < FIRST_YEAR:
            self.row.reject(key, N_("This day lies before the year %(year)d."), year=FIRST_YEAR)
        return found

    def _reject_unregistered(self) -> None:
        key = self.row.blame("registered_on", "visited_on")
        if self.row.said["visited_on"] is None:
            self.row.reject(key, N_("The day of registration is missing."))
            return
        reason = N_(
            "The day of registration is missing. Enter it, or choose that the day of the visit stands "
            "for it."
        )
        self.row.reject(key, reason)

    def _require_order(self) -> None:
        said, former = self.row.said, None
        for key in COURSE:
            if said[key] is None:
                continue
            if former is not None and said[key] < said[former]:
                self._reject_before(key, former)
                return
            former = key
        if said["due_on"] and said["assigned_on"] and said["due_on"] < said["assigned_on"]:
            self._reject_before("due_on", "assigned_on")
        if said["rated_on"] and said["rated_on"] < said["registered_on"]:
            self._reject_before("rated_on", "registered_on")

    def _reject_before(self, key: str, former: str) -> None:
        reason = N_("This day lies before %(day)s, the day under “%(column)s”. Correct one of the two.")
        label = self.row.heading_of(former)
        self.row.reject(key, reason, day=self.row.said[former].isoformat(), column=label)


def _read_source(row: ProblemRow, chosen: Mapping[str, Any]) -> None:
    text = row.values.get("source", "")
    if words.says_nothing(text):
        row.said["source"] = IssueSource(chosen["source"])
        return
    row.said["source"] = words.source_of(text)
    if row.said["source"] is None:
        row.reject("source", N_("Not a known source of problems."))


def _read_end(row: ProblemRow) -> None:
    """Note the outcome, and whether the problem was solved where it was heard."""
    said, text = row.said, row.values.get("outcome", "")
    said["outcome"] = None if words.says_nothing(text) else words.outcome_of(text)
    if said["outcome"] is None and not words.says_nothing(text):
        row.reject("outcome", N_("Not one outcome; write one of %(words)s."), words=words.OUTCOMES_SAID)
    spot = row.values.get("on_spot", "")
    said["on_spot"] = words.is_on_spot(spot)
    if said["on_spot"] is None:
        row.reject("on_spot", N_("Neither yes nor no; write 是 or 否."))
    if words.plain(text) in words.ON_SPOT_WORDS:
        said["on_spot"] = True
    status = row.values.get("status", "")
    is_closed = None if words.says_nothing(status) else words.is_closed(status)
    if is_closed and said["closed_on"] is None:
        row.reject("status", N_("The ledger calls the problem closed, but the day of closing is missing."))
    elif is_closed is False and said["closed_on"]:
        row.reject("status", N_("The ledger calls the problem open, but gives a day of closing."))
    elif is_closed is None and not words.says_nothing(status):
        row.warn("status", N_("Not a known state; only the days count."))


def _read_answer(row: ProblemRow) -> None:
    """Note what the enterprise answered."""
    said = row.said
    for key, read, known in (
        ("solved", words.solved_of, words.SOLVED_SAID),
        ("level", words.level_of, words.LEVELS_SAID),
        ("channel", words.channel_of, words.CHANNELS_SAID),
    ):
        text = row.values.get(key, "")
        said[key] = Channel.LEDGER if key == "channel" else None
        if not words.says_nothing(text) and (found := read(text)):
            said[key] = found
        elif not words.says_nothing(text):
            row.reject(key, N_("Not one of %(words)s."), words=known)


def _require_sense(row: ProblemRow) -> None:
    """Reject what cannot have been: an end without a way to it, an answer before the question."""
    _require_unit(row)
    _require_end(row)
    if row.said["closed_on"] is None:
        _require_nothing_after_closing(row)
    _require_promise(row)
    _require_spot(row)


def _require_unit(row: ProblemRow) -> None:
    if row.values.get("lead_unit"):
        if row.said["assigned_on"] is None:
            _reject_unassigned(row)
        return
    for key in OF_UNIT:
        if not words.says_nothing(row.values.get(key, "")):
            row.reject(key, N_("This needs a unit in charge, and none is named."))


def _require_end(row: ProblemRow) -> None:
    said = row.said
    ended = said["closed_on"] or said["feedback_on"]
    if ended and said["outcome"] is None:
        key = row.blame("outcome", "closed_on" if said["closed_on"] else "feedback_on")
        row.reject(key, N_("The outcome is missing; write one of %(words)s."), words=words.OUTCOMES_SAID)
    elif said["outcome"] and not ended:
        row.reject("outcome", N_("An outcome needs the day of the feedback or of the closing."))


def _require_nothing_after_closing(row: ProblemRow) -> None:
    """Of what is open the enterprise has not been asked; a unit that has it must know by when."""
    for key in OF_ENTERPRISE:
        if not words.says_nothing(row.values.get(key, "")):
            row.reject(key, N_("The enterprise answers what is closed, and the day of closing is missing."))
            break
    if row.values.get("lead_unit") and row.said["due_on"] is None:
        row.reject(row.blame("due_on", "lead_unit"), N_("An open problem with a unit needs a due date."))


def _reject_unassigned(row: ProblemRow) -> None:
    reason = N_(
        "The day of the assignment is missing. Enter it, or choose that the day of registration stands "
        "for it."
    )
    row.reject(row.blame("assigned_on", "lead_unit"), reason)


def _require_promise(row: ProblemRow) -> None:
    said = row.said
    ended = said["closed_on"] or said["feedback_on"]
    if said["outcome"] is not Outcome.PLANNED:
        if said["commitment_due"]:
            row.warn(
                "commitment_due", N_("Only outcome B has a day by which it will be done; it is left out.")
            )
            said["commitment_due"] = None
    elif said["commitment_due"] is None:
        row.reject(
            row.blame("commitment_due", "outcome"), N_("Outcome B needs the day by which it will be done.")
        )
    elif ended and said["commitment_due"] < ended:
        reason = N_("This day lies before %(day)s, on which it was promised.")
        row.reject("commitment_due", reason, day=ended.isoformat())
    elif said["closed_on"] and said["commitment_due"] < today():
        row.warn(
            "commitment_due",
            N_("The day promised is over. The problem stays closed with outcome B; was it kept?"),
        )


def _require_spot(row: ProblemRow) -> None:
    said = row.said
    if not said["on_spot"]:
        return
    key = row.blame("on_spot", "outcome")
    if row.values.get("lead_unit"):
        row.reject(key, N_("What was solved on the spot was never assigned; leave one of the two out."))
    elif said["closed_on"] != said["registered_on"]:
        row.reject(key, N_("What was solved on the spot is closed on the day it is registered."))


def file_warnings(table: Table, heading: Heading, mapping: dict[str, int]) -> list[RowError]:
    """What to look at in the file as a whole."""
    warnings = sheet_warnings(table, heading)
    if "number" not in mapping:
        serial = next((label for label in heading.labels if label in SERIAL), "")
        reason = N_(
            "No column holds the ledger's own numbers: a problem is known again by its enterprise, day and "
            "words. Running numbers (序号) do not serve, for every file begins at 1."
        )
        warnings.append(RowError(heading.row, serial, "", reason))
    return warnings
