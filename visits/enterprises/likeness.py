"""Pure questions about two names: do they mean one firm, and how sure is that."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import combinations

from visits.core.i18n import N_

# 江苏省苏州市工业园区…: where a firm is registered stands before its name or not at all.
PLACE = re.compile(
    r"(?:中国)?(?:[\u4e00-\u9fff]{2,3}(?:省|自治区))?(?:(?!超市|城市|都市|门市)[\u4e00-\u9fff]{2,3}市)?"
    r"(?:[\u4e00-\u9fff]{0,6}?(?:经济技术开发区|经济开发区|高新技术产业开发区|高新区|经开区|开发区|工业园区|"
    r"工业园|产业园|新区)|[\u4e00-\u9fff]{2,3}[区县])?"
)
LEGAL_ENDING = re.compile("(?:公司|厂|店|中心|合作社)$")
SHORTEST_CORE = 2
LONG_CORE = 5
ALIKE = 0.72
SURE = 0.95
MOST_OF_A_KEY = 20
MOST_PROVISIONAL = 300


class Why(StrEnum):
    """What makes two records look like one enterprise, the surest first."""

    CODE = "code"
    NAME = "name"
    FORMER = "former"
    CORE = "core"
    SHORT = "short"
    SIMILAR = "similar"


WHY_LABELS = {
    Why.CODE: N_("Same credit code"),
    Why.NAME: N_("Same name"),
    Why.FORMER: N_("Same as a former name"),
    Why.CORE: N_("Same name without place and legal form"),
    Why.SHORT: N_("Same as a short name"),
    Why.SIMILAR: N_("Similar name"),
}
SCORES = {Why.CODE: 1.0, Why.NAME: 1.0, Why.FORMER: 1.0, Why.CORE: SURE, Why.SHORT: 0.9}


@dataclass(frozen=True)
class Named:
    """A record as the matcher sees it: its folded name and what else it is called."""

    id: int
    name: str
    code: str | None
    key: str
    short_key: str = ""
    former_keys: tuple[str, ...] = ()
    is_provisional: bool = False
    place: str = ""

    @cached_property
    def core(self) -> str:
        """What is left of the name without place and legal form."""
        return core_of_key(self.key)


@dataclass(frozen=True)
class Match:
    """A record that may be the one asked about, how sure that is (0 to 1) and why."""

    id: int
    name: str
    code: str | None
    score: float
    why: Why


def core_of_key(key: str) -> str:
    """Return what distinguishes a folded name; where hardly anything would be left, the name itself."""
    without_form = LEGAL_ENDING.sub("", key)
    found = PLACE.match(without_form)
    core = without_form[found.end() :] if found else without_form
    if len(core) >= SHORTEST_CORE:
        return core
    return without_form if len(without_form) >= SHORTEST_CORE else key


def bigrams(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of a text."""
    return frozenset(text[n : n + 2] for n in range(len(text) - 1))


def similarity(one: str, other: str) -> float:
    """Say how alike two cores are, from 0 to 1; names that differ in a number are not alike."""
    if one == other:
        return 1.0
    first, second = bigrams(one), bigrams(other)
    shared = len(first & second)
    if not shared or _numbers(one) != _numbers(other):
        return 0.0
    return 2 * shared / (len(first) + len(second))


def _numbers(text: str) -> list[str]:
    return re.findall("[0-9]+|[一二三四五六七八九十]", text)


def why_alike(one: Named, other: Named) -> tuple[Why, float] | None:
    """Say why two records look like one enterprise and how sure that is; None when they do not."""
    if why := _equal_name(one, other):
        return why, SCORES[why]
    score = similarity(one.core, other.core)
    return (Why.SIMILAR, round(score * 0.9, 2)) if score >= ALIKE else None


def _equal_name(one: Named, other: Named) -> Why | None:
    if one.code and one.code == other.code:
        return Why.CODE
    if one.key == other.key:
        return Why.NAME
    if one.key in other.former_keys or other.key in one.former_keys:
        return Why.FORMER
    if one.core == other.core:
        return Why.CORE
    return Why.SHORT if _is_short_for(one, other) or _is_short_for(other, one) else None


def _is_short_for(one: Named, other: Named) -> bool:
    return bool(one.short_key) and one.short_key in (other.short_key, other.core, other.key)


