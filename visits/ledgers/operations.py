"""What is done with ledgers made apart: ordered, begun again, discarded, downloaded, purged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import IO

from visits.core import audit
from visits.core.apart import begin_apart
from visits.core.authz import Actor, require
from visits.core.clock import now
from visits.core.db import after_commit, begin_write, db
from visits.core.errors import Gone, NotAllowed, Refused, WrongState
from visits.core.i18n import N_
from visits.ledgers import queries, stages
from visits.ledgers.books import LEDGERS
from visits.ledgers.filters import Wanted
from visits.ledgers.models import AT_WORK, Book, LedgerExport, Stage
from visits.ledgers.storage import Shelf

KEPT = timedelta(days=3)
MOST_AT_WORK, MOST_KEPT = 2, 10


@dataclass(frozen=True)
class Order:
    """A file somebody wants: which ledger, narrowed to what, with which columns, in which order."""

    book: Book
    format: str
    wanted: Wanted
    said: Sequence[str]
    columns: Sequence[str]
    is_office: bool
    sort: str
    language: str
    total: int = 0


def order_ledger(actor: Actor, order: Order) -> LedgerExport:
    """Have a ledger made by a process of its own."""
    require(actor, LEDGERS[order.book].permission)
    begin_write()
    kept, at_work = queries.count_own(actor)
    if at_work >= MOST_AT_WORK:
        raise Refused(
            N_(
                "%(count)d ledgers of yours are being made already. Wait until one is ready, or cancel "
                "one on the page “Ledgers”."
            ),
            count=at_work,
        )
    if kept >= MOST_KEPT:
        raise Refused(
            N_("You keep %(count)d ledgers, as many as one may. Remove one on the page “Ledgers” first."),
            count=kept,
        )
    export = LedgerExport(
        person_id=actor.person_id,
        book=order.book,
        format=order.format,
        asked=order.wanted.as_stored(),
        said=list(order.said),
        columns=list(order.columns),
        is_office=order.is_office,
        sort=order.sort[:30],
        language=order.language,
        total=order.total,
        beat_at=now(),
        expires_at=now() + KEPT,
    )
    db.session.add(export)
    asked = {"list": f"ledger.{order.book}", "format": order.format, "columns": list(order.columns)}
    audit.record(actor, "ledger.ordered", export, **asked, query="; ".join(order.said))
    after_commit(start_worker)
    return export


def start_worker() -> None:
    """Start a process that makes the ledgers that wait."""
    begin_apart("reports", "make-ledgers")


def begin_again(export: LedgerExport) -> None:
    """Have work that broke off done again; nothing happens when it goes on after all."""
    if export.stage not in AT_WORK:
        raise WrongState(N_("This ledger is not being made any more."))
    if not stages.is_stalled(export.stage, export.beat_at, queries.count_alive()):
        return
    export.stage, export.worker, export.beat_at = Stage.WAITING, None, now()
    export.done, export.expires_at = 0, now() + KEPT
    after_commit(start_worker)


def discard(actor: Actor, export: LedgerExport, shelf: Shelf) -> None:
    """Forget a ledger and its file; a process at work on it notices and stops."""
    key = export.file_key
    audit.record(actor, "ledger.discarded", export, list=f"ledger.{export.book}", name=export.filename)
    db.session.delete(export)
    if key:
        after_commit(lambda: shelf.erase(key))


def download(actor: Actor, export: LedgerExport, shelf: Shelf) -> IO[bytes]:
    """Open a file for its owner, and note that it is taken home; raise where that may not be any more.

    What somebody may read hangs on roles, units and groups; a file made with others is not handed out.
    """
    require(actor, LEDGERS[export.book].permission)
    if export.stage is not Stage.DONE or export.file_key is None:
        raise WrongState(N_("This ledger is not ready yet."))
    if export.reach != queries.reach_of(actor):
        raise NotAllowed(
            N_(
                "Your roles, units or groups have changed since this ledger was made, so it may hold more "
                "than you may read now. Have it made again."
            )
        )
    try:
        file = shelf.path(export.file_key).open("rb")
    except OSError as error:
        raise Gone(
            N_("This file is not there any more. Remove it and have the ledger made again.")
        ) from error
    audit.record(
        actor,
        "ledger.downloaded",
        export,
        list=f"ledger.{export.book}",
        format=export.format,
        rows=export.done,
        columns=export.columns,
        query="; ".join(export.said),
    )
    return file


def purge(export_id: int, shelf: Shelf) -> bool:
    """Erase one ledger that has expired; False when it is gone already."""
    export = db.session.get(LedgerExport, export_id)
    if export is None:
        return False
    if key := export.file_key:
        after_commit(lambda: shelf.erase(key))
    db.session.delete(export)
    return True
