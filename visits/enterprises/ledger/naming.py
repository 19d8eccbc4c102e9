"""Enterprises as ledgers name them, looked for in the register."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from visits.core.i18n import N_
from visits.enterprises import likeness, matching
from visits.enterprises import rules as firm_rules
from visits.enterprises.ledger.rows import Row
from visits.enterprises.likeness import Named

MOST_ASKED = 300  # names for which near ones are looked for; whoever has more took the wrong file
UNKNOWN = N_("The register has no enterprise of this name. Enter it there first, or correct the name.")
NEAREST = N_("The register has no enterprise of this name. Nearest are: %(names)s.")
UNKNOWN_CODE = N_("The register has no enterprise with the code %(code)s.")
OTHER_CODE = N_(
    "The register has this name under the code %(code)s. Correct one of the two, or leave the code out."
)
TWO_FIRMS = N_(
    "The code is that of %(coded)s, the name that of %(named)s (%(code)s). Correct one of the two, or "
    "leave the code out."
)
SEVERAL_FIRMS = N_("Several enterprises of the register go by this name. Give the credit code.")


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
        """The enterprise meant: by code, then name, then former name; nothing that is only like it.

        A code and a name of two enterprises mean neither: whichever was taken might be wrong.
        """
        key = firm_rules.fold_name(name)
        found = self.by_name.get(key) or self.by_former.get(key) or []
        if coded := self.by_code.get(code):
            if not found or self.is_called(coded, name):
                return coded
            named = found[0]
            return Miss(TWO_FIRMS, {"coded": coded.name, "named": named.name, "code": named.code or "–"})
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


def note_differences(row: Row, firms: Firms, firm: Named, name: str, code: str) -> None:
    """Warn where the row names an enterprise otherwise than the register does."""
    if not firms.is_called(firm, name):
        row.warn("enterprise", N_("By its code this is %(name)s."), name=firm.name)
    elif name and firm_rules.fold_name(name) != firm.key:
        row.warn("enterprise", N_("The register calls this enterprise %(name)s."), name=firm.name)
    if code and firm.code and code != firm.code and code not in firms.by_code:
        row.warn("code", N_("The code is wrong; the enterprise was found by its name."))
