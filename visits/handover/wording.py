"""How things handed over read on pages and on paper."""

from typing import Any

from flask_babel import gettext

from visits.core.i18n import N_
from visits.handover.models import HandoverItem, Kind
from visits.handover.states import HandoverState, ItemState
from visits.programmes.models import GROUP_ROLE_LABELS, GroupRole

ITEM_TONES = {
    ItemState.OFFERED: "info",
    ItemState.DECLINED: "warning",
    ItemState.ACCEPTED: "info",
    ItemState.DONE: "success",
    ItemState.LAPSED: "muted",
    ItemState.WITHDRAWN: "muted",
}
TONES = {
    HandoverState.RUNNING: "info",
    HandoverState.FINISHED: "success",
    HandoverState.WITHDRAWN: "muted",
}
WORD_HEADINGS = {
    Kind.LINK: N_("Programme"),
    Kind.MEMBERSHIP: N_("Role in the group"),
    Kind.ISSUE: N_("Note"),
    Kind.PLAN: N_("Purpose"),
    Kind.COMPANION: N_("Whose visit"),
    Kind.DEPUTY: N_("Why absent"),
}
DUE_HEADINGS = {
    Kind.ISSUE: N_("Due on"),
    Kind.FOLLOWED: N_("Due on"),
    Kind.PROMISE: N_("By when"),
    Kind.PLAN: N_("Planned for"),
    Kind.COMPANION: N_("Planned for"),
    Kind.DEPUTY: N_("There again on"),
}
PAGES = {
    Kind.LINK: ("home.enterprise_file", "enterprise_id"),
    Kind.MEMBERSHIP: ("programmes.group", "group_id"),
    Kind.ISSUE: ("issues.show", "issue_id"),
    Kind.FOLLOWED: ("issues.show", "issue_id"),
    Kind.PROMISE: ("outreach.show", "visit_id"),
    Kind.PLAN: ("home.enterprise_file", "enterprise_id"),
    Kind.COMPANION: ("home.enterprise_file", "enterprise_id"),
}


def word_of(item: HandoverItem) -> str:
    """What stands beside the name of a thing: the programme, the role, that information is asked for."""
    if item.kind is Kind.MEMBERSHIP:
        return gettext(GROUP_ROLE_LABELS[GroupRole(item.word)])
    if item.word == "needs_info":
        return gettext("Information is asked for")
    return item.word


def reason_of(item: HandoverItem) -> str:
    """Why a thing came back: in the receiver's words, or by which rule."""
    return gettext(item.reason) if item.is_set_aside else item.reason


def by_kind(rows: Any) -> list[tuple[Kind, list[Any]]]:
    """The things of a handover under their kinds, in the order of the kinds."""
    found: dict[Kind, list[Any]] = {kind: [] for kind in Kind}
    for row in rows:
        found[row.HandoverItem.kind].append(row)
    return [(kind, of_kind) for kind, of_kind in found.items() if of_kind]
