"""How a ledger of problems is carried in."""

from collections.abc import Iterable, Sequence
from typing import Any

from visits.core.i18n import N_
from visits.enterprises.ledger.carrying import Chosen, Ledger, Writing
from visits.enterprises.ledger.rows import Progress, Sheet
from visits.enterprises.models import ImportRun
from visits.enterprises.queries import hold_living
from visits.issues import ledger_queries, operations
from visits.issues.categories import OTHER
from visits.issues.ledger.checking import ProblemRow, ProblemRows, file_warnings
from visits.issues.ledger.columns import COLUMNS, require_columns
from visits.issues.ledger.planning import Known, ProblemPlan, understand
from visits.issues.ledger.report import shown

GONE = N_("The enterprise is not in the register any more.")


def usual_category() -> int:
    """The category offered for rows that name none: 其他, where it is in use; 0 where there is none."""
    rows = ledger_queries.categories()
    return next((row.id for row in rows if row.code == OTHER and row.is_open), 0)


def _check(sheet: Sheet, chosen: Chosen, progress: Progress) -> list[Any]:
    return ProblemRows(sheet, chosen).check_rows(progress)


def _leave_out_gone(rows: Iterable[ProblemRow]) -> None:
    """Reject rows whose enterprise was merged into another since they were read."""
    sound = [row for row in rows if row.issue is not None and not row.errors]
    living = hold_living({row.issue.enterprise_id for row in sound})
    for row in sound:
        if row.issue.enterprise_id not in living:
            row.reject(row.blame("enterprise", "code"), GONE)


def _write(run: ImportRun, author_id: int, new: Sequence[operations.LedgerIssue]) -> None:
    operations.write_issues(run, author_id, new)


PROBLEMS = Ledger(
    columns=COLUMNS,
    require=require_columns,
    check=_check,
    understand=understand,
    warnings=file_warnings,
    plan=ProblemPlan,
    known=Known,
    shown=shown,
    writing=Writing(
        runs=operations.LEDGER_RUNS,
        leave_out_gone=_leave_out_gone,
        write=_write,
    ),
)
LEDGER = PROBLEMS.carrier()
