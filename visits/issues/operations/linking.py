"""What holds where problems are linked: none leaves or changes its enterprise with others hanging on it."""

from visits.core.db import lock_name
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.issues import joined
from visits.issues.models import Issue

NAMED = 5


def hold_links(issue: Issue) -> None:
    """Let those who link, part or take out problems of an enterprise follow one another."""
    lock_name(f"issue-merge {issue.enterprise_id}")


def require_none_merged(issue: Issue) -> None:
    """Refuse to take out a problem into which others were merged; they would leave with it, unseen."""
    if merged := sorted(other.number for other in joined.merged_into(issue.id)):
        raise Refused(
            N_(
                "Other problems were merged into %(number)s and would leave with it: %(numbers)s. "
                "Undo the merges first."
            ),
            number=issue.number,
            numbers=", ".join(merged[:NAMED]),
        )


def require_unlinked(issue: Issue) -> None:
    """Refuse another enterprise to a problem linked to others; what is linked is of one enterprise."""
    if linked := joined.linked_numbers(issue):
        raise Refused(
            N_(
                "%(number)s is linked to other problems of its enterprise: %(numbers)s. "
                "Keep the enterprise, or register the problem anew at the other one and void this one."
            ),
            field="enterprise_id",
            number=issue.number,
            numbers=", ".join(linked[:NAMED]),
        )
