"""Tables of visits, of plans for them, and of what is asked at them."""

from visits.outreach.models.checks import FINDING_LABELS, Finding, VisitCheck
from visits.outreach.models.plans import (
    PLAN_STATE_LABELS,
    CalendarFeed,
    PlanCompanion,
    PlanState,
    VisitPlan,
)
from visits.outreach.models.promises import Promise, PromiseVersion
from visits.outreach.models.visits import (
    KIND_LABELS,
    Attendance,
    Fact,
    PairProgramme,
    Visit,
    VisitDraft,
    VisitKind,
    VisitPair,
    VisitText,
    VisitVersion,
)

__all__ = [
    "FINDING_LABELS",
    "KIND_LABELS",
    "PLAN_STATE_LABELS",
    "Attendance",
    "CalendarFeed",
    "Fact",
    "Finding",
    "PairProgramme",
    "PlanCompanion",
    "PlanState",
    "Promise",
    "PromiseVersion",
    "Visit",
    "VisitCheck",
    "VisitDraft",
    "VisitKind",
    "VisitPair",
    "VisitPlan",
    "VisitText",
    "VisitVersion",
]
