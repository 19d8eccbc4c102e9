"""The marks of a problem by which lists are narrowed, and the names of the levels to which it is lifted."""

from enum import StrEnum

from visits.core.i18n import N_


class Mark(StrEnum):
    """What a problem can be marked as, besides its state."""

    REPEAT = "repeat"
    WITHDRAWAL_DENIED = "withdrawal_denied"
    SUPERVISED = "supervised"
    CONFIDENTIAL = "confidential"
    IMPORTED = "imported"


MARK_LABELS = {
    Mark.REPEAT: N_("Repeat"),
    Mark.WITHDRAWAL_DENIED: N_("Withdrawal denied by the enterprise"),
    Mark.SUPERVISED: N_("Under a supervision order"),
    Mark.CONFIDENTIAL: N_("Enterprise's name kept"),
    Mark.IMPORTED: N_("From a ledger"),
}
LEVEL_NAMES = {1: N_("1: the office"), 2: N_("2: a zone leader"), 3: N_("3: a higher level")}
