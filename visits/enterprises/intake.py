"""How a list of enterprises is carried into the register: one transaction after all rows are checked."""

from collections.abc import Callable, Mapping

from visits.core.authz import Actor
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.enterprises import import_report, stages
from visits.enterprises.carriers import Carrier, Found
from visits.enterprises.checking import CheckedRow, check_table
from visits.enterprises.columns import REGISTER
from visits.enterprises.importing import Plan, carry_out, compare, file_warnings, unread_columns
from visits.enterprises.models import Cargo
from visits.enterprises.stages import Work


def _require_name(mapping: Mapping[str, int]) -> None:
    if "name" not in mapping:
        raise Refused(N_("Say which column holds the enterprise name."))


def _checked(work: Work) -> tuple[list[CheckedRow], Callable[[Plan], Found]]:
    upload = work.upload
    table = stages.table_of(upload)
    heading = REGISTER.heading_of(table, upload.heading_row)
    total = len(table.rows) - heading.first
    rows = check_table(table, heading, upload.mapping, lambda done: work.beat(done, total))
    work.beat(total, total)
    warnings = [*unread_columns(heading, upload.mapping), *file_warnings(table, heading, upload.mapping)]

    def found(plan: Plan) -> Found:
        plan.warnings = [*warnings, *plan.warnings]
        return Found(import_report.report_of(plan), import_report.rejected_of(plan))

    return rows, found


def _check(work: Work) -> Found:
    rows, found = _checked(work)
    return found(compare(rows))


def _write(actor: Actor, work: Work) -> Found:
    rows, found = _checked(work)
    return found(carry_out(actor, rows, work.upload.filename))


ENTERPRISES = Carrier(
    Cargo.ENTERPRISES, Permission.ENTERPRISES_IMPORT, REGISTER, _require_name, _check, _write
)
