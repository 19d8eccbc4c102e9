"""The particulars of the audit log in words: what the values of each field stand for."""

from typing import Any

from visits.accounts.models import LinkPurpose
from visits.core.i18n import N_
from visits.core.permissions import ROLE_LABELS
from visits.enterprises.models import (
    CONTACT_LABELS,
    LEVEL_LABELS,
    MEASURE_LABELS,
    OWNERSHIP_LABELS,
    STATUS_LABELS,
)
from visits.enterprises.operations.tags import STANDARD_TAGS
from visits.honesty import models as honesty
from visits.inbox.models import CHANNEL_LABELS
from visits.issues.models import COMPLEXITY_LABELS, CONCLUSION_LABELS, URGENCY_LABELS
from visits.issues.operations.categories import STARTERS
from visits.issues.states import MOVE_LABELS
from visits.issues.timeline import VALUE_LABELS
from visits.meetings import models as meetings
from visits.outreach import models as outreach
from visits.programmes.models import GROUP_ROLE_LABELS, MODE_LABELS, PROGRAMME_KIND_LABELS
from visits.supervision.models.samples import HOW_LABELS, RESULT_LABELS

PURPOSE_LABELS = {LinkPurpose.INVITE: N_("Invitation"), LinkPurpose.RESET: N_("New password")}
# of slices beside this one, which it does not import
LEDGERS = {
    "ledger.enterprises": N_("Ledger of enterprises"),
    "ledger.problems": N_("Ledger of problems"),
    "ledger.visits": N_("Ledger of visits"),
}
SECTIONS = {
    "basics": N_("The month in figures"),
    "handling": N_("How problems were handled"),
    "topics": N_("What enterprises speak of most"),
    "talks": N_("Hard cases and coordination meetings"),
    "projects": N_("Service for projects"),
    "next": N_("What comes next"),
}
# values that stand for something else under one kind of verb
VALUES_OF: dict[str, dict[Any, str]] = {
    "categories.codes": {code: name for code, name, _ in STARTERS},
    "contact.role": CONTACT_LABELS,
    "contact_point.channel": CHANNEL_LABELS,
    "fact.measure": MEASURE_LABELS,
    "group.role": GROUP_ROLE_LABELS,
    "meeting.kind": meetings.KIND_LABELS,
    "programme.kind": PROGRAMME_KIND_LABELS,
    "question.answer": honesty.ANSWER_LABELS,
    "question.closing": honesty.CLOSING_LABELS,
    "question.kind": honesty.KIND_LABELS,
    "sample.how": HOW_LABELS,
    "sample.result": RESULT_LABELS,
    "tag.level": LEVEL_LABELS,
    "tags.codes": dict(STANDARD_TAGS),
    "visit.kind": outreach.KIND_LABELS,
}
VALUES: dict[str, dict[Any, str]] = {
    **VALUE_LABELS,
    "complexity": COMPLEXITY_LABELS,
    "counted_modes": MODE_LABELS,
    "list": LEDGERS,
    "mode": MODE_LABELS,
    "move": MOVE_LABELS,
    "ownership": OWNERSHIP_LABELS,
    "purpose": PURPOSE_LABELS,
    "role": ROLE_LABELS,
    "roles": ROLE_LABELS,
    "section": SECTIONS,
    "status": STATUS_LABELS,
    "urgency": URGENCY_LABELS,
    "verdict": CONCLUSION_LABELS,
}
# fields whose numbers are ids of records of these tables
REFERENCES = {
    "category_id": "categories",
    "co_unit_ids": "units",
    "duty_unit_id": "units",
    "enterprise": "enterprises",
    "enterprise_id": "enterprises",
    "enterprise_ids": "enterprises",
    "enterprises": "enterprises",
    "followers": "people",
    "group": "groups",
    "group_id": "groups",
    "groups": "groups",
    "into": "enterprises",
    "issue_id": "issues",
    "lead_unit": "units",
    "lead_unit_id": "units",
    "officer": "people",
    "order_unit_id": "units",
    "other": "enterprises",
    "owner_id": "people",
    "participant_ids": "people",
    "person": "people",
    "problem": "issues",
    "programme": "programmes",
    "programme_id": "programmes",
    "programme_ids": "programmes",
    "tags": "tags",
    "taken": "enterprises",
    "taken_off": "issues",
    "unit": "units",
    "units": "units",
}
# kinds of verbs that record under "until_on" the first day on which something holds no more
ENDING_BEFORE = frozenset({"group", "link", "programme"})


def value_label_of(area: str, key: str, value: Any) -> str | None:
    """What a value of a field stands for (an English msgid); None where it says itself."""
    return (VALUES_OF.get(f"{area}.{key}") or VALUES.get(key, {})).get(value)