def candidates_among(wanted: Named, known: Iterable[Named], most: int = 5) -> list[Match]:
    """Return the records that may be the one asked about, the surest first."""
    found = [
        Match(record.id, record.name, record.code, alike[1], alike[0])
        for record in known
        if record.id != wanted.id and (alike := why_alike(wanted, record))
    ]
    return sorted(found, key=lambda match: (-match.score, match.id))[:most]


@dataclass(frozen=True)
class Pair:
    """Two records that look like one enterprise; the smaller id first."""

    first: Named
    second: Named
    score: float
    why: Why


def sweep(records: Sequence[Named], most: int) -> list[Pair]:
    """Return the pairs that look like one enterprise, the surest first, at most so many.

    Records are compared when they share a key (name, former name, core or short name) or an address, and
    provisional ones with every record that shares two characters in a row.
    """
    known = {record.id: record for record in records}
    pairs = {}
    for first, second in _worth_comparing(records):
        couple = (min(first, second), max(first, second))
        if couple not in pairs and (alike := why_alike(known[couple[0]], known[couple[1]])):
            pairs[couple] = Pair(known[couple[0]], known[couple[1]], alike[1], alike[0])
        if len(pairs) >= most:
            break
    return sorted(pairs.values(), key=lambda pair: (-pair.score, pair.first.id, pair.second.id))


def _worth_comparing(records: Sequence[Named]) -> Iterator[tuple[int, int]]:
    for ids in _groups(records, _keys):
        yield from ((ids[0], other) for other in ids[1:])
        yield from combinations(ids[1:MOST_OF_A_KEY], 2)
    for ids in _groups(records, _place):
        yield from combinations(ids[:MOST_OF_A_KEY], 2)
    yield from _near_provisional(records)


def _groups(records: Sequence[Named], keys: Callable[[Named], Iterable[str]]) -> Iterator[list[int]]:
    found: dict[str, list[int]] = {}
    for record in records:
        for key in keys(record):
            found.setdefault(key, []).append(record.id)
    return (ids for ids in found.values() if len(ids) > 1)


def _keys(record: Named) -> set[str]:
    return {record.key, record.core, record.short_key, *record.former_keys} - {""}


def _place(record: Named) -> list[str]:
    return [record.place] if record.place else []


def _near_provisional(records: Sequence[Named]) -> Iterator[tuple[int, int]]:
    wanted = [record for record in records if record.is_provisional][:MOST_PROVISIONAL]
    for record, others in nearest(wanted, records).items():
        yield from ((record, other) for other in others)


def sharing_a_key(wanted: Sequence[Named], known: Sequence[Named]) -> dict[int, list[int]]:
    """Return, for each of a few records, the known ones that go by one of its names."""
    asked = {key for record in wanted for key in _keys(record)}
    holders: dict[str, list[int]] = {}
    for record in known:
        for key in _keys(record) & asked:
            holders.setdefault(key, []).append(record.id)
    return {
        record.id: [i for key in sorted(_keys(record)) for i in holders.get(key, ()) if i != record.id]
        for record in wanted
    }


def nearest(wanted: Sequence[Named], known: Sequence[Named]) -> dict[int, list[int]]:
    """Return, for each of a few records, the known ones whose core shares enough runs of characters."""
    asked: dict[str, list[int]] = {}
    for record in wanted:
        for run in _runs(record.core):
            asked.setdefault(run, []).append(record.id)
    enough = {record.id: len(_runs(record.core)) / 3 for record in wanted}
    found: dict[int, list[int]] = {record.id: [] for record in wanted}
    for record in known:
        for wanted_id, number in _hits(record.core, asked).items():
            if number >= enough[wanted_id] and wanted_id != record.id:
                found[wanted_id].append(record.id)
    return found


def _runs(core: str) -> list[str]:
    """The runs by which a core is looked for: of three characters, of a short core of two."""
    length = 3 if len(core) >= LONG_CORE else 2
    return [core[n : n + length] for n in range(len(core) - length + 1)]


def _hits(core: str, asked: dict[str, list[int]]) -> dict[int, int]:
    hits: dict[int, int] = {}
    for n in range(len(core) - 1):
        for run in {core[n : n + 2], core[n : n + 3]}:
            for wanted_id in asked.get(run, ()):
                hits[wanted_id] = hits.get(wanted_id, 0) + 1
    return hits
