"""Pure questions about records of visits: what of them is worth asking the author about."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from itertools import combinations
from typing import Any

from visits.core.periods import Month
from visits.core.workdays import ONE_DAY, Calendar, add_workdays, is_workday

ANSWER_WORKDAYS = 3
BURST = 5  # late entries of one person recorded on one day
MONTH_VISITS, MONTH_DAYS = 5, 3  # visits of a month, on so many days, all entered on its last one
FIRMS_A_DAY = 8  # enterprises one person visits on site in a day without anybody wondering
SILENT_RUN = 20  # enterprises in a row that say they have no problems
NAMED = 5  # records that one question names beside the one it is about
ANSWERS = 2  # an enterprise answers, and may change its mind once


class Kind(StrEnum):
    """What is asked about."""

    SAME_TEXT = "same_text"
    SAME_PHOTO = "same_photo"
    TWO_PLACES = "two_places"
    MANY_FIRMS = "many_firms"
    REST_DAY = "rest_day"
    LATE_BURST = "late_burst"
    MONTH_END = "month_end"
    SILENT_RUN = "silent_run"
    DENIED = "denied"


@dataclass(frozen=True)
class Met:
    """An enterprise met, and whether it said that it has no problems."""

    enterprise_id: int
    name: str
    is_silent: bool


@dataclass(frozen=True)
class Record:
    """What is looked at of one visit that stands."""

    id: int
    author_id: int
    group_id: int | None
    visited_on: date
    recorded_on: date
    is_late: bool = False
    is_imported: bool = False
    is_on_site: bool = True
    is_face_to_face: bool = True
    start: time | None = None
    end: time | None = None
    summary: str = ""
    firms: tuple[Met, ...] = ()
    people: tuple[tuple[int, str], ...] = ()
    photos: frozenset[str] = frozenset()

    @property
    def names(self) -> list[str]:
        """The names of the enterprises met."""
        return [firm.name for firm in self.firms]


@dataclass(frozen=True)
class Doubt:
    """Something to ask about: of which kind, whom, about which visits, the asked one first.

    `about` and the kind make the key under which it is asked once and never again; `said` holds what its
    sentence names.
    """

    kind: Kind
    about: str
    asked_id: int
    visit_ids: tuple[int, ...]
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What makes it the same question another time."""
        return f"{self.kind}:{self.about}"


def answer_until(raised_on: date, calendar: Calendar) -> date:
    """The last day on which only the author sees a question: the 3rd working day after it was raised."""
    return add_workdays(raised_on, ANSWER_WORKDAYS, calendar)


def _grouped(records: Iterable[Record], key: Callable[[Record], Any]) -> dict[Any, list[Record]]:
    found: dict[Any, list[Record]] = {}
    for record in records:
        found.setdefault(key(record), []).append(record)
    return found


def rest_days(records: Iterable[Record], calendar: Calendar) -> Iterator[Doubt]:
    """Visits dated on a day on which nobody works."""
    for record in records:
        if not is_workday(record.visited_on, calendar):
            said = {"day": record.visited_on.isoformat()}
            yield Doubt(Kind.REST_DAY, str(record.id), record.author_id, (record.id,), said)


def late_bursts(records: Iterable[Record]) -> Iterator[Doubt]:
    """Many late entries of one author recorded on one day; what came from a ledger is none."""
    late = (record for record in records if record.is_late and not record.is_imported)
    for (author, day), group in _grouped(late, lambda r: (r.author_id, r.recorded_on)).items():
        if len(group) >= BURST:
            said = {"day": day.isoformat(), "count": len(group)}
            yield Doubt(Kind.LATE_BURST, f"{author}:{day}", author, _ids(group), said)


def _ids(group: list[Record]) -> tuple[int, ...]:
    return tuple(sorted((record.id for record in group), reverse=True))


def month_ends(records: Iterable[Record], calendar: Calendar) -> Iterator[Doubt]:
    """All visits of one author's month entered on its last day, unless that is asked as a late burst."""
    own = (record for record in records if not record.is_imported)
    for (author, month), group in _grouped(own, lambda r: (r.author_id, Month.of(r.visited_on))).items():
        entered = {record.recorded_on for record in group}
        is_many = len(group) >= MONTH_VISITS and len({r.visited_on for r in group}) >= MONTH_DAYS
        is_burst = sum(record.is_late for record in group) >= BURST
        if is_many and not is_burst and len(entered) == 1 and entered <= last_days(month, calendar):
            said = {"month": str(month), "day": entered.pop().isoformat(), "count": len(group)}
            yield Doubt(Kind.MONTH_END, f"{author}:{month}", author, _ids(group), said)


