"""How problems of an older ledger are written: in bulk, with the history it tells; and taken back."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import sqlalchemy as sa

from visits.core.authz import Actor
from visits.core.clock import now
from visits.core.db import db, lock_name
from visits.core.permissions import Permission
from visits.core.search import text_row
from visits.enterprises.models import Cargo, ImportRun
from visits.enterprises.operations import (
    LedgerRuns,
    Row,
    TakenBack,
    free_client_ids,
    insert_rows,
    write_rows,
)
from visits.issues import ledger_queries
from visits.issues.models import (
    Channel,
    Dispatch,
    DispatchKind,
    Evaluation,
    Issue,
    IssueCounter,
    IssueMove,
    IssueProgramme,
    IssueSource,
    IssueText,
    Origin,
)
from visits.issues.operations.closing import PROXY_CHANNELS
from visits.issues.rules import Complexity, Level, Outcome, Solved, ledger_moment
from visits.issues.states import LIFE, State

RUNS = LedgerRuns(Cargo.ISSUES, Permission.ISSUES_IMPORT, "issues.imported", "issue-ledger")
LEDGER = UUID("8d2f7c41-0b6e-4f55-9a3c-61e4d7b0a912")
CHUNK = 500
ACTED_AS = "import"


class Answer(NamedTuple):
    """What the enterprise said, as far as the ledger has it, and when."""

    solved: Solved | None
    level: Level | None
    channel: Channel
    day: date


@dataclass(frozen=True)
class LedgerIssue:
    """A problem as a row of a ledger means it; what the ledger does not say is None or empty."""

    enterprise_id: int
    firm: str
    title: str
    description: str
    wish: str
    category_id: int
    complexity: Complexity
    source: IssueSource
    external_no: str
    reporter_name: str
    reporter_phone: str
    visit_id: int | None
    group_id: int | None
    programme_ids: tuple[int, ...]
    registered_on: date
    on_spot: bool
    assigned_on: date | None
    lead: tuple[int, str] | None
    co_units: tuple[tuple[int, str], ...]
    due_on: date | None
    co_due_on: date | None
    feedback_on: date | None
    result: str
    outcome: Outcome | None
    commitment_due: date | None
    closed_on: date | None
    answer: Answer | None
    accept_due: date | None

    @property
    def is_open(self) -> bool:
        """Whether the ledger leaves the problem open."""
        return self.closed_on is None

    def client_id(self, attempt: int) -> str:
        """An id by which the same row is known again: by its number in the ledger, or by what it says."""
        said: list[Any] = [self.external_no, self.registered_on.year]
        if not self.external_no:
            said = [self.enterprise_id, self.registered_on.isoformat(), self.description]
        return str(uuid5(LEDGER, json.dumps([*said, attempt], ensure_ascii=False)))


class Told(NamedTuple):
    """One thing the ledger says happened: which move, on which day, with which words."""

    move: str
    day: date
    note: str
    details: dict[str, Any]


def write_issues(run: ImportRun, author_id: int, issues: Sequence[LedgerIssue]) -> None:
    """Write problems of a ledger with the moves it tells of, all recorded now."""
    at, numbers = now(), _numbers(issues)
    client_ids = free_client_ids(issues, ledger_queries.client_ids_among)
    rows, histories = [], []
    for number, client_id, issue in zip(numbers, client_ids, issues, strict=True):
        moves = _moves(issue)
        histories.append(moves)
        keys = {"number": number, "client_id": client_id, "import_run_id": run.id}
        rows.append(keys | {"registered_by_id": author_id} | _issue_row(issue, moves))
    ids = insert_rows(Issue, rows)
    texts = [text_row(Issue, {"id": i, **row}) for i, row in zip(ids, rows, strict=True)]
    db.session.execute(sa.insert(IssueText), texts)
    keyed = list(zip(ids, issues, histories, strict=True))
    logged = [row | {"recorded_at": at, "actor_id": author_id} for k in keyed for row in _log(k[0], k[2])]
    write_rows(IssueMove, logged)
    write_rows(Dispatch, (row for issue_id, issue, _ in keyed for row in _tasks(issue_id, issue)))
    answers = (_evaluation(i, issue.answer, author_id, at) for i, issue, _ in keyed if issue.answer)
    write_rows(Evaluation, answers)
    write_rows(
        IssueProgramme,
        ({"issue_id": i, "programme_id": p} for i, issue, _ in keyed for p in issue.programme_ids),
    )


def _numbers(issues: Sequence[LedgerIssue]) -> list[str]:
    """The next numbers of the days of registration, from counters locked until the transaction ends."""
    wanted = Counter(issue.registered_on for issue in issues)
    for day in sorted(wanted):
        lock_name(f"issue-number {day}")
    last = ledger_queries.counters_of(wanted)
    new = [{"day": day, "last": wanted[day]} for day in sorted(wanted) if day not in last]
    write_rows(IssueCounter, new)
    if last:
        raised = [{"day": day, "last": count + wanted[day]} for day, count in sorted(last.items())]
        db.session.execute(sa.update(IssueCounter), raised)
    numbers = []
    for issue in issues:
        day = issue.registered_on
        last[day] = last.get(day, 0) + 1
        numbers.append(f"WT{day:%Y%m%d}-{last[day]:03d}")
    return numbers


def _moves(issue: LedgerIssue) -> list[Told]:
    """What the ledger says happened, in the order of a problem's life; nothing it does not say."""
    born = {"source": issue.source.value}
    ended = {"outcome": issue.outcome.value} if issue.outcome else {}
    if issue.commitment_due:
        ended["commitment_due"] = issue.commitment_due.isoformat()
    if issue.on_spot:
        told = [Told("import:close_on_spot", issue.registered_on, issue.result, born | ended)]
    else:
        told = [Told("import:register", issue.registered_on, "", born)]
    if issue.lead and issue.assigned_on:
        told.append(Told("import:assign", issue.assigned_on, "", _assignment(issue)))
    if issue.feedback_on:
        told.append(Told("import:report", issue.feedback_on, issue.result, ended))
    if issue.closed_on and not issue.on_spot:
        note = "" if issue.feedback_on else issue.result
        told.append(Told("import:close", issue.closed_on, note, ended))
    if issue.answer and issue.closed_on:
        answer = issue.answer
        said = {"solved": answer.solved, "level": answer.level, "channel": answer.channel}
        day = max(answer.day, issue.closed_on)
        told.append(Told("import:rate", day, "", {**said, "answered_on": answer.day.isoformat()}))
    return told


