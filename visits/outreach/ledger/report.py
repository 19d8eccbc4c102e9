"""What the wizard keeps of a ledger's plan: first rows for the page."""

from typing import Any

from visits.outreach.ledger.checking import LedgerRow
from visits.outreach.ledger.planning import VisitPlan
from visits.programmes.models import MODE_LABELS

SHOWN = 20


def shown(plan: VisitPlan) -> dict[str, Any]:
    """The first rows that bring visits, or whose visits are here, as plain values."""
    return {
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
