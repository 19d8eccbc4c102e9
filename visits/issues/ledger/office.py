"""The office as a ledger of problems is compared with it; read once."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, NamedTuple

from visits.accounts.queries import units_with_handler
from visits.core.calendar import load_calendar
from visits.core.clock import now, today
from visits.core.i18n import N_
from visits.core.workdays import Calendar
from visits.enterprises.ledger.naming import Firms, Miss
from visits.issues import ledger_queries, limits
from visits.issues.ledger.words import plain
from visits.programmes.answering import Answering

NEAR = 3
LIKENESS = 0.5
NO_UNIT = N_("There is no unit of this name; enter it under the units first.")
NEAREST_UNITS = N_("There is no unit of this name. Nearest are: %(names)s.")
CLOSED_UNIT = N_("This unit is not in use any more; an open problem needs one that is.")
IDLE_UNIT = N_("Nobody in this unit can sign, and the problem is open. Name a handler there first.")
NO_CATEGORY = N_("There is no category of this name. There are: %(names)s.")


class Named(NamedTuple):
    """A unit as the office has it."""

    id: int
    name: str


class Units:
    """All units, also those closed since: by their names, never by what is only like them."""

    def __init__(self) -> None:
        known = ledger_queries.units()
        self.by_name = {plain(name): Named(unit_id, name) for unit_id, name, _ in known}
        self.open = {unit_id for unit_id, _, is_open in known if is_open}
        self.able = units_with_handler(today())
        self._near: dict[str, Miss] = {}

    def find(self, name: str, *, is_open: bool) -> Named | Miss:
        """The unit meant; of an open problem it must be in use, and somebody there able to sign."""
        unit = self.by_name.get(plain(name))
        if unit is None:
            return self._missed(name)
        if is_open and unit.id not in self.open:
            return Miss(CLOSED_UNIT, {})
        if is_open and unit.id not in self.able:
            return Miss(IDLE_UNIT, {})
        return unit

    def _missed(self, name: str) -> Miss:
        if name not in self._near:
            self._near[name] = self._told(plain(name))
        return self._near[name]

    def _told(self, key: str) -> Miss:
        short = [unit.name for known, unit in self.by_name.items() if key in known or _is_short(key, known)]
        like = [self.by_name[found].name for found in get_close_matches(key, self.by_name, NEAR, LIKENESS)]
        names = list(dict.fromkeys([*short, *like]))[:NEAR]
        return Miss(NEAREST_UNITS, {"names": "、".join(names)}) if names else Miss(NO_UNIT, {})


def _is_short(short: str, name: str) -> bool:
    """Whether one is the other with characters left out: 经发局 is short for 经济发展局."""
    rest = iter(name)
    return len(short) > 1 and all(character in rest for character in short)


class Categories:
    """All categories, by name, by code, and by name behind that of the one they lie under."""

    def __init__(self) -> None:
        self.by_id: dict[int, Any] = {}
        self.by_name: dict[str, Any] = {}
        for row in ledger_queries.categories():
            self.by_id[row.id] = row
            for name in (row.name, row.code, f"{row.parent or ''}{row.name}", f"{row.parent}/{row.name}"):
                self.by_name.setdefault(plain(name), row)

    def find(self, name: str) -> Any | Miss:
        """The category meant, or those there are."""
        if found := self.by_name.get(plain(name).replace("->", "")):
            return found
        near = [
            self.by_name[key].name for key in get_close_matches(plain(name), self.by_name, NEAR, LIKENESS)
        ]
        usual = [row.name for row in self.by_id.values() if row.is_open and row.parent is None]
        return Miss(NO_CATEGORY, {"names": "、".join(dict.fromkeys(near)) or "、".join(usual)})


class Visits:
    """The visits of the days that a ledger names: which was to which enterprise, in which programmes."""

    def __init__(self, days: Iterable[Any]) -> None:
        self.met: dict[Any, list[Any]] = {}
        known = sorted(days)
        for row in ledger_queries.visits_between(known[0], known[-1]) if known else ():
            self.met.setdefault((row.enterprise_id, row.visited_on), []).append(row)
        alone = [rows[0].pair for rows in self.met.values() if len(rows) == 1]
        self.programmes = ledger_queries.programmes_of(alone)

    def find(self, enterprise_id: int, day: Any) -> Any:
        """The only visit to an enterprise on a day; of several nobody knows which is meant."""
        found = self.met.get((enterprise_id, day), [])
        return found[0] if len(found) == 1 else None


class Office:
    """Everything a ledger's words are looked up in."""

    def __init__(self, days: Iterable[Any]) -> None:
        self.firms, self.units, self.categories = Firms(), Units(), Categories()
        self.answering, self.visits = Answering(), Visits(days)
        self.calendar: Calendar = load_calendar()
        self.limits = limits.rules_at(now())
