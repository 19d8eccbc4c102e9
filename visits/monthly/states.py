"""How a monthly report goes from a draft to a published one, as a table of moves."""

from dataclasses import dataclass
from enum import StrEnum

from visits.core.errors import DomainError, Refused
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.core.states import Machine, Move


class ReportState(StrEnum):
    """How far a monthly report is."""

    DRAFT = "draft"
    FROZEN = "frozen"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


STATE_LABELS = {
    ReportState.DRAFT: N_("Draft"),
    ReportState.FROZEN: N_("Frozen"),
    ReportState.PUBLISHED: N_("Report published"),
    ReportState.WITHDRAWN: N_("Report taken back"),
}


@dataclass(frozen=True)
class ReportFacts:
    """What the guards must know of a report and of who acts on it."""

    is_month_over: bool = True
    is_balanced: bool = True
    has_frozen_it: bool = False
    is_untouched: bool = True


def can_be_frozen(facts: ReportFacts) -> DomainError | None:
    """A month is frozen when it is over and its problems balance."""
    if not facts.is_month_over:
        return Refused(
            N_("This month is not over yet. It can be frozen from the first day of the next month on.")
        )
    if not facts.is_balanced:
        return Refused(
            N_(
                "The open problems do not balance, so the month cannot be frozen. The page lists the "
                "problems whose history does not add up; have them put right, then renew the figures."
            )
        )
    return None


def can_be_published(facts: ReportFacts) -> DomainError | None:
    """Two persons answer for a published month, and nobody touched it since the first of them froze it."""
    if not facts.is_untouched:
        return Refused(
            N_(
                "What is stored of this report is not what was frozen, so it cannot be published. "
                "Take it back and draft the month again."
            )
        )
    if facts.has_frozen_it:
        return Refused(N_("You have frozen this report yourself. Somebody else publishes it."))
    return None


S, WRITE, PUBLISH = ReportState, Permission.MONTHLY_WRITE, Permission.MONTHLY_PUBLISH
LIFE = Machine(
    [
        Move("draft", frozenset(), S.DRAFT, WRITE, N_("Draft a report")),
        Move("renew", frozenset({S.DRAFT}), None, WRITE, N_("Renew the figures")),
        Move("write", frozenset({S.DRAFT}), None, WRITE, N_("Edit the text")),
        Move("freeze", frozenset({S.DRAFT}), S.FROZEN, WRITE, N_("Freeze"), can_be_frozen),
        Move("publish", frozenset({S.FROZEN}), S.PUBLISHED, PUBLISH, N_("Publish"), can_be_published),
        Move(
            "withdraw",
            frozenset({S.FROZEN, S.PUBLISHED}),
            S.WITHDRAWN,
            PUBLISH,
            N_("Take the report back"),
        ),
    ]
)
