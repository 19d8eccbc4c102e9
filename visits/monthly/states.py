"""How a monthly report goes from a draft to a published one."""

from enum import StrEnum

from visits.core.i18n import N_


class ReportState(StrEnum):
    """How far a monthly report is."""

    DRAFT = "draft"
    FROZEN = "frozen"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


STATE_LABELS = {
    ReportState.DRAFT: N_("Draft"),
    ReportState.FROZEN: N_("Frozen"),
    ReportState.PUBLISHED: N_("Published"),
    ReportState.WITHDRAWN: N_("Taken back"),
}
