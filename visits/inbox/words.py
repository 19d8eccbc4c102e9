"""A notice in words: its sentence in the reader's language, and by whom it comes."""

from datetime import date
from typing import Any

from flask_babel import gettext

from visits.core.authz import ENTERPRISE
from visits.core.markup import day
from visits.inbox.models import Notice

BY = "by"  # among the values of a notice: who acted where it was nobody with an account


def sentence_of(notice: Notice) -> str:
    """What a notice says, in the language of the moment."""
    return gettext(notice.said, **{name: _word(name, value) for name, value in notice.params.items()})


def _word(name: str, value: Any) -> Any:
    if name.endswith("_on") and value:
        return day(date.fromisoformat(value))
    return gettext(value) if name.endswith("_label") and value else value


def who_acted(notice: Notice, name: str | None) -> str:
    """By whom a notice comes: a person, the enterprise by its link, or the program itself."""
    if notice.actor_id is not None:
        return name or ""
    return gettext("The enterprise") if notice.params.get(BY) == ENTERPRISE.name else gettext("System")
