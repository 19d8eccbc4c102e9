"""What a meeting takes up, as each reader may see it, and how far its conclusions have come."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.accounts.models import Unit
from visits.core.authz import Actor
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import NotFound
from visits.enterprises.models import Enterprise
from visits.issues import queries as issues
from visits.issues.confidence import named_to
from visits.issues.models import Duty, Issue
from visits.meetings.models import AgendaItem


@dataclass(frozen=True)
class Item:
    """One item of an agenda; what a reader may not read has only its place."""

    place: int
    row: Any

    @property
    def is_open(self) -> bool:
        """Whether the reader may read the problem."""
        return bool(self.row.is_readable)

    @property
    def item(self) -> AgendaItem:
        """The item itself."""
        return self.row.AgendaItem

    @property
    def duty(self) -> Duty | None:
        """The duty its conclusion set, unless that was cancelled."""
        duty: Duty | None = self.row.Duty
        return duty if duty is not None and duty.cancelled_at is None else None

    @property
    def standing(self) -> str:
        """How its duty stands: done, overdue, running, or none."""
        if self.duty is None:
            return "none"
        if self.duty.done_at is not None:
            return "done"
        return "overdue" if self.duty.due_on < today() else "running"


@dataclass(frozen=True)
class Agenda:
    """The items of a meeting in their order."""

    items: Sequence[Item]

    @property
    def readable(self) -> list[Item]:
        """The items the reader may read."""
        return [item for item in self.items if item.is_open]

    def count(self, *standings: str) -> int:
        """How many duties of readable items stand so."""
        return sum(item.standing in standings for item in self.readable)


def agenda_of(actor: Actor, meeting_id: int) -> Agenda:
    """The items of a meeting, each with its problem, its duty and whether this person may read it."""
    lead, handling = aliased(Unit), aliased(Unit)
    rows = db.session.execute(
        sa.select(
            AgendaItem,
            Duty,
            *(getattr(Issue, name) for name in ("number", "title", "state", "due_on", "confidential")),
            named_to(actor).label("enterprise"),
            lead.name.label("unit"),
            handling.name.label("lead_unit"),
            (issues.visible_to(actor) | sa.literal(False)).label("is_readable"),
        )
        .join(Issue, Issue.id == AgendaItem.issue_id)
        .join(Enterprise, Enterprise.id == Issue.enterprise_id)
        .outerjoin(Duty, Duty.id == AgendaItem.duty_id)
        .outerjoin(lead, lead.id == AgendaItem.lead_unit_id)
        .outerjoin(handling, handling.id == Issue.lead_unit_id)
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(AgendaItem.position, AgendaItem.id)
    )
    return Agenda([Item(place, row) for place, row in enumerate(rows, start=1)])


def items_in_order(meeting_id: int) -> list[AgendaItem]:
    """The items of a meeting."""
    return list(
        db.session.scalars(
            sa.select(AgendaItem)
            .where(AgendaItem.meeting_id == meeting_id)
            .order_by(AgendaItem.position, AgendaItem.id)
        )
    )


def agenda_issue_ids(meeting_id: int) -> set[int]:
    """The problems on a meeting's agenda."""
    return set(
        db.session.scalars(sa.select(AgendaItem.issue_id).where(AgendaItem.meeting_id == meeting_id))
    )


def get_item(actor: Actor, meeting_id: int, item_id: int) -> Item:
    """One item of a meeting; raise NotFound where there is none, or not for this person."""
    for item in agenda_of(actor, meeting_id).readable:
        if item.item.id == item_id:
            return item
    raise NotFound()


def get_item_issue(actor: Actor, item: AgendaItem) -> Issue:
    """The problem of an item; raise NotFound where this person may not read it."""
    return issues.get_visible(actor, item.issue_id)
