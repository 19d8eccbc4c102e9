"""The handover sheet (工作交接单) as content, for the printer and for Word: what went from whom to whom."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from visits.core.clock import now
from visits.core.documents import Block, Facts, Grid, Heading, Note, Sheet
from visits.core.markup import moment
from visits.handover.models import KIND_LABELS, Handover, Kind
from visits.handover.states import HANDOVER_STATE_LABELS, ITEM_STATE_LABELS
from visits.handover.wording import by_kind, reason_of, word_of

NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class SheetFacts:
    """What stands on a sheet: the handover and its things as its page shows them, who prints it."""

    row: Any
    items: Sequence[Any]
    contacts: Mapping[int, str]
    zone: str
    printed_by: str


def sheet_of(facts: SheetFacts) -> Sheet:
    """Write a handover down as a document."""
    return Sheet(facts.zone + "\n" + gettext("Handover sheet"), list(_blocks(facts)))


def _blocks(facts: SheetFacts) -> Iterator[Block]:
    handover: Handover = facts.row.Handover
    yield Facts(
        (
            (
                (gettext("Who hands over"), facts.row.leaver),
                (gettext("Who takes over"), facts.row.receiver),
            ),
            (
                (gettext("From which day on"), handover.from_on.isoformat()),
                (gettext("State"), gettext(HANDOVER_STATE_LABELS[handover.state])),
            ),
            ((gettext("Reason"), handover.reason),),
        )
    )
    for place, (kind, rows) in enumerate(by_kind(facts.items)):
        title = gettext(KIND_LABELS[kind])
        yield Heading(
            gettext(
                "%(numeral)s. %(title)s (%(count)d)", numeral=NUMERALS[place], title=title, count=len(rows)
            )
        )
        yield _grid(kind, rows, facts.contacts)
    yield Facts(
        tuple(
            ((label, ""), (gettext("Date"), ""))
            for label in (
                gettext("Handed over by (signature)"),
                gettext("Taken over by (signature)"),
                gettext("Witnessed by (signature)"),
            )
        )
    )
    yield Note(gettext("Printed %(at)s by %(who)s.", at=moment(now()), who=facts.printed_by))


def _grid(kind: Kind, rows: Sequence[Any], contacts: Mapping[int, str]) -> Grid:
    head = (
        gettext("No."),
        gettext("What it is about"),
        gettext("Details"),
        gettext("Who takes over"),
        gettext("State"),
    )
    lines = []
    for place, row in enumerate(rows, 1):
        item = row.HandoverItem
        firm = row.enterprise if row.enterprise and row.enterprise != item.name else ""
        due = item.due_on.isoformat() if item.due_on else ""
        people = contacts.get(item.enterprise_id, "") if kind is Kind.LINK else ""
        details = "；".join(filter(None, (firm, word_of(item), due, people, reason_of(item))))
        receiver = "" if item.is_set_aside else row.receiver
        state = gettext(ITEM_STATE_LABELS[item.state])
        if item.done_on:
            state = f"{state} {item.done_on}"
        lines.append((str(place), item.name, details, receiver, state))
    return Grid(head, tuple(lines), (2, 10, 7, 3, 6))
