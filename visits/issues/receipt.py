"""The receipt (受理回执) as content: what an enterprise takes home, with the way to follow its problem."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import segno
from flask_babel import gettext

from visits.core.clock import today
from visits.core.documents import Block, Facts, Note, Sheet, Signed, Text
from visits.issues.models import Issue
from visits.issues.progress import WITH_UNIT

Rows = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ReceiptFacts:
    """What stands on a receipt: `row` as the problem's page shows it, the zone, the office's phone."""

    row: Any
    zone: str
    phone: str


def receipt_of(facts: ReceiptFacts) -> Sheet:
    """Write the receipt; it names a due date only once a unit has the problem."""
    blocks: list[Block] = [
        Facts(tuple(_rows(facts))),
        Text(
            gettext(
                "Scan the code with a phone to see how far the problem is, what you are told, and to say "
                "whether you are content with the result. No account is needed."
            )
        ),
        Note(
            gettext(
                "Whoever has this code answers for the enterprise: keep it. It stays good until 30 days "
                "after the closing; a new one makes it useless."
            )
        ),
        Signed((facts.zone, today().isoformat())),
    ]
    return Sheet(facts.zone + gettext("Receipt for a problem of an enterprise"), blocks)


def _rows(facts: ReceiptFacts) -> Iterator[Rows]:
    issue: Issue = facts.row.Issue
    yield (
        (gettext("Number"), issue.number),
        (gettext("Day registered"), issue.registered_on.isoformat()),
    )
    yield ((gettext("Enterprise"), facts.row.enterprise),)
    yield ((gettext("Problem"), f"{issue.title}\n{issue.description}"),)
    if issue.wish:
        yield ((gettext("What the enterprise wishes"), issue.wish),)
    if issue.state in WITH_UNIT and issue.due_on is not None:
        yield (
            (gettext("Unit in charge"), facts.row.lead_unit),
            (gettext("Result promised by"), issue.due_on.isoformat()),
        )
    if facts.phone:
        yield ((gettext("Phone of the office"), facts.phone),)


def qr_code(address: str) -> str:
    """The address as a QR code: an image that needs no other request."""
    return str(segno.make(address, error="m").svg_data_uri(scale=4, border=2))
