"""Pure questions about meetings: numbers, lists of names, when one is due."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from visits.core.i18n import N_
from visits.core.workdays import Calendar, workdays_between

MANY_UNITS, MANY_RETURNS, LONG_OVERDUE = 3, 2, 5
MANY_FIRMS, SAME_DAYS = 3, 30
MOST_AT_ONCE = 30
BRIEF = 160
PARTS = re.compile(r"[,，、;；\t|]+")
DIGITS = "零一二三四五六七八九"


class Reason(StrEnum):
    """Why a meeting on a problem is due."""

    FLAG = "flag"
    UNITS = "units"
    RETURNS = "returns"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Stuck:
    """What tells of one problem whether a meeting on it is due."""

    units: int
    returns: int
    days_late: int
    has_flag: bool


REASON_TEXTS = {
    Reason.FLAG: N_("a red flag is raised"),
    Reason.UNITS: N_("%(count)d units are concerned"),
    Reason.RETURNS: N_("returned %(count)d times"),
    Reason.OVERDUE: N_("%(count)d working days overdue"),
}


def reasons_for(stuck: Stuck) -> list[tuple[Reason, int]]:
    """The reasons for a meeting, with the number each names; none when no meeting is due."""
    asked = (
        (Reason.FLAG, int(stuck.has_flag), 1),
        (Reason.UNITS, stuck.units, MANY_UNITS),
        (Reason.RETURNS, stuck.returns, MANY_RETURNS),
        (Reason.OVERDUE, stuck.days_late, LONG_OVERDUE + 1),
    )
    return [(reason, count) for reason, count, least in asked if count >= least]


def long_overdue_before(today: date, calendar: Calendar) -> date:
    """Problems due before this day are more than five working days overdue today."""
    day = today
    while workdays_between(day, today, calendar) <= LONG_OVERDUE:
        day -= timedelta(days=1)
    return day + timedelta(days=1)


@dataclass(frozen=True)
class Guest:
    """Somebody on the list of a meeting: unit, name, post."""

    unit: str
    name: str
    post: str = ""


def read_guests(text: str) -> tuple[list[Guest], list[int]]:
    """Read a list of people, one a line, as people paste it: unit, name and if wanted post.

    Returns the people and the numbers of the lines that do not say both unit and name.
    """
    guests: list[Guest] = []
    odd: list[int] = []
    for number, line in enumerate(text.splitlines(), start=1):
        parts = [part.strip() for part in PARTS.split(line)] if line.strip() else []
        words = [part for part in parts if part]
        if len(words) in {2, 3} and all(len(word) <= 60 for word in words):
            guests.append(Guest(*words))
        elif parts:
            odd.append(number)
    return guests, odd


def written_guests(guests: Iterable[Guest]) -> str:
    """The same list as text, one a line."""
    return "\n".join("，".join(filter(None, (guest.unit, guest.name, guest.post))) for guest in guests)


def shortened(text: str, most: int = BRIEF) -> str:
    """The first words of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def chinese_number(number: int) -> str:
    """A number below a hundred as headings of official documents write it: 一、十、十二、二十."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("" if tens == 1 else DIGITS[tens]) + "十"
    return head + (DIGITS[ones] if ones or not tens else "")
