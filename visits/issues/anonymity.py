"""Who reads what an enterprise answered: the unit that handled its problem never does."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from visits.core.authz import Actor, predicate_for
from visits.core.permissions import Permission, Role
from visits.issues.models import Channel, Dispatch, Issue, IssueMove

OF_UNITS = frozenset({Role.HANDLER, Role.UNIT_HEAD})
OVERSEEING = frozenset(
    {Role.GROUP_LEADER, Role.COORDINATOR, Role.CALLBACK, Role.SUPERVISOR, Role.LEADER, Role.AUDITOR}
)
HEARING = frozenset({Role.COORDINATOR, Role.SUPERVISOR})
RATING_MOVES = frozenset({"record_evaluation", "rate_later", "close_on_spot", "import:rate"})
ANSWERS = frozenset({"solved", "level", "accepts", "channel", "evaluator", "answered_on"})


@dataclass(frozen=True)
class Sight:
    """What a reader sees of an enterprise's answers: the answers, and what it wrote by its link."""

    answers: bool = True
    words: bool = True


def sight_columns(actor: Actor) -> list[Any]:
    """What sight_of asks of a row: is it within an overseeing role's reach, within any but a unit's."""
    return [
        _reached(actor, actor.roles & OVERSEEING).label("is_overseen"),
        _reached(actor, actor.roles - OF_UNITS).label("is_reached_otherwise"),
    ]


def _reached(actor: Actor, roles: frozenset[Role]) -> sa.ColumnElement[bool]:
    if not actor.roles & OF_UNITS:
        return sa.literal(True)
    reached = predicate_for(replace(actor, roles=roles), Permission.ISSUES_READ, Issue)
    return sa.or_(reached, sa.literal(False))


def sight_of(actor: Actor, row: Any, unit_ids: Collection[int]) -> Sight:
    """What a reader may see of one problem, a row read with the columns; these units have or had it.

    Whoever reaches it through a unit only sees that the enterprise has rated; its own words by the link
    are for supervision and coordinators of other units.
    """
    is_handling = bool(actor.unit_ids & set(unit_ids))
    answers = row.is_overseen if is_handling else row.is_reached_otherwise
    return Sight(bool(answers), bool(answers) and not is_handling and bool(actor.roles & HEARING))


def may_read_answers(actor: Actor) -> sa.ColumnElement[bool]:
    """Problems whose answers `sight_of` would show the actor, as a condition on rows."""
    overseen, reached_otherwise = (column.element for column in sight_columns(actor))
    had = sa.select(Dispatch.issue_id).where(Dispatch.unit_id.in_(actor.unit_ids))
    return sa.case((Issue.id.in_(had), overseen), else_=reached_otherwise)


def is_of_unit_only(actor: Actor) -> bool:
    """Say whether somebody sees problems through a unit and has no part in overseeing them."""
    return bool(actor.roles & OF_UNITS) and not actor.roles & OVERSEEING


def seen_details(move: IssueMove, sight: Sight) -> dict[str, Any]:
    """The details of a move, without what this reader may not know."""
    if sight.answers or move.move not in RATING_MOVES:
        return move.details
    return {key: value for key, value in move.details.items() if key not in ANSWERS}


def seen_note(move: IssueMove, sight: Sight) -> str:
    """The note of a move, without the words this reader may not read."""
    if move.move not in RATING_MOVES or sight.words:
        return move.note
    is_own = move.details.get("channel") == Channel.LINK
    return "" if is_own or not sight.answers else move.note
