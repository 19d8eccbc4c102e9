"""A digest as a message: subject, text and HTML in the reader's language."""

from datetime import date
from typing import Any

from flask import current_app
from flask_babel import gettext

from visits.core.addresses import whole_address
from visits.core.catalogues import in_language
from visits.core.i18n import LANGUAGES
from visits.core.markup import day as day_text
from visits.core.settings import get_setting
from visits.digest.queries import Waiting
from visits.digest.shown import shown_sections
from visits.inbox.operations import Message

MOST_SECTIONS = 12
NAMED_IN_SUBJECT = 2


def message_for(waiting: Waiting, content: dict[str, Any], day: date) -> Message:
    """What goes to a person's addresses: the sections that press most, with a line about the rest."""
    language = waiting.language if waiting.language in LANGUAGES else None
    with in_language(language or current_app.config["BABEL_DEFAULT_LOCALE"]):
        every = list(shown_sections(content, day, whole_address, leaves_house=True))
        told = {
            "subject": _subject(every, day),
            "name": waiting.name,
            "day": day_text(day),
            "zone": get_setting("zone_name"),
            "sections": every[:MOST_SECTIONS],
            "left": sum(section.total for section in every[MOST_SECTIONS:]),
            "unread": content["unread"],
            "page_url": whole_address("digest.show", day=day.isoformat()),
            "inbox_url": whole_address("home.index"),
            "language": language or "zh",
        }
        texts = [_render(f"email/digest.{kind}", told) for kind in ("txt", "html")]
    return Message(told["subject"], *texts)


def _subject(sections: list[Any], day: date) -> str:
    named = gettext(", ").join(
        gettext("%(title)s (%(count)d)", title=section.title, count=section.total)
        for section in sections[:NAMED_IN_SUBJECT]
    )
    subject = gettext("Morning digest of %(day)s: %(named)s", day=day_text(day), named=named)
    return subject if len(sections) <= NAMED_IN_SUBJECT else gettext("%(said)s and more", said=subject)


def _render(name: str, told: dict[str, Any]) -> str:
    return current_app.jinja_env.get_template(name).render(**told)
