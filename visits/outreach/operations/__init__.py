"""Every change to visits: recorded, amended, voided, and kept as drafts before that."""

from visits.outreach.operations.amending import Amendment, amend_visit, is_free, require_amendable
from visits.outreach.operations.drafting import discard_draft, save_draft
from visits.outreach.operations.recording import keep_promise, record_visit
from visits.outreach.operations.voiding import may_void, void_visit

__all__ = [
    "Amendment",
    "amend_visit",
    "discard_draft",
    "is_free",
    "keep_promise",
    "may_void",
    "record_visit",
    "require_amendable",
    "save_draft",
    "void_visit",
]
