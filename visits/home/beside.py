"""What waits for a person beside the problems: short lists of many kinds, read by one statement."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from visits.accounts.queries import StandIn
from visits.core.authz import Actor, may
from visits.core.calendar import load_calendar
from visits.core.clock import today
from visits.core.permissions import Permission as P
from visits.core.together import Few, read_together
from visits.handover import queries as handover
from visits.home.present import PLANS_AHEAD
from visits.home.supervising import Supervised, supervised_lists
from visits.issues import duties
from visits.meetings import queries as meetings
from visits.outreach import queries as outreach

SHOWN = 8
NO_ROWS: tuple[Sequence[Any], int] = ((), 0)
ByPerson = dict[int | None, Sequence[Any]]


@dataclass(frozen=True)
class Beside:
    """The lists of a first page: of plans and promises those of absent people too, by the person's id.

    Plans are those within a week and of days over that nobody recorded; promises the most urgent, with how
    many there are; meetings those of this week; duties what units still have to do, with its light.
    """

    duties: Sequence[tuple[Any, Any]]
    duty_count: int
    drafts: Sequence[Any]
    meetings: Sequence[Any]
    handovers: Sequence[Any]
    plans: ByPerson
    promises: dict[int | None, tuple[Sequence[Any], int]]
    supervised: Supervised


def what_stands_beside(actor: Actor, present: Mapping[str, int], stand_ins: Sequence[StandIn]) -> Beside:
    """Read what is present, of absent people as far as their deputy may read it."""
    found = read_together(_lists(actor, present, stand_ins) | supervised_lists(actor, present))
    waiting, calendar = found.get("duties", []), load_calendar()
    promises = _by_person(found.get("promises", []))
    return Beside(
        duties=duties.lit(waiting, calendar),
        duty_count=waiting[0].total if waiting else 0,
        drafts=found.get("drafts", []),
        meetings=found.get("meetings", []),
        handovers=found.get("handovers", []),
        plans=_by_person(found.get("plans", [])),
        promises={whose: (rows, rows[0].total) for whose, rows in promises.items()},
        supervised=Supervised.of(found, present, calendar),
    )


def _lists(actor: Actor, present: Mapping[str, int], stand_ins: Sequence[StandIn]) -> dict[str, Few]:
    absent = [one.absent for one in stand_ins] if may(actor, P.OUTREACH_RECORD) else []
    lists: dict[str, Callable[[], Few]] = {
        "duties": lambda: duties.waiting_for(actor, SHOWN),
        "drafts": lambda: outreach.list_drafts(actor, SHOWN),
        "meetings": lambda: meetings.soon(actor),
        "handovers": lambda: handover.waiting_for(actor, SHOWN),
        "plans": lambda: outreach.plans_of_desk(actor, today() + PLANS_AHEAD, SHOWN),
        "promises": lambda: outreach.waiting_for(actor, SHOWN, absent),
    }
    is_asked = set(present) | ({"promises"} if absent else set())
    return {name: of() for name, of in lists.items() if name in is_asked}


def _by_person(rows: Sequence[Any]) -> ByPerson:
    return {whose: list(theirs) for whose, theirs in groupby(rows, key=lambda row: row.whose)}
