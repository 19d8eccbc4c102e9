"""The assignment slip (交办单) as content: what a unit is told of a problem, on paper."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from visits.core.clock import now
from visits.core.documents import Block, Facts, Note, Sheet
from visits.core.markup import moment
from visits.core.periods import local_date
from visits.issues.confidence import KEPT
from visits.issues.models import COMPLEXITY_LABELS, URGENCY_LABELS, Dispatch, DispatchKind, Issue

Rows = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SlipFacts:
    """What stands on a slip: `row` as the problem's page shows it, its running tasks, who assigned it."""

    row: Any
    tasks: Sequence[Any]
    firm: Any
    order: Any
    phone: str
    zone: str
    printed_by: str

    @property
    def lead(self) -> Dispatch:
        """The task of the unit in charge."""
        return next(task.Dispatch for task in self.tasks if task.Dispatch.kind is DispatchKind.LEAD)


def slip_of(facts: SlipFacts) -> Sheet:
    """Write the slip of an assigned problem."""
    mark = gettext("Printed %(at)s by %(who)s.", at=moment(now()), who=facts.printed_by)
    blocks: list[Block] = [Facts(tuple(_rows(facts))), Note(mark)]
    return Sheet(facts.zone + "\n" + gettext("Assignment slip for a problem of an enterprise"), blocks)


def _rows(facts: SlipFacts) -> Iterator[Rows]:
    issue: Issue = facts.row.Issue
    assigned_on = local_date(facts.lead.assigned_at).isoformat()
    yield (gettext("Number"), issue.number), (gettext("Assigned on"), assigned_on)
    yield from _enterprise(facts)
    kind = f"{gettext(COMPLEXITY_LABELS[issue.complexity])} · {gettext(URGENCY_LABELS[issue.urgency])}"
    yield (gettext("Category"), facts.row.category), (gettext("Complexity and urgency"), kind)
    yield ((gettext("Problem"), f"{issue.title}\n{issue.details}".rstrip()),)
    yield ((gettext("What the enterprise wishes"), issue.wish or "—"),)
    yield (
        (gettext("Unit in charge"), facts.row.lead_unit),
        (gettext("Due on"), facts.lead.due_on.isoformat()),
    )
    if co_units := _co_units(facts.tasks):
        yield ((gettext("Co-units"), co_units),)
    if facts.order is not None and facts.order.IssueMove.note:
        yield ((gettext("To the units"), facts.order.IssueMove.note),)
    yield ((gettext("Requirements"), _requirements(facts)),)
    yield (gettext("Assigned by"), _who(facts.order)), (gettext("Round"), str(issue.round))
    yield (gettext("Received by"), ""), (gettext("Received at"), "")


def _enterprise(facts: SlipFacts) -> Iterator[Rows]:
    """The enterprise and whom to speak with there; a confidential problem says neither."""
    issue: Issue = facts.row.Issue
    if issue.confidential:
        yield ((gettext("Enterprise"), gettext(KEPT)),)
        return
    yield (gettext("Enterprise"), facts.row.enterprise), (gettext("Credit code"), facts.firm.code or "—")
    yield ((gettext("Address"), _address(facts.firm)),)
    yield (gettext("Contact"), issue.reporter_name or "—"), (gettext("Phone"), facts.phone or "—")


def _address(firm: Any) -> str:
    return " ".join(filter(None, (firm.district, firm.street, firm.address))) or "—"


def _co_units(tasks: Sequence[Any]) -> str:
    lines = [
        gettext(
            "%(unit)s: answers to the unit in charge by %(day)s", unit=task.unit, day=task.Dispatch.due_on
        )
        for task in tasks
        if task.Dispatch.kind is DispatchKind.CO
    ]
    return "\n".join(lines)


def _who(order: Any) -> str:
    return "·".join(filter(None, (order.unit, order.who))) if order is not None else "—"


def _requirements(facts: SlipFacts) -> str:
    lead = facts.lead
    said = []
    if lead.sign_due:
        said.append(
            gettext(
                "Sign for receipt by %(day)s; what is not yours, return with reasons by that day.",
                day=lead.sign_due,
            )
        )
    if lead.contact_due:
        said.append(gettext("Speak with the enterprise by %(day)s.", day=lead.contact_due))
    said.append(
        gettext("Report the result in the system by %(day)s, and tell the enterprise.", day=lead.due_on)
    )
    return "\n".join(f"{number}. {sentence}" for number, sentence in enumerate(said, start=1))
