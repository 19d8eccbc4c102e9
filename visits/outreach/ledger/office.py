"""The office as a ledger is compared with it: enterprises, people, programmes, groups; read once."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from visits.core.i18n import N_
from visits.enterprises.ledger.naming import Firms, Miss
from visits.outreach import queries
from visits.outreach.ledger.names import Written
from visits.outreach.operations.facts import PersonFact
from visits.programmes import queries as programmes
from visits.programmes.answering import Answering, holds
from visits.programmes.models import GROUP_LINKED

NAMESAKES = N_(
    "Several people are called %(name)s (%(units)s). Write the unit behind the name, in brackets."
)


class People:
    """Those with an account, and who was in which unit when."""

    def __init__(self) -> None:
        self.by_name: dict[str, list[int]] = {}
        for person_id, name in queries.everybody():
            self.by_name.setdefault(name.replace(" ", ""), []).append(person_id)
        self.times: dict[int, list[Any]] = {}
        for row in queries.times_in_units():
            self.times.setdefault(row.person_id, []).append(row)

    def _units_of(self, person_id: int) -> list[str]:
        return list(dict.fromkeys(row.name for row in self.times.get(person_id, ())))

    def find(self, written: Written, unit: str, day: date) -> PersonFact | Miss:
        """The person meant, by name and, of several, by unit; whoever has no account by name only."""
        name = written.name if written.name in self.by_name else written.bare
        known = self.by_name.get(name, [])
        named_unit = written.unit or unit
        if len(known) > 1:
            known = [i for i in known if named_unit and _is_of(self._units_of(i), named_unit)]
            if len(known) != 1:
                everyone = self.by_name[name]
                units = "、".join(unit for i in everyone for unit in self._units_of(i))
                return Miss(NAMESAKES, {"name": name, "units": units or "–"})
        elif known and written.unit and self._is_other_unit(known[0], written.unit):
            known = []
        if not known:
            return PersonFact(None, name, None, named_unit)
        held = [row for row in self.times.get(known[0], ()) if holds(row, day)]
        unit_id, unit_name = (held[0].unit_id, held[0].name) if held else (None, "")
        return PersonFact(known[0], name, unit_id, unit_name)

    def _is_other_unit(self, person_id: int, unit: str) -> bool:
        """Whether somebody of this name in another unit of the office's is meant."""
        return bool(units := self._units_of(person_id)) and not _is_of(units, unit)


def _is_of(units: Sequence[str], unit: str) -> bool:
    """Whether a unit as written is one of these; 经发局 is short for 经济发展局."""
    return any(unit == name or unit in name or name in unit or _is_short_for(unit, name) for name in units)


def _is_short_for(short: str, name: str) -> bool:
    rest = iter(name)
    return len(short) > 1 and all(character in rest for character in short)


class Office:
    """Everything a ledger's words are looked up in."""

    def __init__(self) -> None:
        self.firms, self.people = Firms(), People()
        self.units, self.groups = queries.units_and_groups()
        known = programmes.programmes()
        self.linked = next((i for i, code, _ in known if code == GROUP_LINKED), None)
        self.programmes = {name: i for i, _, name in known} | {code: i for i, code, _ in known}
        self.programme_names = [name for _, _, name in known]
        self.answering = Answering()
