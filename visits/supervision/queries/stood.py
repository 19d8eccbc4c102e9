"""How the problems of an order stood on the day it was issued: what its paper says for good."""

from collections.abc import Mapping
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from visits.issues.states import State

DAYS = frozenset({"due_on", "review_on", "accept_due"})
MOMENTS = frozenset({"state_since", "worked_at"})
AS_THEY_ARE = frozenset({"title", "state", "round", "return_count"})


def kept_of(row: Any) -> dict[str, Any]:
    """What is kept with an order of a problem as it stands now, a row of the problems of orders."""
    kept: dict[str, Any] = {name: getattr(row, name) for name in sorted(AS_THEY_ARE)}
    for name in sorted(DAYS | MOMENTS):
        at = getattr(row, name)
        kept[name] = at.isoformat() if at else None
    return kept


def as_it_stood(row: Any) -> Any:
    """The row of an order's problem with what was kept of it in place of how it stands today."""
    kept: Mapping[str, Any] = row.stood or {}
    read = {name: kept[name] for name in AS_THEY_ARE if name in kept}
    for names, kind in ((DAYS, date), (MOMENTS, datetime)):
        read |= {name: kept[name] and kind.fromisoformat(kept[name]) for name in names if name in kept}
    if "state" in read:
        read["state"] = State(read["state"])
    return SimpleNamespace(**dict(row._mapping) | read)
