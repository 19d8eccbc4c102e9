"""Which enterprises the text and the ticks of the visit form mean."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from flask_babel import gettext

from visits.enterprises import queries as enterprises
from visits.outreach import queries
from visits.outreach.queries import Firm
from visits.outreach.typed import PICKED

MOST_FOUND = 20


@dataclass(frozen=True)
class Choice:
    """The enterprises chosen, those besides that the text might mean, and what is left to be said.

    `unfound` is text that found nothing or too much, kept for the person to change. `fresh` are the ids
    that this very text settled, so that the form has not shown them before.
    """

    chosen: Sequence[Firm]
    found: Sequence[Firm]
    unfound: str
    sentence: str
    fresh: frozenset[int]

    @classmethod
    def of(cls, ticked: Iterable[int | None] | None, typed: str | None, day: date) -> Self:
        """Read ticks and text: parts like #12 were picked from the type-ahead, others are searched for."""
        chosen = [key for key in ticked or () if key]
        found: list[int] = []
        unfound: list[str] = []
        fresh: list[int] = []
        sentence = ""
        for part in filter(None, map(str.strip, (typed or "").split(","))):
            meant, complaint = _meant(part, chosen)
            if complaint:
                unfound.append(part)
                sentence = sentence or complaint
            (found if complaint else fresh).extend(meant)
        firms = queries.firms_on({*chosen, *fresh, *found}, day)
        wanted = [firms[key] for key in dict.fromkeys([*chosen, *fresh]) if key in firms]
        offered = [firms[key] for key in dict.fromkeys(found) if key in firms and firms[key] not in wanted]
        return cls(wanted, offered, ",".join(unfound), sentence, frozenset(fresh))

    @property
    def offered(self) -> list[Firm]:
        """All enterprises to show as ticks."""
        return [*self.chosen, *self.found]

    @property
    def chosen_ids(self) -> list[int]:
        """The ids of the enterprises chosen."""
        return [firm.enterprise_id for firm in self.chosen]


def _meant(part: str, chosen: Sequence[int]) -> tuple[list[int], str]:
    """The enterprises a part of the text may mean, and a sentence unless that is settled."""
    if PICKED.fullmatch(part):
        return [int(part.removeprefix("#"))], ""
    found = enterprises.search(part, MOST_FOUND)
    exact = [row.id for row in found if row.name == part]
    if len(exact) == 1 or len(found) == 1:
        return exact or [found[0].id], ""
    if not found:
        return [], gettext(
            "No enterprise matches %(text)s. Try another part of its name, or enter it as new below.",
            text=part,
        )
    if settled := [row.id for row in found if row.id in chosen]:
        return settled, ""
    return [row.id for row in found], gettext("Several enterprises match. Tick the one you mean.")
