"""What the wizard keeps of an import's plan: figures and first rows for the page, all rejected rows."""

from dataclasses import asdict
from typing import Any

from visits.enterprises.checking import RowError
from visits.enterprises.columns import BY_KEY
from visits.enterprises.importing import Plan
from visits.enterprises.models import STATUS_LABELS

SHOWN_NEW, SHOWN_CHANGED, SHOWN_PROBLEMS = 20, 50, 100


def report_of(plan: Plan) -> dict[str, Any]:
    """The plan's figures and the first rows of each kind, as plain values."""
    return {
        "run": plan.run_id,
        "counts": plan.counts(),
        "errors": [asdict(error) for error in plan.errors()[:SHOWN_PROBLEMS]],
        "error_count": len(plan.errors()),
        "warnings": [asdict(warning) for warning in plan.warnings[:SHOWN_PROBLEMS]],
        "warning_count": len(plan.warnings),
        "created": [
            {"row": row.number, "name": row.values["name"], "code": row.values["code"]}
            for row in plan.created[:SHOWN_NEW]
        ],
        "updated": [
            {"row": row.number, "name": enterprise.name, "changes": _changes(enterprise, changes)}
            for row, enterprise, changes in plan.updated[:SHOWN_CHANGED]
        ],
    }


def _changes(enterprise: Any, changes: dict[str, Any]) -> list[dict[str, Any]]:
    """Each change as field, value before and value after; what follows from another is not named."""
    return [
        {
            "field": BY_KEY[key].label,
            "is_label": key == "status",
            "before": _shown(key, getattr(enterprise, key)),
            "after": _shown(key, value),
        }
        for key, value in changes.items()
        if key in BY_KEY
    ]


def _shown(key: str, value: Any) -> str:
    if key == "status":
        return STATUS_LABELS[value]
    return str(value or "")


def rejected_of(plan: Plan) -> list[dict[str, Any]]:
    """Every reason why a row was rejected, as plain values."""
    return [asdict(error) for error in plan.errors()]


def errors_of(stored: list[dict[str, Any]]) -> list[RowError]:
    """The reasons as they were stored."""
    return [RowError(**error) for error in stored]
