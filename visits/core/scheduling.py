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
from visits.core.slots import Hold, TurnLost

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


@dataclass(frozen=True)
class Task:
    """Work in one long piece that begins and ends its transactions itself; `work` says what came of it,
    and nothing where there was nothing to do.

    It may be done twice where a machine dies between the work and the note of it.
    """

    name: str
    work: Callable[[date], str]
    about: str
    done: str


@dataclass
class Outcome:
    """What one job did, and what it could not do, with the reason as a sentence and its values."""

    job: Job | Task
    done: list[str] = field(default_factory=list)
    failed: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)


def _as_we_like() -> None:
    """Nobody else does the same work meanwhile."""


def run_jobs(jobs: Sequence[Job | Task], on: date, hold: Hold = _as_we_like) -> list[Outcome]:
    """Do what is due by a day, each piece in a transaction of its own; a failing one stops no other.

    For a day to come the clock stands at its noon; for one that is past only what was due by then is
    done, and done now. Each transaction ends with `hold`, which raises TurnLost where another scheduler
    has taken over. Afterwards the database looks at how it is filled: that is due daily too.
    """
    with clock.at(on) if on > clock.today() else nullcontext():
        outcomes = [_work(job, on) if isinstance(job, Task) else _run(job, on, hold) for job in jobs]
    renew_statistics()
    return outcomes


def _work(task: Task, on: date) -> Outcome:
    outcome = Outcome(task)
    try:
        outcome.done += filter(None, [task.work(on)])
    except DomainError as refusal:
        outcome.failed.append((task.name, refusal.message, refusal.params))
    except Exception:
        log.exception("%s", task.name)
        outcome.failed.append((task.name, UNEXPECTED, {}))
    return outcome


def _run(job: Job, on: date, hold: Hold) -> Outcome:
    outcome = Outcome(job)
    with transaction():
        pieces = list(job.find(on))
    for key, name in pieces:
        try:
            with transaction():
                is_done = job.carry_out(key, on)
                hold()
            if is_done:
                outcome.done.append(name)
        except TurnLost:
            raise
        except WrongState:
            log.info("%s: %s was dealt with meanwhile", job.name, name)
        except DomainError as refusal:
            outcome.failed.append((name, refusal.message, refusal.params))
        except Exception:
            log.exception("%s: %s", job.name, name)
            outcome.failed.append((name, UNEXPECTED, {}))
    return outcome
