"""Pure questions about supervision: colours, when replies are late, how a sample is drawn."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from visits.core.i18n import N_
from visits.core.workdays import Calendar, workdays_between
from visits.issues.rules import Light, Tone, light_for

RETURNED_OFTEN = 2
REPLY_WITHIN = (1, 2, 3, 5, 7, 10, 15)
USUAL_REPLY = 3
SHARE, LEAST = 10, 5  # a tenth of the month, five at least
ON_SPOT_WEIGHT = 2
MONTHS = 6


class Colour(StrEnum):
    """How grave an order is; its words say the same (宿迁 three colours)."""

    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"


class Kind(StrEnum):
    """What is drawn."""

    ISSUE = "issue"
    VISIT = "visit"


@dataclass(frozen=True)
class Standing:
    """How a problem stands, as far as the colour of an order asks."""

    is_overdue: bool = False
    is_stalled: bool = False
    is_rated_badly: bool = False
    returns: int = 0


@dataclass(frozen=True)
class Drawable:
    """A record that may be drawn; one of weight 2 is about twice as likely to be."""

    kind: Kind
    key: int
    weight: int = 1


def colour_for(problems: Iterable[Standing]) -> Colour:
    """The colour an order over these problems deserves: that of the worst of them."""
    standing = list(problems)
    if any(one.is_overdue for one in standing):
        return Colour.RED
    if any(one.is_stalled or one.is_rated_badly or one.returns >= RETURNED_OFTEN for one in standing):
        return Colour.YELLOW
    return Colour.BLUE


def reply_light(due_on: date, today: date, calendar: Calendar) -> Light:
    """How a reply that has not come stands to its day, in words."""
    if due_on < today:
        late = workdays_between(due_on, today, calendar)
        words = N_("Reply %(days)d working days overdue") if late else N_("Reply overdue")
        return Light(Tone.RED, words, {"days": late})
    return light_for(due_on, today, calendar)


def order_number(year: int, count: int) -> str:
    """The number of the count-th order of a year."""
    return f"DB{year:04d}-{count:03d}"


def sample_size(total: int) -> int:
    """How many of so many records are checked: a tenth, rounded up, five at least, never more than all."""
    return min(total, max(LEAST, -(-total * SHARE // 100)))


def drawn(population: Sequence[Drawable], seed: int) -> list[Drawable]:
    """Draw the sample of a population; the same seed draws the same.

    Each record gets a random number u and the key u^(1/weight); the highest keys are drawn (Efraimidis and
    Spirakis 2006: weighted, without putting back). The order of the population does not matter.
    """
    ranked = sorted(population, key=lambda one: (one.kind, one.key))
    chance = random.Random(seed)
    keys = {one: chance.random() ** (1 / one.weight) for one in ranked}
    return sorted(ranked, key=lambda one: keys[one], reverse=True)[: sample_size(len(ranked))]


def rate(confirmed: int, checked: int) -> float | None:
    """The share found true of what was checked (抽查属实率); nothing checked has none."""
    return confirmed / checked if checked else None
