"""The audit log in words: what each verb, kind of record and field is called."""

from typing import Any

from visits.accounts.models import LinkPurpose
from visits.core.i18n import N_
from visits.core.permissions import ROLE_LABELS
from visits.enterprises.columns import FIELDS as REGISTER_FIELDS
from visits.issues.models import COMPLEXITY_LABELS
from visits.issues.states import MOVE_LABELS
from visits.issues.timeline import DETAIL_LABELS, VALUE_LABELS
from visits.outreach.history import FIELD_LABELS as VISIT_LABELS

ISSUE = "issue."
VERBS: dict[str, str] = {
    "access.refused": N_("Access refused"),
    "attachment.added": N_("File attached"),
    "attachment.removed": N_("File removed"),
    "attachments.swept": N_("Removed files erased"),
    "backup.restored": N_("Backup restored"),
    "calendar.day_changed": N_("Calendar: day changed"),
    "calendar.published": N_("Calendar: year published"),
    "categories.started": N_("First categories created"),
    "category.created": N_("Category created"),
    "category.moved": N_("Category moved in the list"),
    "category.updated": N_("Category changed"),
    "contact.added": N_("Contact added"),
    "contact.removed": N_("Contact taken off"),
    "contact.revealed": N_("Phone number shown whole"),
    "contact.verified": N_("Contact verified"),
    "enterprise.merged": N_("Enterprise merged into another"),
    "enterprise.parted": N_("Merge of enterprises undone"),
    "enterprise.provisioned": N_("Enterprise entered for the time being"),
    "enterprise.registered": N_("Enterprise registered"),
    "enterprise.told_apart": N_("Enterprises noted as different ones"),
    "enterprise.took_in": N_("Enterprise took in another"),
    "enterprise.updated": N_("Enterprise changed"),
    "enterprises.imported": N_("List of enterprises imported"),
    "fact.recorded": N_("Yearly figure recorded"),
    "group.formed": N_("Service group set up"),
    "group.joined": N_("Service group joined"),
    "group.left": N_("Service group left"),
    "group.place_passed": N_("Place in a service group passed on"),
    "group.updated": N_("Service group changed"),
    "import.undone": N_("Import undone"),
    "issue.link_made": N_("Progress link made"),
    "issue.slip_made": N_("Assignment slip made"),
    "limit_rule.ended": N_("Time limit ended"),
    "limit_rule.made": N_("Time limit set"),
    "limit_rules.started": N_("First time limits set"),
    "link.begun": N_("Enterprise covered"),
    "link.ended": N_("Cover of an enterprise ended"),
    "link.officer_changed": N_("Primary officer changed"),
    "list.exported": N_("List exported"),
    "meeting.brief_rewritten": N_("Brief of an agenda item rewritten"),
    "meeting.minutes_made": N_("Minutes made"),
    "person.created": N_("Account created"),
    "person.disabled": N_("Account disabled"),
    "person.enabled": N_("Account opened again"),
    "person.link_made": N_("Password link made"),
    "person.password_changed": N_("Password changed"),
    "person.password_reset": N_("Password set by link"),
    "person.password_set": N_("Password set at the command line"),
    "person.updated": N_("Person changed"),
    "programme.created": N_("Programme created"),
    "promise.kept": N_("Promise kept"),
    "response_template.created": N_("Response template created"),
    "response_template.moved": N_("Response template moved in the list"),
    "response_template.updated": N_("Response template changed"),
    "question.answered": N_("Question about a record answered"),
    "question.closed": N_("Question about a record closed"),
    "question.raised": N_("Question about a record asked"),
    "question.settled": N_("Question about a record settled by a correction"),
    "sample.checked": N_("Sample checked"),
    "sample.drawn": N_("Samples drawn"),
    "sample.settled": N_("Doubtful visit settled"),
    "setting.changed": N_("Setting changed"),
    "sign_in.begun": N_("Signed in"),
    "sign_in.ended": N_("Signed out"),
    "sign_in.failed": N_("Sign-in failed"),
    "site.closed": N_("Site closed"),
    "site.opened": N_("Site added"),
    "tag.granted": N_("Tag given"),
    "tag.saved": N_("Tag changed"),
    "tag.taken_off": N_("Tag taken off"),
    "tags.started": N_("First tags created"),
    "unit.closed": N_("Unit taken out of use"),
    "unit.created": N_("Unit created"),
    "unit.reopened": N_("Unit taken into use again"),
    "unit.updated": N_("Unit changed"),
    "view.deleted": N_("Shared view deleted"),
    "view.saved": N_("Shared view saved"),
    "visit.amended": N_("Visit corrected"),
    "visit.answered": N_("Enterprise said whether somebody came"),
    "visit.recorded": N_("Visit recorded"),
    "visit.voided": N_("Visit voided"),
}
# table of the record: what it is called, and the page on which it is read
SUBJECTS: dict[str, tuple[str, tuple[str, str] | None]] = {
    "attachments": (N_("Stored file"), None),
    "calendar_changes": (N_("Calendar"), None),
    "categories": (N_("Category"), None),
    "enterprises": (N_("Enterprise"), ("home.enterprise_file", "enterprise_id")),
    "groups": (N_("Service group"), ("programmes.group", "group_id")),
    "import_runs": (N_("Import"), None),
    "issues": (N_("Problem"), ("issues.show", "issue_id")),
    "links": (N_("Cover"), None),
    "people": (N_("Person"), None),
    "programmes": (N_("Programme"), None),
    "record_questions": (N_("Question about a record"), ("honesty.show", "question_id")),
    "saved_views": (N_("Saved view"), None),
    "promises": (N_("Promise"), None),
    "tags": (N_("Tag"), None),
    "units": (N_("Unit"), None),
    "visits": (N_("Visit"), ("outreach.show", "visit_id")),
}
# a field called otherwise under one kind of verb, as "area.field"
FIELDS_OF = {
    "calendar.source": N_("According to"),
    "category.place": N_("Place in the list"),
    "fact.source": N_("According to"),
    "tag.level": N_("Level"),
}
FIELDS: dict[str, str] = {
    **VISIT_LABELS,
    **{field.key: field.label for field in REGISTER_FIELDS},
    **DETAIL_LABELS,
    "address": N_("Address"),
    "category_id": N_("Category"),
    "closed_on": N_("Out of use since"),
    "columns": N_("Columns"),
    "created": N_("New"),
    "enterprise": N_("Enterprise"),
    "enterprises": N_("Enterprises"),
    "expires_at": N_("Holds until"),
    "file": N_("Name of the file"),
    "format": N_("Format"),
    "from_on": N_("From"),
    "group": N_("Service group"),
    "head_confirms": N_("Only the unit head returns and reports"),
    "into": N_("Into"),
    "key": N_("Setting"),
    "lead_unit_id": N_("Unit in charge"),
    "list": N_("List"),
    "method": N_("Method"),
    "moved": N_("Due dates moved"),
    "name": N_("Name"),
    "note": N_("Note"),
    "number": N_("Number"),
    "officer": N_("Primary officer"),
    "other": N_("The other one"),
    "parent": N_("Lies under"),
    "path": N_("Page"),
    "person": N_("Person"),
    "phone": N_("Phone"),
    "post": N_("Post"),
    "problems": N_("Problems"),
    "programme": N_("Programme"),
    "purpose": N_("Purpose"),
    "query": N_("Filters"),
    "reason": N_("Reason"),
    "role": N_("Role"),
    "roles": N_("Roles"),
    "rows": N_("Rows"),
    "tag": N_("Tag"),
    "taken": N_("The other one"),
    "turned": N_("Days worked otherwise than before"),
    "unit": N_("Unit"),
    "until_on": N_("Until"),
    "updated": N_("Changed"),
    "username": N_("Account"),
    "value": N_("Present value"),
    "visited_on": N_("Day of the visit"),
    "year": N_("Year"),
}
PURPOSE_LABELS = {LinkPurpose.INVITE: N_("Invitation"), LinkPurpose.RESET: N_("New password")}
VALUES: dict[str, dict[Any, str]] = {
    **VALUE_LABELS,
    "complexity": COMPLEXITY_LABELS,
    "head_confirms": {True: N_("Yes"), False: N_("No")},
    "is_closed": {True: N_("Yes"), False: N_("No")},
    "purpose": PURPOSE_LABELS,
    "role": ROLE_LABELS,
    "roles": ROLE_LABELS,
}
# fields whose numbers are ids of records of these tables
REFERENCES = {
    "category_id": "categories",
    "enterprise": "enterprises",
    "enterprise_id": "enterprises",
    "enterprises": "enterprises",
    "group": "groups",
    "into": "enterprises",
    "lead_unit": "units",
    "lead_unit_id": "units",
    "officer": "people",
    "other": "enterprises",
    "person": "people",
    "programme": "programmes",
    "taken": "enterprises",
}
# verbs whose fields of two values are "before" and "after"
CHANGING = frozenset(
    {
        "category.updated",
        "enterprise.updated",
        "fact.recorded",
        "group.place_passed",
        "group.updated",
        "issue.correct",
        "link.officer_changed",
        "person.updated",
        "setting.changed",
        "unit.updated",
        "visit.amended",
    }
)


def verb_label(action: str) -> str:
    """What an action is called (an English msgid); an unknown one by its code."""
    return VERBS.get(action) or MOVE_LABELS.get(action.removeprefix(ISSUE), action)


def all_verbs() -> dict[str, str]:
    """Every action there can be in the log, with its label."""
    return VERBS | {f"{ISSUE}{move}": label for move, label in MOVE_LABELS.items()}
