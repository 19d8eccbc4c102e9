"""What the wizard keeps of a ledger's plan: figures and first rows for the page."""

from dataclasses import asdict
from typing import Any

from visits.outreach.ledger.checking import LedgerRow
from visits.outreach.ledger.planning import Plan
from visits.programmes.models import MODE_LABELS

SHOWN, SHOWN_PROBLEMS = 20, 100


def report_of(plan: Plan) -> dict[str, Any]:
    """The plan's figures and the first rows of each kind, as plain values."""
    errors = plan.errors()
    return {
        "run": plan.run_id,
        "counts": plan.counts(),
        "errors": [asdict(error) for error in errors[:SHOWN_PROBLEMS]],
        "error_count": len(errors),
        "warnings": [asdict(warning) for warning in plan.warnings[:SHOWN_PROBLEMS]],
        "warning_count": len(plan.warnings),
        "created": [_brought(row) for row in plan.created[:SHOWN]],
        "present": [
            {**_brought(row), "visit_id": row.said.get("visit_id")} for row in plan.unchanged[:SHOWN]
        ],
    }


def _brought(row: LedgerRow) -> dict[str, Any]:
    visits = row.visits
    return {
        "row": row.number,
        "days": [visit.visited_on.isoformat() for visit in visits],
        "firms": list(visits[0].firms.values()),
        "people": [fact.name for fact in visits[0].people],
        "mode": MODE_LABELS[visits[0].mode],
    }


def rejected_of(plan: Plan) -> list[dict[str, Any]]:
    """Every reason why a row was rejected, as plain values."""
    return [asdict(error) for error in plan.errors()]