def _assignment(issue: LedgerIssue) -> dict[str, Any]:
    lead_id, lead = issue.lead or (None, "")
    return {
        "lead_unit_id": lead_id,
        "lead_unit": lead,
        "co_unit_ids": [unit_id for unit_id, _ in issue.co_units],
        "co_units": [name for _, name in issue.co_units],
        **({"due_on": issue.due_on.isoformat()} if issue.due_on else {}),
    }


def _log(issue_id: int, moves: Sequence[Told]) -> Iterator[Row]:
    """The rows of the log: the state is what the table of moves makes of them."""
    state: Any = None
    for seq, told in enumerate(moves, 1):
        move = LIFE.check_state(told.move, state, None)
        before, state = state, State(move.target or state)
        yield {
            "issue_id": issue_id,
            "seq": seq,
            "move": told.move,
            "from_state": before,
            "to_state": state,
            "round": 1,
            "acted_as": ACTED_AS,
            "happened_at": ledger_moment(told.day, seq),
            "note": told.note,
            "details": told.details,
            "origin": Origin.IMPORT,
        }


def _issue_row(issue: LedgerIssue, moves: Sequence[Told]) -> Row:
    log = list(_log(0, moves))
    last = log[-1]
    began = next(row["happened_at"] for row in log if row["to_state"] == last["to_state"])
    at_unit = [row["happened_at"] for row in log if row["move"] in ("import:assign", "import:report")]
    is_closed = last["to_state"] is State.CLOSED
    return {
        "enterprise_id": issue.enterprise_id,
        "source": issue.source,
        "visit_id": issue.visit_id,
        "external_no": issue.external_no,
        "title": issue.title,
        "description": issue.description,
        "wish": issue.wish,
        "category_id": issue.category_id,
        "complexity": issue.complexity,
        "state": last["to_state"],
        "state_since": began,
        "on_spot": issue.on_spot,
        "outcome": issue.outcome,
        "commitment_due": issue.commitment_due,
        "reporter_name": issue.reporter_name,
        "reporter_phone": issue.reporter_phone,
        "registered_at": log[0]["happened_at"],
        "registered_on": issue.registered_on,
        "group_id": issue.group_id,
        "accept_due": issue.accept_due,
        "lead_unit_id": issue.lead[0] if issue.lead else None,
        "due_on": issue.due_on,
        "original_due_on": issue.due_on,
        "closed_at": began if is_closed else None,
        "closed_on": issue.closed_on,
        "moved_at": last["happened_at"],
        "worked_at": at_unit[-1] if at_unit else None,
        "revision": 1,
    }


