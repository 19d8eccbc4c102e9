"""Which records read almost the same: told first by the pairs of characters, then by the whole texts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise

from visits.core.folding import folded
from visits.honesty.rules import NAMED, Doubt, Kind, Record

LEAST = 20  # characters, without signs and blanks, below which texts say too little to be compared
ALIKE = 0.90
NEAR = 0.75  # of the pairs of characters, below which no text is compared in full
COMPARED = 1000  # characters of a text that are compared
REACH = timedelta(days=90)


@dataclass(frozen=True)
class Words:
    """A record with its text as it is compared: names of the enterprises, signs and blanks left out."""

    record: Record

    @cached_property
    def text(self) -> str:
        """The letters and digits of the text."""
        text = folded(self.record.summary[: 2 * COMPARED])
        for name in self.record.names:
            text = text.replace(folded(name), "")
        return "".join(c for c in text if c.isalnum())[:COMPARED]

    @cached_property
    def pairs(self) -> frozenset[str]:
        """The pairs of neighbouring characters."""
        return frozenset(a + b for a, b in pairwise(self.text))


def likeness(one: Words, other: Words) -> float:
    """Say how alike two texts are, from 0 to 1."""
    return SequenceMatcher(None, one.text, other.text, autojunk=False).ratio()


def _nearness(one: Words, other: Words) -> float:
    return 2 * len(one.pairs & other.pairs) / (len(one.pairs) + len(other.pairs))


def same_texts(records: Iterable[Record], asked_ids: frozenset[int]) -> Iterator[Doubt]:
    """Of the records asked about, those that read like an earlier one of the author or of the group."""
    by_author: dict[int, list[Words]] = {}
    by_group: dict[int | None, list[Words]] = {}
    for record in sorted(records, key=lambda r: r.id):
        words = Words(record)
        if len(words.text) < LEAST:
            continue
        if record.id in asked_ids:
            near = by_author.get(record.author_id, []) + by_group.get(record.group_id, [])
            yield from _doubt_about(words, {other.record.id: other for other in near})
        by_author.setdefault(record.author_id, []).append(words)
        if record.group_id is not None:
            by_group.setdefault(record.group_id, []).append(words)


def _doubt_about(words: Words, near: dict[int, Words]) -> Iterator[Doubt]:
    record, length = words.record, len(words.text)
    rated = (
        (_nearness(words, other), -key)
        for key, other in near.items()
        if 0.8 * length <= len(other.text) <= 1.25 * length
        and abs(record.recorded_on - other.record.recorded_on) <= REACH
    )
    best = sorted((pair for pair in rated if pair[0] >= NEAR), reverse=True)[:NAMED]
    alike = [near[-key].record for _, key in best if likeness(words, near[-key]) >= ALIKE]
    if alike:
        first = alike[0]
        said = {"day": first.visited_on.isoformat(), "firms": first.names[:NAMED], "count": len(alike)}
        about = (record.id, *(other.id for other in alike))
        yield Doubt(Kind.SAME_TEXT, str(record.id), record.author_id, about, said)
