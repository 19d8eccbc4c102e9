"""The list of monthly reports."""

from typing import Any

from visits.core.authz import Actor
from visits.core.i18n import N_
from visits.core.listing import Column, Kind, Listing
from visits.core.periods import Month
from visits.monthly import queries
from visits.monthly.models import MonthlyReport
from visits.monthly.states import STATE_LABELS


def _month(row: Any) -> str:
    return str(Month.of(row.first_on))


COLUMNS = (
    Column("month", N_("Month"), _month, fixed=True, look="main-cell nowrap", width=10),
    Column("issue_no", N_("Issue no."), kind=Kind.NUMBER, fixed=True, width=6),
    Column("state", N_("State"), lambda row: STATE_LABELS[row.state], Kind.LABEL, look="state-cell"),
    Column("as_of", N_("Figures as known at"), kind=Kind.MOMENT, look="nowrap", width=17),
    Column("frozen_at", N_("Frozen at"), kind=Kind.MOMENT, look="nowrap", width=17),
    Column("frozen_by", N_("Frozen by")),
    Column("published_at", N_("Published at"), kind=Kind.MOMENT, look="nowrap", width=17),
    Column("published_by", N_("Published by")),
    Column("withdrawal_reason", N_("Why it was taken back"), width=40),
)


def of_reports(actor: Actor) -> Listing:
    """The reports a person may read, the newest month first."""
    sorts: dict[str, Any] = {
        "month": MonthlyReport.first_on,
        "issue_no": MonthlyReport.issue_no,
        "state": MonthlyReport.state,
        "id": MonthlyReport.id,
    }
    return Listing(
        "monthly.reports", N_("Monthly reports"), queries.list_reports(actor), sorts, "-month", COLUMNS
    )