def last_days(month: Month, calendar: Calendar) -> set[date]:
    """The last day of a month and its last working day, with the days between."""
    day, found = month.last_on, {month.last_on}
    while not is_workday(day, calendar) and day > month.first_on:
        day -= ONE_DAY
        found.add(day)
    return found


def two_places(records: Iterable[Record]) -> Iterator[Doubt]:
    """Two visits of one day at overlapping times in which the same person took part; both name times."""
    timed = [r for r in records if r.is_face_to_face and r.start and r.end and r.start < r.end]
    for group in _grouped(timed, lambda r: r.visited_on).values():
        for first, second in combinations(sorted(group, key=lambda r: r.id), 2):
            names = [name for person, name in second.people if person in dict(first.people)]
            if names and _overlap(first, second):
                said = {"people": names, "times": times_of(first.start, first.end), **_where(first)}
                about = f"{first.id}:{second.id}"
                yield Doubt(Kind.TWO_PLACES, about, second.author_id, (second.id, first.id), said)


def _overlap(one: Record, other: Record) -> bool:
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return False
    return one.start < other.end and other.start < one.end


def times_of(start: time | None, end: time | None) -> str:
    """From when to when a visit lasted; empty where one of the two is not recorded."""
    return f"{start:%H:%M}–{end:%H:%M}" if start and end else ""


def _where(record: Record) -> dict[str, Any]:
    return {"day": record.visited_on.isoformat(), "firms": record.names[:NAMED]}


def many_firms(records: Iterable[Record]) -> Iterator[Doubt]:
    """More enterprises visited on site by one person in a day than anybody manages."""
    days: dict[tuple[int, date], list[Record]] = {}
    names: dict[int, str] = {}
    for record in records:
        for person, name in record.people if record.is_on_site else ():
            days.setdefault((person, record.visited_on), []).append(record)
            names[person] = name
    for (person, day), group in days.items():
        firms = {firm.enterprise_id for record in group for firm in record.firms}
        if len(firms) > FIRMS_A_DAY:
            author = max(group, key=lambda r: r.id).author_id
            said = {"people": [names[person]], "day": day.isoformat(), "count": len(firms)}
            yield Doubt(Kind.MANY_FIRMS, f"{person}:{day}", author, _ids(group), said)


def silent_runs(records: Iterable[Record]) -> Iterator[Doubt]:
    """Long runs of one author's visits in which no enterprise had a problem; ledgers do not tell that."""
    own = (record for record in records if not record.is_imported and record.firms)
    for author, group in _grouped(own, lambda r: r.author_id).items():
        for run in _runs(sorted(group, key=lambda r: (r.visited_on, r.id))):
            count = sum(len(record.firms) for record in run)
            if count >= SILENT_RUN:
                said = {
                    "first": run[0].visited_on.isoformat(),
                    "last": run[-1].visited_on.isoformat(),
                    "count": count,
                }
                yield Doubt(Kind.SILENT_RUN, f"{author}:{run[0].id}", author, _ids(run), said)


def _runs(records: list[Record]) -> Iterator[list[Record]]:
    run: list[Record] = []
    for record in records:
        if all(firm.is_silent for firm in record.firms):
            run.append(record)
            continue
        yield run
        run = []
    yield run


def same_photos(records: Iterable[Record]) -> Iterator[Doubt]:
    """Records with a photo that hangs on an earlier record too."""
    seen: dict[str, list[Record]] = {}
    for record in sorted(records, key=lambda r: r.id):
        earlier = {other.id: other for photo in record.photos for other in seen.get(photo, ())}
        if earlier:
            said = {"count": len(earlier), **_where(earlier[min(earlier)])}
            about = (record.id, *sorted(earlier)[:NAMED])
            yield Doubt(Kind.SAME_PHOTO, str(record.id), record.author_id, about, said)
        for photo in record.photos:
            seen.setdefault(photo, []).append(record)
