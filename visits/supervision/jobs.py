"""What supervision does by itself: when a month is over its sample is drawn."""

from collections.abc import Sequence
from datetime import date

from visits.core.authz import SYSTEM
from visits.core.i18n import N_
from visits.core.periods import Month
from visits.core.scheduling import Job, Piece
from visits.supervision import operations, queries


def _undrawn(on: date) -> Sequence[Piece]:
    month = Month.of(on).previous
    is_due = queries.get_sample(month) is None and bool(queries.drawable_records(month))
    return [(str(month), str(month))] if is_due else []


def _draw(month: str, on: date) -> bool:
    if not _undrawn(on):
        return False
    operations.draw_samples(SYSTEM, Month.parse(month))
    return True


JOBS = (
    Job(
        "issues.lapse",
        _undrawn,
        _draw,
        N_("Draws the sample of the month before, to be checked by supervisors."),
        N_("Samples drawn: %(count)d"),
    ),
)
