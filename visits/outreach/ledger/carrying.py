"""How a ledger of visits is carried in: checked outside any transaction, written part by part."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from visits.core.authz import Actor
from visits.core.db import begin_write, lock_name, transaction
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.core.spreadsheet import Table, read_table
from visits.core.spreadsheet_heading import Heading
from visits.enterprises import runs, stages
from visits.enterprises.carriers import Carrier, Found
from visits.enterprises.models import Cargo, ImportRun
from visits.enterprises.stages import Work
from visits.outreach import operations
from visits.outreach.ledger.checking import LedgerRow, check_rows, file_warnings
from visits.outreach.ledger.columns import COLUMNS, require_columns
from visits.outreach.ledger.planning import Known, Plan, compare, understand
from visits.outreach.ledger.report import rejected_of, report_of
from visits.programmes import queries as programmes
from visits.programmes.models import ENTERPRISE_VISIT, GROUP_LINKED, VisitMode

BATCH = 500  # rows whose visits are written in one transaction
GONE = N_("An enterprise chosen is not in the register any more.")

Hold = Callable[[int, int, int | None], None]


@dataclass(frozen=True)
class Defaults:
    """What holds for rows that do not say it: the mode, and the programmes by id."""

    mode: VisitMode
    programme_ids: tuple[int, ...]


def usual_programmes() -> list[int]:
    """The programmes offered for rows that name none; 组团联企 counts where a group answers only."""
    by_code = programmes.programme_ids_by_code()
    return [by_code[code] for code in (ENTERPRISE_VISIT, GROUP_LINKED) if code in by_code]


def _checked(
    work: Work, tell: Callable[[int, int], None]
) -> tuple[list[LedgerRow], Callable[[Plan], Found]]:
    upload = work.upload
    table, mapping, chosen = stages.table_of(upload), upload.mapping, upload.chosen
    heading = COLUMNS.heading_of(table, upload.heading_row)
    total = len(table.rows) - heading.first
    mode = VisitMode(chosen["mode"])
    rows = check_rows(
        table, heading, mapping, mode, filename=upload.filename, progress=lambda done: tell(done, total)
    )
    understand(rows, chosen["programme_ids"], lambda done: tell(total, total))
    tell(total, total)
    warnings = file_warnings(table, heading, mapping)

    def found(plan: Plan) -> Found:
        plan.warnings = [*warnings, *plan.warnings]
        return Found(report_of(plan), rejected_of(plan))

    return rows, found


def _check(work: Work) -> Found:
    rows, found = _checked(work, work.beat)
    return found(compare(rows))


def _write(actor: Actor, work: Work) -> Found:
    rows, found = _checked(work, lambda _done, total: work.beat(0, total))

    def hold(done: int, total: int, run_id: int | None) -> None:
        work.hold(done, total, outcome={"run": run_id})

    upload = work.upload
    run_id = upload.outcome.get("run")
    plan = carry_out(actor, upload.person_id, rows, upload.filename, hold=hold, run_id=run_id)
    return found(plan)


def carry_out(
    actor: Actor,
    author_id: int,
    rows: Sequence[LedgerRow],
    filename: str,
    *,
    hold: Hold = lambda done, total, run_id: None,
    run_id: int | None = None,
) -> Plan:
    """Write the visits of the good rows, so many rows in each transaction; `run_id` is one that broke off.

    `hold` is told in each transaction how far it is. The last transaction is left open.
    """
    plan, known = Plan(run_id=run_id), Known(run_id)
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        with transaction():
            lock_name("ledger")
            _leave_out_gone(part)
            known.read(part, only_their_firms=True)
            new = [visit for row in part for visit in known.place(plan, row)]
            if new:
                run = _run(actor, plan, filename)
                known.run_id = run.id
                operations.write_visits(run, author_id, new)
                run.counts = plan.counts()
            hold(start + len(part), len(rows), plan.run_id)
    begin_write()
    if plan.run_id is not None:
        operations.note_imported(actor, _run(actor, plan, filename), plan.counts())
    return plan


def _leave_out_gone(rows: Iterable[LedgerRow]) -> None:
    """Reject rows whose enterprise was merged into another since they were read."""
    gone = set(operations.hold_firms(visit for row in rows for visit in row.visits))
    for row in rows if gone else ():
        if any(gone & visit.firms.keys() for visit in row.visits):
            row.reject("enterprise" if "enterprise" in row.values else "code", GONE)


def _run(actor: Actor, plan: Plan, filename: str) -> ImportRun:
    run = runs.get_run(plan.run_id, Cargo.VISITS) if plan.run_id is not None else None
    if run is None:
        run = operations.begin_run(actor, filename)
        plan.run_id = run.id
    return run


@dataclass(frozen=True)
class Imported:
    """What came of a file: the plan, and for a file of rejected rows the table with its headings."""

    plan: Plan
    table: Table
    heading: Heading
    ignored: list[str]


def import_file(
    actor: Actor,
    author_id: int,
    content: bytes,
    filename: str,
    defaults: Defaults,
    *,
    maps: Iterable[str] = (),
    sheet: str = "",
    dry_run: bool = False,
) -> Imported:
    """Read, check and (unless `dry_run`) write a file; the last transaction is left open."""
    table = read_table(content, filename, sheet)
    heading = COLUMNS.heading_of(table)
    mapping = COLUMNS.mapping_from(heading.labels, maps)
    require_columns(mapping)
    rows = check_rows(table, heading, mapping, defaults.mode, filename=filename)
    understand(rows, defaults.programme_ids)
    plan = compare(rows) if dry_run else carry_out(actor, author_id, rows, filename)
    plan.heading_row = heading.row
    plan.warnings = [*file_warnings(table, heading, mapping), *plan.warnings]
    used = mapping.values()
    ignored = [name for column, name in enumerate(heading.labels) if name and column not in used]
    return Imported(plan, table, heading, ignored)


LEDGER = Carrier(Cargo.VISITS, Permission.OUTREACH_IMPORT, COLUMNS, require_columns, _check, _write)
