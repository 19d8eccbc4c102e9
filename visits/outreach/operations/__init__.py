"""Every change to visits: recorded, amended, voided, and kept as drafts before that."""

from visits.outreach.operations.amending import Amendment, amend_visit, require_amendable, rights_over
from visits.outreach.operations.drafting import discard_draft, save_draft
from visits.outreach.operations.following import follow
from visits.outreach.operations.recording import keep_promise, record_visit
from visits.outreach.operations.voiding import require_voidable, void_visit

__all__ = [
    "Amendment",
    "amend_visit",
    "discard_draft",
    "follow",
    "keep_promise",
    "record_visit",
    "require_amendable",
    "require_voidable",
    "rights_over",
    "save_draft",
    "void_visit",
]
