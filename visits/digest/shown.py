"""A digest as pages and mails show it: its sections in the reader's language, with addresses."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext

from visits.core.i18n import N_
from visits.digest.queries import BY_KEY

KEPT = N_("Confidential: read it in the system")
Address = Callable[..., str]


@dataclass(frozen=True)
class Line:
    """One row: number and name, the day it is due, whether that day is over, its page."""

    number: str
    name: str
    due: date | None
    is_late: bool
    url: str


@dataclass(frozen=True)
class Shown:
    """One section: its title, the absent colleague if it is theirs, the first rows, where all stand.

    Rows that an earlier section names already are only counted, in `above`.
    """

    title: str
    behalf: str
    total: int
    lines: tuple[Line, ...]
    above: int
    url: str

    @property
    def more(self) -> int:
        """How many rows are named nowhere."""
        return self.total - self.above - len(self.lines)


def shown_sections(
    content: dict[str, Any], day: date, address: Address, *, leaves_house: bool = False
) -> Iterator[Shown]:
    """The sections of a digest; `address` makes links, empty ones where the site's address is not known.

    In what leaves the house problems whose enterprise's name is kept go by their numbers only.
    """
    named: set[tuple[str, int]] = set()
    for section in content["sections"]:
        part = BY_KEY.get(section["key"])
        page, argument = part.page if part else ("", "")
        new = [row for row in section["items"] if (page, row[0]) not in named]
        named |= {(page, row[0]) for row in new}
        lines = []
        for ref, number, name, due, is_confidential in new:
            due_on = date.fromisoformat(due) if due else None
            url = address(page, **{argument: ref}) if page else ""
            said = gettext(KEPT) if leaves_house and is_confidential else name
            lines.append(Line(number, said, due_on, bool(due_on and due_on < day), url))
        title, behalf, total = (section[key] for key in ("title", "behalf", "total"))
        list_url = address(part.shown_at[0], **part.shown_at[1]) if part and not behalf else ""
        above = len(section["items"]) - len(new)
        yield Shown(gettext(title), behalf, total, tuple(lines), above, list_url)
