"""Ledgers as files, ordered and made."""

from visits.core.clock import now
from visits.core.db import db
from visits.ledgers import making, operations
from visits.ledgers.filters import Wanted
from visits.ledgers.models import Book, LedgerExport
from visits.ledgers.operations import Order
from visits.ledgers.storage import Shelf


def order(book=Book.PROBLEMS, **given):
    """What somebody orders: by default all problems as xlsx, with two columns of the page."""
    usual = {"wanted": Wanted(), "said": (), "columns": ("number", "title"), "is_office": False}
    values = usual | {"format": "xlsx", "sort": "", "language": "zh_Hans_CN"} | given
    return Order(book, **values)


def make_order(actor, book=Book.PROBLEMS, **values):
    """A ledger that is ordered; the test sees to it that no process is started for it."""
    asked = operations.order_ledger(actor, order(book, **values))
    db.session.flush()
    return asked


def kept_order(actor, **values):
    """A ledger that waits, put straight into its table: nobody comes to make it."""
    usual = {"book": Book.PROBLEMS, "format": "csv", "asked": Wanted().as_stored(), "columns": ["number"]}
    values = usual | {"said": [], "is_office": False, "language": "zh_Hans_CN"} | values
    return LedgerExport(
        person_id=actor.person_id, beat_at=now(), expires_at=now() + operations.KEPT, **values
    )


def make_all(app):
    """Make what waits, as the process does."""
    return making.make_waiting(Shelf(app.config["LEDGERS"]))
