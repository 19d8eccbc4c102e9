"""What the wizard keeps of a ledger's plan: first rows for the page."""

from typing import Any

from visits.issues.ledger.checking import ProblemRow
from visits.issues.ledger.planning import ProblemPlan
from visits.issues.models import OUTCOME_LABELS

SHOWN = 20


def shown(plan: ProblemPlan) -> dict[str, Any]:
    """The first rows that bring a problem, or whose problem is here, as plain values."""
    return {
        "created": [_brought(row) for row in plan.created[:SHOWN]],
        "present": [{**_brought(row), "stored": row.said["stored"]} for row in plan.unchanged[:SHOWN]],
    }


def _brought(row: ProblemRow) -> dict[str, Any]:
    issue = row.issue
    return {
        "row": row.number,
        "number": issue.external_no,
        "firm": issue.firm,
        "title": issue.title,
        "registered_on": issue.registered_on.isoformat(),
        "unit": issue.lead[1] if issue.lead else "",
        "closed_on": issue.closed_on.isoformat() if issue.closed_on else "",
        "outcome": OUTCOME_LABELS[issue.outcome] if issue.outcome else "",
    }