def _tasks(issue_id: int, issue: LedgerIssue) -> Iterator[Row]:
    """The units' tasks; what a ledger has closed has ended, and its limits are those it names."""
    if not issue.lead or not issue.assigned_on:
        return
    steps = {told.move: ledger_moment(told.day, seq) for seq, told in enumerate(_moves(issue), 1)}
    shared = {
        "issue_id": issue_id,
        "round": 1,
        "assigned_at": steps["import:assign"],
        "ended_at": steps.get("import:close"),
    }
    lead_due = {"due_on": issue.due_on, "original_due_on": issue.due_on}
    answered = {"answered_at": steps.get("import:report")}
    yield {**shared, "unit_id": issue.lead[0], "kind": DispatchKind.LEAD, **lead_due, **answered}
    for unit_id, _ in issue.co_units:
        due = {"due_on": issue.co_due_on, "original_due_on": issue.co_due_on, "answered_at": None}
        yield {**shared, "unit_id": unit_id, "kind": DispatchKind.CO, **due}


def _evaluation(issue_id: int, answer: Answer, author_id: int, at: datetime) -> Row:
    return {
        "issue_id": issue_id,
        "round": 1,
        "solved": answer.solved,
        "level": answer.level,
        "channel": answer.channel,
        "is_proxy": answer.channel in PROXY_CHANNELS | {Channel.LEDGER},
        "recorded_by_id": author_id,
        "at": at,
        "answered_on": answer.day,
    }


def undo_ledger(actor: Actor, run: ImportRun, reason: str) -> TakenBack:
    """Void the problems an import brought, but for those on which something was done or hangs since."""

    def void() -> TakenBack:
        used = ledger_queries.used_since(run.id)
        valid = [row for row in ledger_queries.issues_of_run(run.id) if row.state is not State.VOID]
        kept = [row for row in valid if row.revision > 1 or row.id in used]
        staying = {row.id for row in kept}
        going = [row for row in valid if row.id not in staying]
        for start in range(0, len(going), CHUNK):
            _void(actor, going[start : start + CHUNK], reason)
        return TakenBack(len(going), [{"issue_id": row.id, "number": row.number} for row in kept])

    return RUNS.take_back(actor, run, reason, void)


def _void(actor: Actor, rows: Sequence[Any], reason: str) -> None:
    """Void problems by one more move each."""
    at = now()
    for row in rows:
        LIFE.check_state("import:undo", row.state, None)
    log = [
        {
            "issue_id": row.id,
            "seq": row.seq + 1,
            "move": "import:undo",
            "from_state": row.state,
            "to_state": State.VOID,
            "round": 1,
            "actor_id": actor.person_id,
            "acted_as": ACTED_AS,
            "happened_at": at,
            "recorded_at": at,
            "note": reason,
            "details": {},
            "origin": Origin.IMPORT,
        }
        for row in rows
    ]
    write_rows(IssueMove, log)
    ids = [row.id for row in rows]
    values = {"state": State.VOID, "state_since": at, "moved_at": at, "closed_at": None, "closed_on": None}
    stmt = sa.update(Issue).where(Issue.id.in_(ids)).values(**values, revision=Issue.revision + 1)
    db.session.execute(stmt.execution_options(synchronize_session=False))
    ended = sa.update(Dispatch).where(Dispatch.issue_id.in_(ids), Dispatch.ended_at.is_(None))
    db.session.execute(ended.values(ended_at=at).execution_options(synchronize_session=False))
