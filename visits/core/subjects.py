"""What each kind of record is called and on which page it is read, for the audit log and for notices."""

from typing import Any

from flask import url_for

from visits.core.i18n import N_

# table of the record: what it is called, and its page with the name its address gives the id ("" for none)
SUBJECTS: dict[str, tuple[str, tuple[str, str] | None]] = {
    "attachments": (N_("Stored file"), None),
    "calendar_changes": (N_("Calendar"), None),
    "calendar_feeds": (N_("Address of a calendar"), None),
    "categories": (N_("Category"), None),
    "contact_points": (N_("Contact point"), None),
    "delegations": (N_("Absence"), None),
    "deliveries": (N_("Message"), None),
    "enterprises": (N_("Enterprise"), ("home.enterprise_file", "enterprise_id")),
    "groups": (N_("Service group"), ("programmes.group", "group_id")),
    "handovers": (N_("Handover"), ("handover.show", "handover_id")),
    "import_runs": (N_("Import"), None),
    "issues": (N_("Problem"), ("issues.show", "issue_id")),
    "job_slots": (N_("Job"), ("admin.jobs", "")),
    "ladder_steps": (N_("Supervision orders due"), ("digest.orders_due", "step_id")),
    "ledger_exports": (N_("Ledger made as a file"), None),
    "links": (N_("Cover"), None),
    "meetings": (N_("Coordination meeting"), ("meetings.show", "meeting_id")),
    "monthly_reports": (N_("Monthly report"), ("monthly.show", "report_id")),
    "people": (N_("Person"), None),
    "programmes": (N_("Programme"), None),
    "promises": (N_("Promise"), None),
    "record_questions": (N_("Question about a record"), ("honesty.show", "question_id")),
    "report_texts": (N_("Text of a monthly report"), None),
    "saved_views": (N_("Saved view"), None),
    "suggestions": (N_("Feedback"), ("feedback.show", "suggestion_id")),
    "superior_forms": (N_("Superior's form"), ("superior.show", "superior_form_id")),
    "supervision_orders": (N_("Supervision order"), ("supervision.show_order", "order_id")),
    "tags": (N_("Tag"), None),
    "topics": (N_("Topic of common problems"), ("topics.show", "topic_id")),
    "units": (N_("Unit"), None),
    "visit_plans": (N_("Visit plan"), ("plans.show", "plan_id")),
    "visits": (N_("Visit"), ("outreach.show", "visit_id")),
}


def page_of(subject_type: str | None, subject_id: int | None) -> tuple[str, dict[str, Any]] | None:
    """The endpoint at which a record is read, and its values; None where it has no page."""
    _label, page = SUBJECTS.get(subject_type or "", ("", None))
    if page is None:
        return None
    endpoint, argument = page
    return endpoint, {argument: subject_id} if argument else {}


def address_of(subject_type: str | None, subject_id: int | None) -> str | None:
    """The address at which a record is read; None where it has no page."""
    page = page_of(subject_type, subject_id)
    return url_for(page[0], **page[1]) if page else None
