"""A notice as a message of its own: subject, text and HTML, with the way to the record."""

from flask import current_app
from flask_babel import gettext

from visits.core.addresses import whole_address
from visits.core.catalogues import in_language
from visits.core.settings import get_setting
from visits.core.subjects import page_of
from visits.inbox.models import KIND_LABELS, Notice
from visits.inbox.words import sentence_of


def message_of(notice: Notice, code: str, is_confidential: bool) -> tuple[str, str, str]:
    """What is sent of a notice in a language: subject, text, HTML.

    It goes through other houses' servers and into groups: of what is confidential it says the number only.
    """
    with in_language(code):
        endpoint, values = page_of(notice.subject_type, notice.subject_id) or ("home.index", {})
        address = whole_address(endpoint, **values)
        label, number = gettext(KIND_LABELS[notice.kind]), notice.params.get("number", "")
        subject = gettext("%(kind)s: %(number)s", kind=label, number=number) if number else label
        kept = gettext("%(subject)s (confidential)", subject=subject)
        said = kept if is_confidential else sentence_of(notice)
        return subject, *letter_of(subject, said, address, code)


def letter_of(subject: str, said: str, address: str, code: str) -> tuple[str, str]:
    """A sentence with the way to where more is said, in the language spoken: text, HTML."""
    more = gettext("Sign in to the system to read more.")
    told = {"subject": subject, "said": said, "address": address, "language": code}
    html = current_app.jinja_env.get_template("email/notice.html").render(
        zone=get_setting("zone_name"), **told
    )
    return f"{said}\n\n{more} {address}".rstrip(), html
