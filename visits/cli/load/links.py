"""How an enterprise follows and rates its problem itself: the link it was given, the right to rate."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from visits.core.periods import end_of
from visits.core.permissions import Role
from visits.issues import rules
from visits.issues.models import ProgressLink, RatingRight
from visits.issues.progress import hash_of

if TYPE_CHECKING:
    from visits.cli.load.course import Course

LINKED = 0.3


class Links:
    """The link of one problem, and the right to rate its present round."""

    def __init__(self, course: Course) -> None:
        self.course, self.right = course, dict[str, Any]()

    def hand_out(self) -> None:
        """Give some enterprises a receipt; its code is the record's number, so that it can be measured."""
        course = self.course
        if course.chance(LINKED):
            course.store.add(
                ProgressLink,
                issue_id=course.issue["id"],
                code_hash=hash_of(f"load-{course.issue['id']:027d}"),
                made_by_id=course.office.anyone(Role.COORDINATOR).id,
                made_at=course.at,
            )

    def ask(self) -> None:
        """Let the enterprise rate what was reviewed, for two weeks."""
        self._open(rules.rating_until(self.course.at))

    def answered(self) -> None:
        """An answer came another way."""
        self.right["used_at"] = self.course.at

    def closed(self) -> None:
        """Let it change its mind, or rate at last, as long as it can have the problem taken up again."""
        until = rules.reopen_until(self.course.issue["closed_on"], self.course.office.calendar)
        if self.right["used_at"]:
            self._open(until, turn=2)
        else:
            self.right["closes_at"] = end_of(until)

    def _open(self, until: date, turn: int = 1) -> None:
        issue, at = self.course.issue, self.course.at
        self.right = self.course.store.add(
            RatingRight,
            issue_id=issue["id"],
            round=issue["round"],
            turn=turn,
            opened_at=at,
            closes_at=end_of(until),
        )
