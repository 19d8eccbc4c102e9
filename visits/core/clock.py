"""What time it is: the only place that asks the machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time

from visits.core.periods import SITE_ZONE, local_date

_stopped_at: ContextVar[datetime | None] = ContextVar("stopped_at", default=None)


def now() -> datetime:
    """Return the present moment in UTC."""
    return _stopped_at.get() or datetime.now(UTC)


def today() -> date:
    """Return the present day on the site's calendar."""
    return local_date(now())


@contextmanager
def at(moment: datetime | date) -> Iterator[None]:
    """Stop the clock at an aware moment, or at noon of a day at the site, inside the block.

    Only the thread (or task) that stops it is held; a thread started inside the block sees the real time.
    """
    token = _stopped_at.set(_instant(moment))
    try:
        yield
    finally:
        _stopped_at.reset(token)


def _instant(moment: datetime | date) -> datetime:
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(12), SITE_ZONE)
    if moment.tzinfo is None:
        raise ValueError("the clock can only be stopped at a moment with a zone")
    return moment.astimezone(UTC)
