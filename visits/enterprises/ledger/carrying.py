"""How a ledger is carried in: checked outside any transaction, written part by part."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from visits.core.authz import Actor
from visits.core.db import begin_write, lock_name, transaction
from visits.core.spreadsheet import Table, read_table
from visits.core.spreadsheet_heading import Heading
from visits.enterprises import runs, stages
from visits.enterprises.carriers import Carrier, Found
from visits.enterprises.checking import RowError
from visits.enterprises.columns import Columns
from visits.enterprises.ledger.rows import Progress, Sheet
from visits.enterprises.models import ImportRun
from visits.enterprises.operations import LedgerRuns
from visits.enterprises.plan import Plan
from visits.enterprises.stages import Work

BATCH = 500  # rows whose records are written in one transaction
SHOWN_PROBLEMS = 100

Chosen = Mapping[str, Any]
Hold = Callable[[int, int, int | None], None]
AsFound = Callable[[Plan], Found]


class Known(Protocol):
    """What is here already, and what earlier rows of the file bring."""

    run_id: int | None

    def read(self, rows: Iterable[Any], *, only_these: bool) -> None:
        """Read what is here of what these rows bring."""

    def place(self, plan: Any, row: Any) -> list[Any]:
        """Say what becomes of a row; return what is to be written."""


@dataclass(frozen=True)
class Writing:
    """What a ledger's import does to the database, each in the running transaction."""

    runs: LedgerRuns
    leave_out_gone: Callable[[Sequence[Any]], None]
    write: Callable[[ImportRun, int, Sequence[Any]], None]


@dataclass(frozen=True)
class Ledger:
    """All that is special to one kind of ledger.

    `check` reads rows by themselves; `understand` lays the sound ones beside the office, and reads only;
    both are told what the sender chose. `warnings` are those on the file as a whole, `shown` are the first
    rows of each kind as plain values.
    """

    columns: Columns
    require: Callable[[Mapping[str, int]], None]
    check: Callable[[Sheet, Chosen, Progress], list[Any]]
    understand: Callable[[Sequence[Any], Chosen, Progress], None]
    warnings: Callable[[Table, Heading, dict[str, int]], list[RowError]]
    plan: type[Plan]
    known: Callable[[int | None], Known]
    shown: Callable[[Any], dict[str, Any]]
    writing: Writing

    def carrier(self) -> Carrier:
        """What the wizard is told of this ledger."""
        runs = self.writing.runs
        return Carrier(runs.cargo, runs.permission, self.columns, self.require, self._check, self._write)

    def compare(self, checked: Sequence[Any]) -> Plan:
        """Say what an import of these rows would do. Reads only."""
        plan, known = self.plan(), self.known(None)
        known.read(checked, only_these=False)
        for row in checked:
            known.place(plan, row)
        return plan

    def _checked(self, work: Work, tell: Callable[[int, int], None]) -> tuple[list[Any], AsFound]:
        upload = work.upload
        table, mapping = stages.table_of(upload), upload.mapping
        heading = self.columns.heading_of(table, upload.heading_row)
        total = len(table.rows) - heading.first
        sheet = Sheet(table, heading, mapping, upload.filename)
        rows = self.check(sheet, upload.chosen, lambda done: tell(done, total))
        self.understand(rows, upload.chosen, lambda done: tell(total, total))
        tell(total, total)
        warnings = self.warnings(table, heading, mapping)

        def found(plan: Plan) -> Found:
            plan.warnings = [*warnings, *plan.warnings]
            return Found(self._report_of(plan), [asdict(error) for error in plan.errors()])

        return rows, found

    def _report_of(self, plan: Plan) -> dict[str, Any]:
        errors = plan.errors()
        return {
            "run": plan.run_id,
            "counts": plan.counts(),
            "errors": [asdict(error) for error in errors[:SHOWN_PROBLEMS]],
            "error_count": len(errors),
            "warnings": [asdict(warning) for warning in plan.warnings[:SHOWN_PROBLEMS]],
            "warning_count": len(plan.warnings),
            **self.shown(plan),
        }

    def _check(self, work: Work) -> Found:
        rows, found = self._checked(work, work.beat)
        return found(self.compare(rows))

    def _write(self, actor: Actor, work: Work) -> Found:
        rows, found = self._checked(work, lambda _done, total: work.beat(0, total))

        def hold(done: int, total: int, run_id: int | None) -> None:
            work.hold(done, total, outcome={"run": run_id})

        upload = work.upload
        run_id = upload.outcome.get("run")
        return found(
            self.carry_out(actor, upload.person_id, rows, upload.filename, hold=hold, run_id=run_id)
        )

    def carry_out(
        self,
        actor: Actor,
        author_id: int,
        rows: Sequence[Any],
        filename: str,
        *,
        hold: Hold = lambda done, total, run_id: None,
        run_id: int | None = None,
    ) -> Plan:
        """Write what the good rows bring, so many rows in each transaction; `run_id` is one that broke off.

        `hold` is told in each transaction how far it is. The last transaction is left open.
        """
        plan, known, writing = self.plan(run_id=run_id), self.known(run_id), self.writing
        for start in range(0, len(rows), BATCH):
            part = rows[start : start + BATCH]
            with transaction():
                lock_name(writing.runs.lock)
                writing.leave_out_gone(part)
                known.read(part, only_these=True)
                new = [record for row in part for record in known.place(plan, row)]
                if new:
                    run = self._run(actor, plan, filename)
                    known.run_id = run.id
                    writing.write(run, author_id, new)
                    run.counts = plan.counts()
                hold(start + len(part), len(rows), plan.run_id)
        begin_write()
        if plan.run_id is not None:
            writing.runs.note_imported(actor, self._run(actor, plan, filename), plan.counts())
        return plan

    def _run(self, actor: Actor, plan: Plan, filename: str) -> ImportRun:
        run = runs.get_run(plan.run_id, self.writing.runs.cargo) if plan.run_id is not None else None
        if run is None:
            run = self.writing.runs.begin(actor, filename)
            plan.run_id = run.id
        return run

    def import_file(
        self,
        actor: Actor,
        author_id: int,
        content: bytes,
        filename: str,
        chosen: Chosen,
        *,
        maps: Iterable[str] = (),
        sheet: str = "",
        dry_run: bool = False,
    ) -> "Imported":
        """Read, check and (unless `dry_run`) write a file; the last transaction is left open."""
        table = read_table(content, filename, sheet)
        heading = self.columns.heading_of(table)
        mapping = self.columns.mapping_from(heading.labels, maps)
        self.require(mapping)
        rows = self.check(Sheet(table, heading, mapping, filename), chosen, lambda done: None)
        self.understand(rows, chosen, lambda done: None)
        plan = self.compare(rows) if dry_run else self.carry_out(actor, author_id, rows, filename)
        plan.heading_row = heading.row
        plan.warnings = [*self.warnings(table, heading, mapping), *plan.warnings]
        used = mapping.values()
        ignored = [name for column, name in enumerate(heading.labels) if name and column not in used]
        return Imported(plan, table, heading, ignored)


@dataclass(frozen=True)
class Imported:
    """What came of a file: the plan, and for a file of rejected rows the table with its headings."""

    plan: Any
    table: Table
    heading: Heading
    ignored: list[str]
