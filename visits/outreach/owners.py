"""Who is to keep a promise: a person of the office where the name means one, else the name as typed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import StringField

from visits.core.forms import text

LONGEST = 60


@dataclass(frozen=True)
class Owner:
    """A name, and the person of the office it means, if any."""

    name: str = ""
    person_id: int | None = None

    @classmethod
    def meant(cls, typed: str | None, people: Iterable[tuple[int, str]]) -> Self:
        """Read what was picked or typed; `people` are (id, name and unit). A shared name means nobody."""
        typed, known = typed or "", list(people)
        exact = [person_id for person_id, label in known if label == typed and name_in(label) != label]
        named = [person_id for person_id, label in known if name_in(label) == typed]
        if exact:
            return cls(name_in(typed), exact[0])
        return cls(typed, named[0] if len(named) == 1 else None)

    def fits(self, field: Any) -> bool:
        """Complain at the field where the name is too long to be kept."""
        if len(self.name) > LONGEST:
            field.errors = [*field.errors, gettext("At most %(max)d characters.", max=LONGEST)]
            return False
        return True


def name_in(label: str) -> str:
    """The name in a label of name and unit."""
    return label.split("（", 1)[0]


def owner_field() -> StringField:
    """The field of who does it; its list of names is the page's."""
    return text(_l("Who does it"), 150)
