"""The office as a ledger is compared with it: enterprises, people, programmes, groups; read once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from visits.core.i18n import N_
from visits.enterprises import likeness, matching
from visits.enterprises import rules as firm_rules
from visits.enterprises.likeness import Named
from visits.outreach import queries
from visits.outreach.ledger.names import Written
from visits.outreach.operations.facts import PersonFact
from visits.programmes import queries as programmes
from visits.programmes.models import GROUP_LINKED

MOST_ASKED = 300  # names for which near ones are looked for; whoever has more took the wrong file
UNKNOWN = N_("The register has no enterprise of this name. Enter it there first, or correct the name.")
NEAREST = N_("The register has no enterprise of this name. Nearest are: %(names)s.")
UNKNOWN_CODE = N_("The register has no enterprise with the code %(code)s.")
OTHER_CODE = N_(
    "The register has this name under the code %(code)s. Correct one of the two, or leave the code out."
)
SEVERAL_FIRMS = N_("Several enterprises of the register go by this name. Give the credit code.")
NAMESAKES = N_(
    "Several people are called %(name)s (%(units)s). Write the unit behind the name, in brackets."
)


@dataclass(frozen=True)
class Miss:
    """Why an enterprise or a person was not found."""

    reason: str
    params: dict[str, Any]


class Firms:
    """The register: by code, by name, by former name."""

    def __init__(self) -> None:
        self.known = matching.everyone()
        by_id = {firm.id: firm for firm in self.known}
        self.by_code = {code: by_id[i] for code, i in matching.merged_codes().items() if i in by_id} | {
            firm.code: firm for firm in self.known if firm.code
        }
        self.by_name: dict[str, list[Named]] = {}
        self.by_former: dict[str, list[Named]] = {}
        for firm in self.known:
            self.by_name.setdefault(firm.key, []).append(firm)
            for key in firm.former_keys:
                self.by_former.setdefault(key, []).append(firm)
        self._near: dict[str, str] = {}

    def find(self, name: str, code: str) -> Named | Miss:
        """The enterprise meant: by code, then name, then former name; nothing that is only like it."""
        if code in self.by_code:
            return self.by_code[code]
        key = firm_rules.fold_name(name)
        found = self.by_name.get(key) or self.by_former.get(key) or []
        if len(found) > 1:
            return Miss(SEVERAL_FIRMS, {})
        is_sound = bool(code) and firm_rules.check_code(code) is None
        if found and is_sound and found[0].code:
            return Miss(OTHER_CODE, {"code": found[0].code})
        if found:
            return found[0]
        return Miss(UNKNOWN, {}) if name else Miss(UNKNOWN_CODE, {"code": code})

    def is_called(self, firm: Named, name: str) -> bool:
        """Whether an enterprise goes, or went, by this name."""
        key = firm_rules.fold_name(name)
        return not key or key in (firm.key, firm.short_key, *firm.former_keys)

    def look_for_near(self, names: Iterable[str]) -> None:
        """Find what names that are not in the register may mean."""
        asked = [
            Named(-number, name, None, firm_rules.fold_name(name))
            for number, name in enumerate(list(dict.fromkeys(names))[:MOST_ASKED], 1)
        ]
        known = {firm.id: firm for firm in self.known}
        near, same = likeness.nearest(asked, self.known), likeness.sharing_a_key(asked, self.known)
        for one in asked:
            ids = dict.fromkeys(same[one.id] + near[one.id])
            found = likeness.candidates_among(one, [known[i] for i in ids], most=3)
            self._near[one.name] = "、".join(match.name for match in found)

    def told(self, name: str, miss: Miss) -> Miss:
        """The reason, with the names that come near where there are any."""
        if miss.reason == UNKNOWN and (names := self._near.get(name)):
            return Miss(NEAREST, {"names": names})
        return miss


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


def holds(row: Any, day: date) -> bool:
    """Whether a membership or link holds on a day."""
    return bool(row.from_on <= day and (row.until_on is None or row.until_on > day))


class Office:
    """Everything a ledger's words are looked up in."""

    def __init__(self) -> None:
        self.firms, self.people = Firms(), People()
        self.units, self.groups = queries.units_and_groups()
        known = programmes.programmes()
        self.linked = next((i for i, code, _ in known if code == GROUP_LINKED), None)
        self.programmes = {name: i for i, _, name in known} | {code: i for i, code, _ in known}
        self.programme_names = [name for _, _, name in known]
        self.links: dict[int, list[Any]] = {}
        for row in queries.group_links():
            self.links.setdefault(row.enterprise_id, []).append(row)

    def groups_on(self, firm_ids: Iterable[int], day: date) -> dict[int, int]:
        """The group that answers for each of these enterprises on a day; those without one are missing."""
        held = ((i, next((r for r in self.links.get(i, ()) if holds(r, day)), None)) for i in firm_ids)
        return {i: row.group_id for i, row in held if row is not None}
