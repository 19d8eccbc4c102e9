"""The web side of a list: the page an address asks for, and the file a person takes home."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from os import SEEK_END
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import IO

from flask import Response, request, send_file
from flask_babel import gettext

from visits.core import audit, export
from visits.core.clock import now
from visits.core.db import begin_write, db
from visits.core.errors import DomainError
from visits.core.i18n import N_
from visits.core.listing import Listing, Page
from visits.core.periods import SITE_ZONE
from visits.core.web import current_actor

AT_ONCE = 2  # files one process makes at the same time; the others are asked to wait
MOST_QUERY = 1000
_slots = BoundedSemaphore(AT_ONCE)


class Busy(DomainError):
    """So many do the same long work that one more would make all pages slow."""

    status = 429


def page_of(listing: Listing) -> Page:
    """The page of a list that the address asks for, with its columns."""
    return listing.page(request.args, request.args.getlist("columns"))


def taken_home(listing: Listing, kind: str, narrowed: Sequence[str]) -> Response:
    """Answer with the whole list as a file, as the address sorts it, and log who took it.

    `narrowed` says in words to what the list is narrowed.

    The reading ends before the file is written, and the log entry is stored before the file is sent: a
    view that ends so is marked `late_write`.
    """
    actor, stamp = current_actor(), now().astimezone(SITE_ZONE)
    return table_taken_home(listing.name, kind, lambda: _table(listing, narrowed, actor.name, stamp), stamp)


def table_taken_home(name: str, kind: str, make: Callable[[], export.Table], stamp: datetime) -> Response:
    """Answer with a table that `make` reads as a file, and log under this name who took it when."""
    with few_at_once():
        return _made(name, kind, make, stamp)


@contextmanager
def few_at_once() -> Iterator[None]:
    """Make a file within this: raises Busy while as many are being made as one process can bear."""
    if not _slots.acquire(blocking=False):
        raise Busy(N_("Other lists are being exported at this moment. Try again in a minute."))
    try:
        yield
    finally:
        _slots.release()


def _made(name: str, kind: str, make: Callable[[], export.Table], stamp: datetime) -> Response:
    actor, table = current_actor(), make()
    db.session.rollback()
    file, count = _written(table, kind)
    begin_write()
    audit.record(
        actor,
        "list.exported",
        list=name,
        format=kind,
        rows=count,
        columns=[column.key for column in table.columns],
        query=request.query_string.decode("ascii", "replace")[:MOST_QUERY],
    )
    return sent(file, export.file_name(table.title, actor.name, stamp, count), kind)


def _table(listing: Listing, narrowed: Sequence[str], who: str, stamp: datetime) -> export.Table:
    wants_all = bool(request.form.get("every"))
    columns = listing.columns if wants_all else listing.chosen(request.args.getlist("columns"))
    rows = listing.cells(request.args, columns)
    return export.Table(
        gettext(listing.title),
        columns,
        rows,
        mark=f"{who} {stamp:%Y-%m-%d %H:%M}",
        notes=[
            (gettext("List"), gettext(listing.title)),
            (gettext("Exported by"), who),
            (gettext("Exported at"), f"{stamp:%Y-%m-%d %H:%M} Asia/Shanghai"),
            (gettext("Filters"), "\n".join(narrowed) or gettext("No filter")),
        ],
    )


def _written(table: export.Table, kind: str) -> tuple[IO[bytes], int]:
    file: IO[bytes] = TemporaryFile(prefix="visits-")  # noqa: SIM115 - nameless, gone when the answer is sent
    try:
        count = export.WRITERS[kind](table, file)
    except BaseException:
        file.close()
        raise
    return file, count


def sent(file: IO[bytes], name: str, kind: str) -> Response:
    """Answer with a file that has a name and is of a kind; it is closed when it is sent."""
    size = file.seek(0, SEEK_END)
    file.seek(0)
    response = send_file(file, export.MIMETYPES[kind], as_attachment=True, download_name=f"{name}.{kind}")
    response.content_length = size
    response.headers["Cache-Control"] = "no-store"
    return response
