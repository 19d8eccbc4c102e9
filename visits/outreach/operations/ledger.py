"""How visits of a ledger are written: in bulk, the same rows as if recorded by hand; and taken back."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID, uuid5

import sqlalchemy as sa

from visits.core.authz import Actor
from visits.core.clock import now, today
from visits.core.db import db
from visits.core.permissions import Permission
from visits.core.search import text_row
from visits.enterprises import queries as enterprises
from visits.enterprises.models import Cargo, ImportRun
from visits.enterprises.operations import (
    LedgerRuns,
    Row,
    TakenBack,
    free_client_ids,
    insert_rows,
    write_rows,
)
from visits.outreach import queries
from visits.outreach.entries import VisitKind
from visits.outreach.models import Attendance, PairProgramme, Promise, Visit, VisitPair, VisitText
from visits.outreach.operations.facts import PersonFact
from visits.programmes.models import VisitMode

RUNS = LedgerRuns(Cargo.VISITS, Permission.OUTREACH_IMPORT, "visits.imported", "ledger")
LEDGER = UUID("5b0e1f0a-6a3c-4d0c-9a51-3d1f2b8e7c46")
CHUNK = 500


class LedgerPromise(NamedTuple):
    """What was promised, by whom as written and as known, and by when."""

    text: str
    owner: str
    owner_id: int | None
    due_on: date | None


@dataclass(frozen=True)
class LedgerVisit:
    """A visit as a row of a ledger means it: enterprises by id, the programmes of each, participants."""

    visited_on: date
    mode: VisitMode
    kind: VisitKind
    place: str
    summary: str
    group_id: int | None
    firms: dict[int, str]
    programmes: dict[int, tuple[int, ...]]
    people: tuple[PersonFact, ...]
    has_no_issues: bool
    promise: LedgerPromise | None

    def only(self, firms: Sequence[int]) -> "LedgerVisit":
        """The same visit to these of its enterprises only."""
        return replace(self, firms={i: self.firms[i] for i in firms})

    def client_id(self, attempt: int) -> str:
        """An id by which the same content is known again."""
        names = sorted(fact.name for fact in self.people)
        said = [self.visited_on.isoformat(), self.mode.value, sorted(self.firms), names, attempt]
        return str(uuid5(LEDGER, json.dumps(said, ensure_ascii=False)))


def write_visits(run: ImportRun, author_id: int, visits: Sequence[LedgerVisit]) -> None:
    """Write visits of a ledger with all that figures count of them.

    They count as recorded now and never as late: when they were written down elsewhere, nobody knows.
    """
    at = now()
    rows = [
        {
            "client_id": client_id,
            "visited_on": visit.visited_on,
            "mode": visit.mode,
            "kind": visit.kind,
            "place": visit.place,
            "summary": visit.summary,
            "group_id": visit.group_id,
            "author_id": author_id,
            "recorded_at": at,
            "recorded_on": today(),
            "timely_until": max(today(), visit.visited_on),
            "import_run_id": run.id,
            "revision": 1,
        }
        for client_id, visit in zip(free_client_ids(visits, queries.client_ids_among), visits, strict=True)
    ]
    keyed = list(zip(insert_rows(Visit, rows), rows, visits, strict=True))
    db.session.execute(sa.insert(VisitText), [text_row(Visit, {"id": i, **row}) for i, row, _ in keyed])
    _write_facts([(_of_visit(i, row, at), visit) for i, row, visit in keyed])
    promises = [
        {"visit_id": i, "enterprise_id": firm, **visit.promise._asdict()}
        for i, _, visit in keyed
        if visit.promise
        for firm in visit.firms
    ]
    write_rows(Promise, promises)


def _of_visit(visit_id: int, row: Row, at: datetime) -> Row:
    """What the rows that figures count repeat of their visit."""
    return {"visit_id": visit_id, "recorded_at": at} | {
        name: row[name] for name in ("visited_on", "mode", "group_id")
    }


def _write_facts(visits: Sequence[tuple[Row, LedgerVisit]]) -> None:
    met = [(shared, visit, firm) for shared, visit in visits for firm in visit.firms]
    pairs = insert_rows(
        VisitPair,
        [
            {**shared, "enterprise_id": firm, "has_no_issues": visit.has_no_issues, "is_late": False}
            for shared, visit, firm in met
        ],
    )
    chosen = [
        {"pair_id": pair_id, "programme_id": programme_id}
        for pair_id, (_, visit, firm) in zip(pairs, met, strict=True)
        for programme_id in visit.programmes[firm]
    ]
    write_rows(PairProgramme, chosen)
    people = ({**shared, **fact._asdict()} for shared, visit in visits for fact in visit.people)
    write_rows(Attendance, people)


def undo_ledger(actor: Actor, run: ImportRun, reason: str) -> TakenBack:
    """Void the visits an import brought, but for those that somebody has changed or added to since."""

    def void() -> TakenBack:
        used = queries.used_since(run.id)
        valid = [row for row in queries.visits_of_run(run.id) if row.voided_at is None]
        kept = [row for row in valid if row.revision > 1 or row.id in used]
        staying = {row.id for row in kept}
        _void([row.id for row in valid if row.id not in staying], actor, reason)
        told = [{"visit_id": row.id, "visited_on": row.visited_on.isoformat()} for row in kept]
        return TakenBack(len(valid) - len(kept), told)

    return RUNS.take_back(actor, run, reason, void)


def _void(visit_ids: Sequence[int], actor: Actor, reason: str) -> None:
    values = {"voided_at": now(), "void_reason": reason, "voided_by_id": actor.person_id}
    for start in range(0, len(visit_ids), CHUNK):
        wanted = Visit.id.in_(visit_ids[start : start + CHUNK])
        stmt = sa.update(Visit).where(wanted).values(**values, revision=Visit.revision + 1)
        db.session.execute(stmt.execution_options(synchronize_session=False))


def hold_firms(visits: Iterable[LedgerVisit]) -> list[int]:
    """Keep the enterprises of these visits from being merged meanwhile; return those that are gone."""
    wanted = {i for visit in visits for i in visit.firms}
    return sorted(wanted - enterprises.hold_living(wanted).keys())
