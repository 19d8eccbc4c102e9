"""The sentences of questions about records: what was noticed and what to check, never what it means."""

from datetime import date
from typing import Any

from flask_babel import gettext

from visits.core.i18n import N_
from visits.core.listing import parts
from visits.core.markup import day
from visits.honesty.models import KIND_LABELS
from visits.honesty.rules import Kind, times_of

SENTENCES = {
    Kind.SAME_TEXT: N_(
        "This record reads almost the same as that of %(day)s on %(firms)s. Please check whether it "
        "was copied and not changed afterwards."
    ),
    Kind.SAME_PHOTO: N_(
        "A photo of this record hangs on that of %(day)s on %(firms)s too. Please check whether the "
        "right photo was added."
    ),
    Kind.TWO_PLACES: N_(
        "At the same time (%(times)s) %(people)s took part in the visit to %(firms)s. Please check times "
        "and participants."
    ),
    Kind.MANY_FIRMS: N_(
        "On %(day)s %(people)s visited %(count)s enterprises on site by the records. Please check day, "
        "mode and participants."
    ),
    Kind.REST_DAY: N_("This visit is dated %(day)s, which is no working day. Please check the date."),
    Kind.LATE_BURST: N_(
        "On %(day)s %(count)s late entries were recorded. Please check days and participants of each."
    ),
    Kind.MONTH_END: N_(
        "All %(count)s visits of %(month)s were recorded on %(day)s. Please check days and participants "
        "of each."
    ),
    Kind.SILENT_RUN: N_(
        "From %(first)s to %(last)s, %(count)s enterprises in a row are recorded as having no problems. "
        "Please check whether a problem was not registered."
    ),
    Kind.DENIED: N_("Please check enterprise, day and participants of this record."),
}
# The same from the side of the other record, on whose page the one asked about has to be named.
FROM_THE_OTHER = {
    Kind.SAME_TEXT: N_(
        "The later record of %(day)s on %(firms)s reads almost the same as this one; its author is asked "
        "about it."
    ),
    Kind.SAME_PHOTO: N_(
        "A photo of this record hangs on the later one of %(day)s on %(firms)s too; the author of that one "
        "is asked about it."
    ),
    Kind.TWO_PLACES: N_(
        "At the same time, by the record of %(day)s (%(times)s), %(people)s took part in the visit to "
        "%(firms)s; the author of that record is asked about it."
    ),
}
DENIED_TO_OFFICE = N_("The enterprise says of this record that nobody came.")
PLAIN = N_("Please check a record")
DAYS = frozenset({"day", "first", "last"})
SHOWN = 3


def kind_of(question: Any, *, for_office: bool = False) -> str:
    """What a question is about (an English msgid); whoever is asked is not told what an enterprise said."""
    return KIND_LABELS[question.kind] if for_office or question.kind is not Kind.DENIED else PLAIN


def sentence_of(question: Any, *, for_office: bool = False) -> str:
    """What a question asks; who is asked is not told what an enterprise said."""
    if question.kind is Kind.DENIED and for_office:
        return gettext(DENIED_TO_OFFICE)
    said = {key: _plain(key, value) for key, value in question.said.items()}
    return gettext(SENTENCES[question.kind], **said)


def sentence_beside(question: Any, asked: Any) -> str:
    """What a question asks, for the page of another record than `asked`, the one it is about."""
    said = question.said | {
        "day": asked.visited_on.isoformat(),
        "firms": sorted(parts(asked.firms)),
        "times": times_of(asked.start_time, asked.end_time),
    }
    return gettext(
        FROM_THE_OTHER[question.kind], **{key: _plain(key, value) for key, value in said.items()}
    )


def _plain(key: str, value: Any) -> str:
    if key in DAYS:
        return day(date.fromisoformat(value))
    if isinstance(value, list):
        more = gettext(" and others") if len(value) > SHOWN else ""
        return gettext(", ").join(value[:SHOWN]) + more
    return str(value)
