"""What stands on the page of a problem beside the problem itself: others, duties, marks, likely twins."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from visits.core.authz import Actor
from visits.core.permissions import Permission
from visits.core.workdays import Calendar
from visits.issues import duties, joined
from visits.issues.duties import ShownDuty
from visits.issues.joined import Alike, Relations
from visits.issues.states import State


@dataclass(frozen=True)
class Beside:
    """What a page shows of the problem's surroundings."""

    relations: Relations
    duties: list[ShownDuty]
    alike: list[Alike]


def beside(actor: Actor, row: Any, calendar: Calendar, held: Set[Permission]) -> Beside:
    """Read what there is, by the marks of a row of queries.get_shown; nothing costs no statement.

    Where the enterprise is not named to the reader, its other problems would name it.

    Whoever accepts a new problem is shown those of the enterprise that may be the same.
    """
    issue = row.Issue
    is_new = issue.state is State.REGISTERED and Permission.ISSUES_ACCEPT in held
    relations, alike = joined.others_of(
        actor,
        issue,
        related=row.is_related and not row.is_kept,
        alike=is_new and issue.repeat_of_id is None,
    )
    return Beside(relations, duties.duties_of(actor, issue.id, calendar) if row.has_duties else [], alike)
