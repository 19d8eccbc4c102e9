"""The audit log in words: what each verb is called."""

from functools import cache

from visits.core.i18n import N_
from visits.core.states import Machine
from visits.issues.states import MOVE_LABELS
from visits.meetings.states import LIFE as MEETING_LIFE
from visits.supervision.states import ORDER_LIFE, TOPIC_LIFE

VERBS: dict[str, str] = {
    "absence.begun": N_("Deputy named"),
    "absence.passed_on": N_("Standing in passed on"),
    "absence.ended": N_("Absence ended"),
    "calendar.address_made": N_("Address of a calendar made"),
    "calendar.address_revoked": N_("Address of a calendar revoked"),
    "access.refused": N_("Access refused"),
    "attachment.added": N_("File attached"),
    "attachment.removed": N_("File removed"),
    "attachments.swept": N_("Removed files erased"),
    "backup.restored": N_("Backup restored"),
    "brief.taken": N_("Briefs before visits taken along"),
    "calendar.day_changed": N_("Calendar: day changed"),
    "calendar.published": N_("Calendar: year published"),
    "categories.started": N_("First categories created"),
    "category.created": N_("Category created"),
    "category.moved": N_("Category moved in the list"),
    "category.updated": N_("Category changed"),
    "contact.added": N_("Contact added"),
    "contact.removed": N_("Contact taken off"),
    "contact.revealed": N_("Phone number shown whole"),
    "contact_point.removed": N_("Contact point taken out"),
    "contact_point.saved": N_("Contact point entered or changed"),
    "contact.verified": N_("Contact verified"),
    "deliveries.resent": N_("All messages not delivered sent again"),
    "delivery.resent": N_("Message sent again"),
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
    "handover.accepted": N_("Handover: taken over"),
    "handover.came_due": N_("Handover: its day came"),
    "handover.declined": N_("Handover: declined"),
    "handover.finished": N_("Handover finished"),
    "handover.gathered": N_("Handover completed by what came since"),
    "handover.opened": N_("Handover opened"),
    "handover.redirected": N_("Handover: offered to somebody else"),
    "handover.withdrawn": N_("Handover withdrawn"),
    "import.undone": N_("Import undone"),
    "issue.link_made": N_("Progress link made"),
    "issue.slip_made": N_("Assignment slip made"),
    "ledger.discarded": N_("Ledger made as a file removed"),
    "ledger.downloaded": N_("Ledger downloaded"),
    "ledger.ordered": N_("Ledger ordered as a file"),
    "limit_rule.ended": N_("Time limit ended"),
    "limit_rule.made": N_("Time limit set"),
    "limit_rules.started": N_("First time limits set"),
    "link.begun": N_("Enterprise covered"),
    "link.ended": N_("Cover of an enterprise ended"),
    "link.officer_changed": N_("Primary officer changed"),
    "list.exported": N_("List exported"),
    "meeting.brief_rewritten": N_("Brief of an agenda item rewritten"),
    "meeting.minutes_made": N_("Minutes made"),
    "monthly_report.drafted": N_("Monthly report drafted"),
    "monthly_report.frozen": N_("Month frozen"),
    "monthly_report.published": N_("Monthly report published"),
    "monthly_report.renewed": N_("Figures of a monthly report renewed"),
    "monthly_report.withdrawn": N_("Monthly report taken back"),
    "monthly_report.taken": N_("Monthly report saved as a file"),
    "person.created": N_("Account created"),
    "person.disabled": N_("Account disabled"),
    "person.enabled": N_("Account opened again"),
    "person.link_made": N_("Password link made"),
    "person.password_changed": N_("Password changed"),
    "person.password_reset": N_("Password set by link"),
    "person.password_set": N_("Password set at the command line"),
    "person.updated": N_("Person changed"),
    "plan.cancelled": N_("Visit plan cancelled"),
    "plan.carried_out": N_("Planned visit carried out"),
    "plan.joined": N_("Planned visit joined"),
    "plan.left": N_("Planned visit left"),
    "plan.edited": N_("Visit plan edited"),
    "plan.made": N_("Visit planned"),
    "plan.moved": N_("Planned visit put off"),
    "plan.opened_again": N_("Visit plan opened again"),
    "plan.passed_on": N_("Planned visit passed on"),
    "plan.going_passed_on": N_("Going along passed on"),
    "programme.created": N_("Programme created"),
    "programme.listed": N_("Enterprise named for a programme"),
    "programme.listing_ended": N_("Listing for a programme ended"),
    "programme.round_saved": N_("Round of a programme saved"),
    "programme.scope_set": N_("Scope of a programme set"),
    "programme.taken_out": N_("Enterprise taken out of a programme"),
    "programme.updated": N_("Programme changed"),
    "promise.changed": N_("Promise changed"),
    "promise.kept": N_("Promise kept"),
    "promise.open_again": N_("Promise open again"),
    "promise.passed_on": N_("Promise passed on"),
    "promise.withdrawn": N_("Promise withdrawn"),
    "response_template.created": N_("Response template created"),
    "response_template.moved": N_("Response template moved in the list"),
    "response_template.updated": N_("Response template changed"),
    "question.answered": N_("Question about a record answered"),
    "question.closed": N_("Question about a record closed"),
    "question.raised": N_("Question about a record asked"),
    "question.settled": N_("Question about a record settled by a correction"),
    "report_text.written": N_("Text of a monthly report written"),
    "sample.checked": N_("Sample checked"),
    "sample.drawn": N_("Samples drawn"),
    "sample.passed_on": N_("Visit passed on to be checked"),
    "sample.settled": N_("Doubtful visit settled"),
    "setting.changed": N_("Setting changed"),
    "sign_in.begun": N_("Signed in"),
    "sign_in.ended": N_("Signed out"),
    "sign_in.failed": N_("Sign-in failed"),
    "site.closed": N_("Site closed"),
    "site.opened": N_("Site added"),
    "suggestion.answered": N_("Feedback answered"),
    "suggestion.opened_again": N_("Feedback taken up again"),
    "suggestion.sent": N_("Feedback sent"),
    "suggestion.settled": N_("Feedback settled"),
    "superior.added": N_("Superior's form taken in"),
    "superior.filled": N_("Superior's form filled"),
    "superior.taken": N_("Filled form downloaded"),
    "superior.updated": N_("Superior's form changed"),
    "superior.version_begun": N_("Version of a superior's form begun"),
    "superior.version_discarded": N_("Version of a superior's form discarded"),
    "superior.version_released": N_("Version of a superior's form put into use"),
    "tag.granted": N_("Tag given"),
    "tag.saved": N_("Tag changed"),
    "tag.taken_off": N_("Tag taken off"),
    "tags.started": N_("First tags created"),
    "unit.closed": N_("Unit taken out of use"),
    "unit.created": N_("Unit created"),
    "unit.reopened": N_("Unit taken into use again"),
    "unit.updated": N_("Unit changed"),
    "view.deleted": N_("Shared view deleted"),
    "view.passed_on": N_("Shared view passed on"),
    "view.saved": N_("Shared view saved"),
    "visit.amended": N_("Visit corrected"),
    "visit.answered": N_("Enterprise said whether somebody came"),
    "visit.recorded": N_("Visit recorded"),
    "visit.voided": N_("Visit voided"),
    "visits.imported": N_("Ledger of visits imported"),
    "issues.imported": N_("Ledger of problems imported"),
}


def _labels(life: Machine) -> dict[str, str]:
    """What each move of a state table is called, by its name."""
    return {name: move.label for name, move in life.moves.items()}


# What an older ledger tells of a problem is written as a whole, so the log has no such move.
TOLD_BY_LEDGERS = "import:"
# Whose moves stand in the log as "area.move": the kind of record, and what each move is called.
MOVES: dict[str, tuple[str, dict[str, str]]] = {
    "issue": (
        N_("Problem"),
        {name: label for name, label in MOVE_LABELS.items() if not name.startswith(TOLD_BY_LEDGERS)},
    ),
    "meeting": (N_("Coordination meeting"), _labels(MEETING_LIFE)),
    "supervision_order": (N_("Supervision order"), _labels(ORDER_LIFE)),
    "topic": (N_("Topic of common problems"), _labels(TOPIC_LIFE)),
}


def verb_label(action: str) -> str:
    """What an action is called (an English msgid); an unknown one by its code."""
    return all_verbs().get(action, action)


@cache
def all_verbs() -> dict[str, str]:
    """Every action there can be in the log, with its label."""
    moves = {
        f"{area}.{name}": label for area, (_, labels) in MOVES.items() for name, label in labels.items()
    }
    return VERBS | moves
