"""What happens to ledgers by itself: expired ones are erased, and what broken work left behind."""

from collections.abc import Iterable
from datetime import date

from flask import current_app

from visits.core.clock import now
from visits.core.i18n import N_
from visits.core.scheduling import Job, Piece
from visits.ledgers import operations, queries
from visits.ledgers.storage import Shelf

FORGOTTEN_AFTER = 24 * 3600  # seconds; no work lasts so long


def _shelf() -> Shelf:
    return Shelf(current_app.config["LEDGERS"])


def _expired(_on: date) -> Iterable[Piece]:
    return queries.expired(now())


def _purge(export_id: int, _on: date) -> bool:
    return operations.purge(export_id, _shelf())


def _left_behind(_on: date) -> Iterable[Piece]:
    known = queries.known_keys()
    return [(name, name) for name in _shelf().older_than(FORGOTTEN_AFTER) if name not in known]


def _sweep(name: str, _on: date) -> bool:
    _shelf().sweep(name)
    return True


JOBS = (
    Job(
        "ledgers.purge",
        _expired,
        _purge,
        N_("Erases ledgers made as files when their time is over."),
        N_("Ledgers erased: %(count)d"),
    ),
    Job(
        "ledgers.purge",
        _left_behind,
        _sweep,
        N_("Erases what work on ledgers left behind that broke off."),
        N_("Files left behind erased: %(count)d"),
    ),
)
