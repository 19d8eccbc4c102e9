"""How a ledger of visits is carried in."""

from collections.abc import Iterable, Sequence
from typing import Any

from visits.core.i18n import N_
from visits.enterprises.ledger.carrying import Chosen, Ledger, Writing
from visits.enterprises.ledger.rows import Progress, Sheet
from visits.enterprises.models import ImportRun
from visits.outreach import operations
from visits.outreach.ledger.checking import LedgerRow, VisitRows, file_warnings
from visits.outreach.ledger.columns import COLUMNS, require_columns
from visits.outreach.ledger.planning import Known, VisitPlan, understand
from visits.outreach.ledger.report import shown
from visits.programmes import queries as programmes
from visits.programmes.models import ENTERPRISE_VISIT, GROUP_LINKED, VisitMode

GONE = N_("An enterprise chosen is not in the register any more.")


def usual_programmes() -> list[int]:
    """The programmes offered for rows that name none; 组团联企 counts where a group answers only."""
    by_code = programmes.programme_ids_by_code()
    return [by_code[code] for code in (ENTERPRISE_VISIT, GROUP_LINKED) if code in by_code]


def _check(sheet: Sheet, chosen: Chosen, progress: Progress) -> list[Any]:
    return VisitRows(sheet, VisitMode(chosen["mode"])).check_rows(progress)


def _understand(rows: Sequence[LedgerRow], chosen: Chosen, progress: Progress) -> None:
    understand(rows, chosen["programme_ids"], progress)


def _leave_out_gone(rows: Iterable[LedgerRow]) -> None:
    """Reject rows whose enterprise was merged into another since they were read."""
    gone = set(operations.hold_firms(visit for row in rows for visit in row.visits))
    for row in rows if gone else ():
        if any(gone & visit.firms.keys() for visit in row.visits):
            row.reject("enterprise" if "enterprise" in row.values else "code", GONE)


def _write(run: ImportRun, author_id: int, new: Sequence[operations.LedgerVisit]) -> None:
    operations.write_visits(run, author_id, new)


VISITS = Ledger(
    columns=COLUMNS,
    require=require_columns,
    check=_check,
    understand=_understand,
    warnings=file_warnings,
    plan=VisitPlan,
    known=Known,
    shown=shown,
    writing=Writing(
        runs=operations.LEDGER_RUNS,
        leave_out_gone=_leave_out_gone,
        write=_write,
    ),
)
LEDGER = VISITS.carrier()
