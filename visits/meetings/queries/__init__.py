"""Every reading of meetings: who may see which, their pages, what is proposed, which problems need one."""

from visits.meetings.queries.agendas import (
    Agenda,
    Item,
    agenda_issue_ids,
    agenda_of,
    get_item,
    get_item_issue,
    items_in_order,
)
from visits.meetings.queries.proposals import (
    Concerned,
    brief_facts,
    concerned_by,
    eligible_issues,
    open_meetings,
    readable_issues,
)
from visits.meetings.queries.reading import (
    coming_for,
    get_visible,
    group,
    invited_ids,
    invited_to,
    led,
    list_attendees,
    soon,
    unit,
    visible_to,
)

__all__ = [
    "Agenda",
    "Concerned",
    "Item",
    "agenda_issue_ids",
    "agenda_of",
    "brief_facts",
    "coming_for",
    "concerned_by",
    "eligible_issues",
    "get_item",
    "get_item_issue",
    "get_visible",
    "group",
    "invited_ids",
    "invited_to",
    "items_in_order",
    "led",
    "list_attendees",
    "open_meetings",
    "readable_issues",
    "soon",
    "unit",
    "visible_to",
]
