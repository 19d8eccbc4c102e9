"""What is entered about a visit, before anything is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from visits.issues.models import Finding, RedFlag
from visits.issues.rules import Level, Urgency
from visits.programmes.models import VisitMode

NEW_FIRM = 0  # stands for the enterprise's id while that enterprise is not in the register yet


class VisitKind(StrEnum):
    """Why an enterprise was visited."""

    FIRST = "first"
    REGULAR = "regular"
    FOLLOW_UP = "follow_up"
    TOPICAL = "topical"
    ACCOMPANY = "accompany"
    INVITED = "invited"


@dataclass(frozen=True)
class NewFirm:
    """An enterprise met that is not in the register, and why it has no code."""

    name: str
    reason: str


@dataclass(frozen=True)
class Outsider:
    """A participant without an account."""

    name: str
    unit_name: str = ""


@dataclass(frozen=True)
class ProblemEntry:
    """A problem heard from one enterprise of the visit; with `how` it was solved on the spot."""

    enterprise_id: int
    title: str
    category_id: int
    description: str = ""
    urgency: Urgency = Urgency.NORMAL
    wish: str = ""
    reporter_name: str = ""
    reporter_phone: str = ""
    how: str = ""
    level: Level | None = None
    red_flag: RedFlag | None = None
    confidential: bool = False


@dataclass(frozen=True)
class PromiseEntry:
    """What one enterprise of the visit was promised; with `promise_id` a promise stored already."""

    enterprise_id: int
    text: str
    owner: str = ""
    due_on: date | None = None
    promise_id: int | None = None
    owner_id: int | None = None


@dataclass(frozen=True)
class CheckEntry:
    """How the enterprise says it stands with one promise or one problem of before."""

    finding: Finding
    promise_id: int | None = None
    issue_id: int | None = None
    note: str = ""


@dataclass
class VisitEntry:
    """A visit as one screen gives it; `no_issue_ids` are the enterprises that say they have no problems.

    `frequency_reason` says why it is above the cap on visits; `plan_ids` are the plans it carries out.
    """

    client_id: str
    visited_on: date
    mode: VisitMode
    enterprise_ids: Sequence[int]
    programme_ids: Sequence[int]
    participant_ids: Sequence[int] = ()
    outsiders: Sequence[Outsider] = ()
    problems: Sequence[ProblemEntry] = ()
    promises: Sequence[PromiseEntry] = ()
    checks: Sequence[CheckEntry] = ()
    no_issue_ids: frozenset[int] = frozenset()
    new_firm: NewFirm | None = None
    kind: VisitKind = VisitKind.REGULAR
    group_id: int | None = None
    start_time: time | None = None
    end_time: time | None = None
    place: str = ""
    summary: str = ""
    frequency_reason: str = ""
    plan_ids: Sequence[int] = ()

    @property
    def firm_ids(self) -> list[int]:
        """The enterprises of the visit, each once, the one not in the register yet as NEW_FIRM."""
        known = list(dict.fromkeys(self.enterprise_ids))
        return [*known, NEW_FIRM] if self.new_firm else known
