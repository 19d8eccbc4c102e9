"""The receipt (受理回执) as content: what an enterprise takes home, with the way to follow its problem."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import segno
from flask_babel import gettext

from visits.core.documents import Block, Facts, Sheet
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
    blocks: list[Block] = [Facts(tuple(_rows(facts)))]
    return Sheet(facts.zone + "\n" + gettext("Receipt for a problem of an enterprise"), blocks)


def _rows(facts: ReceiptFacts) -> Iterator[Rows]:
    issue: Issue = facts.row.Issue
    yield (
        (gettext("Number"), issue.number),
        (gettext("Day registered"), issue.registered_on.isoformat()),
    )
    yield ((gettext("Enterprise"), facts.row.enterprise),)
    yield ((gettext("Problem"), f"{issue.title}\n{issue.details}".rstrip()),)
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
