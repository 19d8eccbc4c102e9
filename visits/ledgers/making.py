"""How a ledger becomes a file in a process of its own: rows in portions, no reading held open meanwhile."""

import logging
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from os import SEEK_END
from typing import IO, Any, cast

from flask_babel import gettext
from sqlalchemy.exc import OperationalError

from visits.accounts.queries import actor_of, get_person
from visits.core import export
from visits.core.authz import SYSTEM, Actor, require
from visits.core.catalogues import in_language
from visits.core.clock import now, today
from visits.core.db import db
from visits.core.errors import DomainError, NotAllowed, Refused
from visits.core.i18n import N_
from visits.core.listing import CHUNK, Column, Listing
from visits.core.periods import SITE_ZONE
from visits.ledgers import queries, stages
from visits.ledgers.books import LEDGERS, Ledger, Row, Sheet, titled
from visits.ledgers.filters import Wanted
from visits.ledgers.models import LedgerExport
from visits.ledgers.stages import Overtaken
from visits.ledgers.storage import Shelf
from visits.programmes.queries import group_ids_of

BEAT_SECONDS = 1.0
NO_ROOM = N_("The file could not be written: %(reason)s. Tell the administrator, then start again.")

log = logging.getLogger(__name__)
Pulse = Callable[[], None]


class Signs:
    """Signs of life of one piece of work, at most one a second, however often it pulses."""

    def __init__(self, export_id: int, token: str, total: int) -> None:
        self.export_id, self.token, self.total = export_id, token, total
        self.done, self._last = 0, 0.0

    def tell(self, done: int) -> None:
        """Say how many rows are read."""
        self.done = done
        self.pulse()

    def pulse(self) -> None:
        """Say how far the work is; raise Overtaken when it is not ours any more."""
        if time.monotonic() - self._last < BEAT_SECONDS:
            return
        try:
            stages.beat(self.export_id, self.token, self.done, self.total)
        except OperationalError:
            db.session.rollback()  # somebody else writes for long; the next sign will do
        self._last = time.monotonic()


class Beating:
    """A file to which every writing is a sign of life: packing a large workbook takes its time."""

    def __init__(self, file: IO[bytes], pulse: Pulse) -> None:
        self._file, self._pulse = file, pulse

    def write(self, content: Any) -> int:
        """Write, and say so."""
        self._pulse()
        return self._file.write(content)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def make_waiting(shelf: Shelf) -> int:
    """Make the ledgers that wait, one after the other; return how many were taken up."""
    taken = 0
    while (claimed := stages.claim_next()) is not None:
        taken += 1
        make(*claimed, shelf)
    return taken


def make(export_id: int, token: str, shelf: Shelf) -> None:
    """Make one ledger; what its owner must know of is left at it, a fault lets it be begun again."""
    try:
        asked = db.session.get(LedgerExport, export_id, populate_existing=True)
        if asked is not None:
            with in_language(asked.language):
                _make(asked, token, shelf)
    except Overtaken:
        db.session.rollback()
    except OSError as error:
        db.session.rollback()
        log.exception("ledger %s could not be written", export_id)
        stages.fail(export_id, token, Refused(NO_ROOM, reason=error.strerror or str(error)))
    except DomainError as refusal:
        db.session.rollback()
        stages.fail(export_id, token, refusal)
    except Exception:
        db.session.rollback()
        log.exception("ledger %s broke off", export_id)
        stages.give_back(export_id, token)


def _make(asked: LedgerExport, token: str, shelf: Shelf) -> None:
    actor, ledger = owner_of(asked), LEDGERS[asked.book]
    require(actor, ledger.permission)
    wanted = Wanted.from_stored(asked.asked)
    listing = ledger.of(actor, wanted)
    columns = [column for column in listing.columns if column.key in asked.columns]
    sheet = Sheet(
        titled(ledger, wanted), actor.name, now().astimezone(SITE_ZONE), asked.said, asked.is_office
    )
    export_id, kind, reach = asked.id, asked.format, queries.reach_of(actor)
    keys = array("q", listing.keys({"sort": asked.sort}))
    signs = Signs(export_id, token, len(keys))
    signs.pulse()
    with shelf.written() as (key, file):
        table = sheet.table(columns, read_rows(listing, columns, keys, signs.tell))
        count = export.WRITERS[kind](table, cast(IO[bytes], Beating(file, signs.pulse)), shelf.folder)
        size = file.seek(0, SEEK_END)
    name = export.file_name(sheet.title, actor.name, sheet.stamp, count)
    try:
        made = {"file_key": key, "size": size, "filename": name, "reach": reach}
        stages.finish(export_id, token, done=count, total=count, **made)
    except BaseException:
        shelf.erase(key)
        raise


def read_rows(
    listing: Listing, columns: Sequence[Column], keys: Sequence[int], tell: Callable[[int], None]
) -> Iterator[Row]:
    """The rows of these keys, read in portions; each reading ends before its rows are handed out."""
    translate = cache(gettext)
    for start in range(0, len(keys), CHUNK):
        portion = listing.cells_of(keys[start : start + CHUNK], columns, translate)
        db.session.rollback()
        tell(start)
        yield from portion
    tell(len(keys))


def owner_of(asked: LedgerExport) -> Actor:
    """Who ordered a ledger, with the rights of this moment; raise NotAllowed for a disabled account."""
    person = get_person(asked.person_id)
    if person is None or person.disabled_at is not None:
        raise NotAllowed
    return actor_of(person.id, person.name, group_ids_of(person.id, today()))


def write_ledger(
    ledger: Ledger, wanted: Wanted, kind: str, file: IO[bytes], *, who: str, said: Sequence[str]
) -> int:
    """Write the office's set of a ledger with everything in it, for the system; return how many rows."""
    listing = ledger.of(SYSTEM, wanted)
    columns = ledger.columns(listing, (), is_office=True)
    sheet = Sheet(titled(ledger, wanted), who, now().astimezone(SITE_ZONE), said, is_office=True)
    keys = array("q", listing.keys({}))
    rows = read_rows(listing, columns, keys, lambda _done: None)
    return export.WRITERS[kind](sheet.table(columns, rows), file)
