"""The words of problems: what their columns may hold, and how it is called."""

from enum import StrEnum

from visits.core.i18n import N_
from visits.issues.rules import Complexity, Level, Outcome, RequestKind, Solved, Urgency


class IssueSource(StrEnum):
    """Whence a problem came to the office."""

    VISIT = "visit"
    ENTERPRISE = "enterprise"
    HOTLINE = "hotline"
    LEADER = "leader"
    MEETING = "meeting"
    UPPER = "upper"
    SPECIALIST = "specialist"


class DispatchKind(StrEnum):
    """Whether a unit answers for the problem or helps."""

    LEAD = "lead"
    CO = "co"


class Channel(StrEnum):
    """How the enterprise's evaluation reached the office."""

    LINK = "link"
    PHONE = "phone"
    PAPER = "paper"
    ON_SPOT = "on_spot"
    LEDGER = "ledger"


class Conclusion(StrEnum):
    """What a coordination meeting comes to about a problem (已议定、继续研究、提级)."""

    SETTLED = "settled"
    STUDY = "study"
    ESCALATE = "escalate"


class Origin(StrEnum):
    """Whether a move was made here or taken over from an older ledger."""

    LIVE = "live"
    IMPORT = "import"


COMPLEXITY_LABELS = {
    Complexity.CONSULTATION: N_("Consultation"),
    Complexity.ORDINARY: N_("Ordinary"),
    Complexity.COMPLEX: N_("Complex"),
    Complexity.MAJOR: N_("Major and difficult"),
}
URGENCY_LABELS = {
    Urgency.NORMAL: N_("Normal"),
    Urgency.URGENT: N_("Urgent"),
    Urgency.CRITICAL: N_("Critical"),
}
OUTCOME_LABELS = {
    Outcome.SOLVED: N_("A: solved"),
    Outcome.PLANNED: N_("B: being solved, planned"),
    Outcome.EXPLAINED: N_("C: cannot be solved for now, explained"),
    Outcome.ANSWERED: N_("D: consultation or suggestion, answered"),
}
SOLVED_LABELS = {
    Solved.SOLVED: N_("Solved"),
    Solved.PARTLY: N_("Partly solved"),
    Solved.UNSOLVED: N_("Not solved"),
}
LEVEL_LABELS = {
    Level.VERY_SATISFIED: N_("Very satisfied"),
    Level.SATISFIED: N_("Satisfied"),
    Level.BASICALLY: N_("Basically satisfied"),
    Level.DISSATISFIED: N_("Dissatisfied"),
    Level.VERY_DISSATISFIED: N_("Very dissatisfied"),
}
SOURCE_LABELS = {
    IssueSource.VISIT: N_("Visit"),
    IssueSource.ENTERPRISE: N_("Reported by the enterprise"),
    IssueSource.HOTLINE: N_("Hotline 12345"),
    IssueSource.LEADER: N_("Handed on by a leader"),
    IssueSource.MEETING: N_("Meeting"),
    IssueSource.UPPER: N_("Passed down from above"),
    IssueSource.SPECIALIST: N_("Project specialist"),
}
CHANNEL_LABELS = {
    Channel.LINK: N_("The enterprise's own link"),
    Channel.PHONE: N_("Callback by phone"),
    Channel.PAPER: N_("Signed paper"),
    Channel.ON_SPOT: N_("On the spot"),
    Channel.LEDGER: N_("Entered for the enterprise; the ledger does not say how it came"),
}
KIND_LABELS = {DispatchKind.LEAD: N_("Unit in charge"), DispatchKind.CO: N_("Co-unit")}


class RedFlag(StrEnum):
    """What threatens an enterprise so much that nobody may wait with it (预警)."""

    MOVING_OUT = "moving_out"
    STOPPING = "stopping"
    LAY_OFFS = "lay_offs"
    UNPAID_WAGES = "unpaid_wages"
    SAFETY = "safety"
    CASH = "cash"


class Decision(StrEnum):
    """How a request ended; it lapses when what it was about is over."""

    GRANTED = "granted"
    REFUSED = "refused"
    LAPSED = "lapsed"


class Delay(StrEnum):
    """Why a unit needs longer."""

    PROCEDURE = "procedure"
    OTHER_UNIT = "other_unit"
    ENTERPRISE = "enterprise"
    WORKS = "works"
    UPPER = "upper"
    OTHER = "other"


class Block(StrEnum):
    """Why a problem cannot be moved on by the zone for the time being."""

    POLICY = "policy"
    UPPER = "upper"
    LAW = "law"
    PLANNING = "planning"
    OTHER = "other"


FLAG_LABELS = {
    RedFlag.MOVING_OUT: N_("Moving out of the zone"),
    RedFlag.STOPPING: N_("Stopping production"),
    RedFlag.LAY_OFFS: N_("Laying off staff"),
    RedFlag.UNPAID_WAGES: N_("Wages unpaid"),
    RedFlag.SAFETY: N_("Safety"),
    RedFlag.CASH: N_("Short of cash"),
}
REQUEST_LABELS = {
    RequestKind.EXTENSION: N_("Extension"),
    RequestKind.SUSPENSION: N_("Suspension"),
    RequestKind.WITHDRAWAL: N_("Withdrawal by the enterprise"),
    RequestKind.RULING: N_("Closing by ruling"),
}
DECISION_LABELS = {
    Decision.GRANTED: N_("Granted"),
    Decision.REFUSED: N_("Refused"),
    Decision.LAPSED: N_("Lapsed"),
}
DELAY_LABELS = {
    Delay.PROCEDURE: N_("A procedure takes its time"),
    Delay.OTHER_UNIT: N_("Another unit is needed"),
    Delay.ENTERPRISE: N_("The enterprise still has to act"),
    Delay.WORKS: N_("Works or purchases take longer"),
    Delay.UPPER: N_("A higher level decides"),
    Delay.OTHER: N_("Another reason"),
}
BLOCK_LABELS = {
    Block.POLICY: N_("No policy allows it yet"),
    Block.UPPER: N_("A higher level decides"),
    Block.LAW: N_("A legal procedure is pending"),
    Block.PLANNING: N_("Land or planning has to change first"),
    Block.OTHER: N_("Another reason"),
}
CONCLUSION_LABELS = {
    Conclusion.SETTLED: N_("Settled"),
    Conclusion.STUDY: N_("To be studied further"),
    Conclusion.ESCALATE: N_("Escalated"),
}


class Finding(StrEnum):
    """How things stand with a promise or a problem, as the enterprise says at a visit."""

    SOLVED = "solved"
    PROGRESS = "progress"
    NO_PROGRESS = "no_progress"
    WORSE = "worse"


FINDING_LABELS = {
    Finding.SOLVED: N_("Solved"),
    Finding.PROGRESS: N_("Some progress"),
    Finding.NO_PROGRESS: N_("No progress"),
    Finding.WORSE: N_("Worse"),
}
# Of a problem that was closed as solved when the enterprise was asked.
AFTER_CLOSING_LABELS = {
    Finding.SOLVED: N_("Solved indeed"),
    Finding.NO_PROGRESS: N_("Still not solved"),
    Finding.WORSE: N_("Worse than before"),
}
