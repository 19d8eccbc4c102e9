"""Invents names and texts, the same for the same seed."""

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

SEEDS = Path(__file__).parents[3] / "seeds"
SHORTEST, LONGEST = 50, 400


def _read(zone: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SEEDS / zone / "texts.json").read_text(encoding="utf-8"))
    return found


class Texts:
    """The words of the demo zone, and more of them."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.words = _read("demo") | _read("load")

    def pick(self, key: str) -> str:
        """One of the texts under a key, filled in."""
        return self._filled(self.dice.choice(self.words[key]))

    def _filled(self, text: str) -> str:
        dice = self.dice
        return text.format(n=dice.randint(2, 9), m=dice.randint(10, 99), trade=self._trade())

    def _trade(self) -> str:
        found: str = self.dice.choice(self.words["firm_trades"])
        return found

    def person(self) -> str:
        """The name of a person."""
        return self.dice.choice(self.words["surnames"]) + self.pick("given")

    def firms(self, many: int) -> list[str]:
        """Names of enterprises, all different; of many, those above the first few thousand are longer."""
        words = self.words["firm_words"]
        short = self._named(words)
        if many <= len(short):
            return self.dice.sample(short, many)
        pairs = [first + second for first in words for second in words if first != second]
        longer = self.dice.sample(self._named(pairs), many - len(short))
        return self.dice.sample([*short, *longer], many)

    def _named(self, words: Sequence[str]) -> list[str]:
        """Every place and trade with each of these words."""
        return [
            f"{place}{word}{trade}有限公司"
            for place in self.words["firm_places"]
            for word in words
            for trade in self.words["firm_trades"]
        ]

    def problem(self) -> tuple[str, str, str]:
        """A category's code, a title and a description of 50 to 400 characters."""
        code = self.dice.choice([*self.words["problems"], "talent", "finance", "policy"])
        title, core = map(self._filled, self.dice.choice(self.words["problems"][code]))
        wanted = self.dice.randint(SHORTEST, LONGEST - 60)
        text = self.pick("openings") + core
        while len(text) < wanted:
            text += self.pick(self.dice.choice(("causes", "effects", "asks")))
        return code, title, text[:LONGEST]

    def summary(self) -> str:
        """What a visit's author writes of it."""
        text = self.pick("summaries")
        for _ in range(self.dice.choice((0, 0, 1, 2, 4))):
            text += self.pick("remarks")
        return text
