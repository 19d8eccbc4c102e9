"""The board: what the enterprises of each part of a scope come to."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from visits.core.authz import Actor
from visits.core.db import db
from visits.core.filters import NOTHING
from visits.core.i18n import N_
from visits.coverage import rules
from visits.coverage.filters import Asked
from visits.coverage.listing import Ground, tags_held, within_reach
from visits.coverage.rules import Firm, Line
from visits.enterprises.models import Enterprise, Tag, TagGrant
from visits.programmes.models import Group, Link


class By(StrEnum):
    """What the board is broken down by."""

    PROGRAMME = "programme"
    GROUP = "group"
    PARK = "park"
    STREET = "street"
    TAG = "tag"
    TIER = "tier"


BY_LABELS = {
    By.PROGRAMME: N_("By programme"),
    By.GROUP: N_("By group"),
    By.PARK: N_("By park"),
    By.STREET: N_("By street"),
    By.TAG: N_("By tag"),
    By.TIER: N_("By tier"),
}


NOTHING_LABELS = {
    By.GROUP: N_("No group"),
    By.PARK: N_("No park"),
    By.STREET: N_("No street"),
    By.TAG: N_("No tag"),
    By.TIER: N_("No visit required"),
}


@dataclass(frozen=True)
class Part:
    """One line of the board; `key` is what a list is narrowed to by it, NOTHING where nothing is named."""

    key: str
    name: str
    line: Line


@dataclass(frozen=True)
class Board:
    """The lines, longest unvisited first, and all enterprises together."""

    parts: list[Part]
    whole: Line


def get_board(actor: Actor, asked: Asked, by: By) -> Board:
    """Put the enterprises within the actor's reach together, in two statements at most."""
    ground = Ground(asked)
    owed, met = ground.owed.c, ground.met.c
    stmt = ground.select(
        ground.scoped.c.programme_id,
        Enterprise.id,
        Enterprise.park,
        Enterprise.street,
        Link.group_id,
        Group.name.label("group"),
        ground.visits.label("visits"),
        met.last_on,
        ground.required.label("required"),
        owed.credited,
        owed.is_short,
        owed.tier,
    )
    stmt = stmt.outerjoin(Group, Group.id == Link.group_id).where(within_reach(actor))
    rows = [(row, _firm(row)) for row in db.session.execute(stmt)]
    found: dict[tuple[str, str], list[Firm]] = defaultdict(list)
    for key, firm in _placed(rows, asked, by):
        found[key].append(firm)
    day = asked.counted_to
    parts = [Part(key, name, rules.line_of(firms, day)) for (key, name), firms in found.items()]
    whole = rules.line_of([firm for _, firm in rows], day)
    return Board(sorted(parts, key=lambda part: (part.line.urgency, part.name)), whole)


def _firm(row: Any) -> Firm:
    return Firm(row.visits, row.last_on, row.required, row.credited or 0, bool(row.is_short))


def _placed(rows: list[Any], asked: Asked, by: By) -> Iterable[tuple[tuple[str, str], Firm]]:
    """Each enterprise with the part it stands in; with several tags in several."""
    if by is By.TAG:
        held = defaultdict(list)
        for firm_id, name in db.session.execute(tags_held(asked, TagGrant.enterprise_id, Tag.name)):
            held[firm_id].append((name, name))
        for row, firm in rows:
            for key in held.get(row.id) or [(NOTHING, "")]:
                yield key, firm
        return
    names = {known.programme_id: known.scope.name for known in asked.programmes}
    read: dict[By, Callable[[Any], tuple[str, str]]] = {
        By.PROGRAMME: lambda row: (str(row.programme_id), names[row.programme_id]),
        By.GROUP: lambda row: (str(row.group_id or NOTHING), row.group or ""),
        By.PARK: lambda row: (row.park or NOTHING, row.park),
        By.STREET: lambda row: (row.street or NOTHING, row.street),
        By.TIER: lambda row: (row.tier or NOTHING, row.tier or ""),
    }
    for row, firm in rows:
        yield read[by](row), firm
