"""Work that nobody starts by hand: what it does, how one piece of it runs, and what came of it."""

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from visits.core import clock
from visits.core.db import renew_statistics, transaction
from visits.core.errors import DomainError, WrongState
from visits.core.i18n import N_

log = logging.getLogger(__name__)
UNEXPECTED = N_("An unexpected fault; the log of the server says more.")
Piece = tuple[Any, str]


@dataclass(frozen=True)
class Job:
    """One kind of work under a name; several may share a name and then run one after the other.

    `find` lists what is to be done by a day, as (key, what people call it), and changes nothing.
    `carry_out` does one piece by its key and day, and says whether there was still something to do.
    `about` says what the job is for, `done` what it did: a sentence with %(count)d.
    """

    name: str
    find: Callable[[date], Iterable[Piece]]
    carry_out: Callable[[Any, date], bool]
    about: str
    done: str


@dataclass
class Outcome:
    """What one job did, and what it could not do, with the reason as a sentence and its values."""

    job: Job
    done: list[str] = field(default_factory=list)
    failed: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)


def run_jobs(jobs: Sequence[Job], on: date) -> list[Outcome]:
    """Do what is due by a day, each piece in a transaction of its own; a failing one stops no other.

    For a day to come the clock stands at its noon; for one that is past only what was due by then is
    done, and done now. Afterwards the database looks at how it is filled: that is due daily too.
    """
    with clock.at(on) if on > clock.today() else nullcontext():
        outcomes = [_run(job, on) for job in jobs]
    renew_statistics()
    return outcomes


def _run(job: Job, on: date) -> Outcome:
    outcome = Outcome(job)
    with transaction():
        pieces = list(job.find(on))
    for key, name in pieces:
        try:
            with transaction():
                if job.carry_out(key, on):
                    outcome.done.append(name)
        except WrongState:
            log.info("%s: %s was dealt with meanwhile", job.name, name)
        except DomainError as refusal:
            outcome.failed.append((name, refusal.message, refusal.params))
        except Exception:
            log.exception("%s: %s", job.name, name)
            outcome.failed.append((name, UNEXPECTED, {}))
    return outcome
