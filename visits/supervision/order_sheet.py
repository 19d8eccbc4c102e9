"""The supervision order (督办单) as content, for the printer and for Word: what is demanded of which unit.

The red head, the document number of the office and the seal are its own system's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from visits.core.clock import now, today
from visits.core.documents import Block, Facts, Grid, Heading, Note, Sheet, Signed, Text
from visits.core.markup import moment
from visits.core.workdays import Calendar
from visits.issues.confidence import firm_in_file
from visits.issues.states import STATE_LABELS
from visits.supervision.models import COLOUR_LABELS, Order
from visits.supervision.queries.orders import standing_of
from visits.supervision.queries.stood import as_it_stood
from visits.supervision.wording import standing_words


@dataclass(frozen=True)
class SheetFacts:
    """What stands on an order: `row` as its page shows it, its problems, its replies, who prints it."""

    row: Any
    problems: Sequence[Any]
    replies: Sequence[Any]
    calendar: Calendar
    zone: str
    printed_by: str


def sheet_of(facts: SheetFacts) -> Sheet:
    """Write an order down as a document."""
    return Sheet(
        facts.zone + "\n" + gettext("Supervision order for problems of enterprises"), list(_blocks(facts))
    )


def _blocks(facts: SheetFacts) -> Iterator[Block]:
    order: Order = facts.row.Order
    yield Facts(
        (
            ((gettext("Number"), order.number), (gettext("Issued on"), order.issued_on.isoformat())),
            (
                (gettext("To which unit"), facts.row.unit),
                (gettext("Colour"), gettext(COLOUR_LABELS[order.colour])),
            ),
            (
                (gettext("Reply due on"), order.due_on.isoformat()),
                (gettext("Problems"), str(len(facts.problems))),
            ),
        )
    )
    yield Heading(gettext("I. Why it is issued"))
    yield Text(order.reason)
    yield Heading(gettext("II. The problems"))
    yield _problems(facts)
    yield Heading(gettext("III. What is demanded"))
    yield Text(order.demand)
    yield Text(
        gettext(
            "Reply in the system by %(day)s; the reply is judged before the order is closed.",
            day=order.due_on,
        )
    )
    yield from _replies(facts)
    yield Signed((facts.row.issuer or gettext("System"), order.issued_on.isoformat()))
    yield Note(gettext("Printed %(at)s by %(who)s.", at=moment(now()), who=facts.printed_by))


def _problems(facts: SheetFacts) -> Grid:
    """The problems as they stood when it was issued; as they stand today where that was not kept."""
    is_kept = all(row.stood for row in facts.problems)
    day = facts.row.Order.issued_on if is_kept else today()
    problems = [as_it_stood(row) if is_kept else row for row in facts.problems]
    head = (
        gettext("No."),
        gettext("Number"),
        gettext("Enterprise"),
        gettext("Problem"),
        gettext("How it stood when issued") if is_kept else gettext("How it stands"),
    )
    rows = [
        (
            str(place),
            row.number,
            firm_in_file(row),
            row.title,
            "，".join(
                [
                    gettext(STATE_LABELS[row.state]),
                    *standing_words(standing_of(row, facts.calendar, day), row, facts.calendar, day),
                ]
            ),
        )
        for place, row in enumerate(problems, 1)
    ]
    return Grid(head, tuple(rows), (2, 6, 7, 8, 6))


def _replies(facts: SheetFacts) -> Iterator[Block]:
    if not facts.replies:
        yield Facts(
            (
                ((gettext("Reply of the unit"), ""),),
                ((gettext("Replied by"), ""), (gettext("Replied at"), "")),
            )
        )
        return
    row, parts = facts.replies[0]
    yield Heading(gettext("IV. Reply of the unit"))
    yield Text(row.Reply.text)
    for part in parts:
        yield Text(f"{part.number} {part.title}：{part.text}")
    yield Text(
        gettext(
            "Replied %(at)s by %(who)s.", at=moment(row.Reply.replied_at), who=row.who or gettext("System")
        )
    )
