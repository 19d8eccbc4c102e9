"""Forms of the register."""

import re
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from visits.core.forms import BaseForm, choice, choices, day, long_text, member, text
from visits.enterprises.models import (
    CONTACT_LABELS,
    OWNERSHIP_LABELS,
    STATUS_LABELS,
    ContactRole,
    EnterpriseStatus,
    Ownership,
)
from visits.enterprises.operations import ContactEntry, EnterpriseEntry

OPTIONAL = ("status_on", "established_on", "ownership")


def lines(value: str | None) -> list[str]:
    """The entries of a field that holds one per line, or between commas."""
    return list(
        dict.fromkeys(part.strip() for part in re.split(r"[\n,，、;；]", value or "") if part.strip())
    )


class EnterpriseForm(BaseForm):
    name = text(_l("Enterprise name"), 120, required=True)
    code = text(
        _l("Unified social credit code"), 40, hint=_l("18 characters; the last one checks the others.")
    )
    provisional_reason = text(
        _l("Why there is no code"), 200, hint=_l("Only without a code: the record is then provisional.")
    )
    is_distinct = BooleanField(_l("This is another enterprise than the one of the same name"))
    short_name = text(_l("Short name"), 40)
    status = choice(_l("Status"), required=True, coerce=member(EnterpriseStatus))
    status_on = day(_l("Status since"), hint=_l("Needed when the status changes."))
    district = text(_l("District"), 60)
    street = text(_l("Street"), 60)
    address = text(_l("Address"), 200)
    park = text(_l("Park"), 60)
    legal_form = text(_l("Legal form"), 60)
    ownership = choice(_l("Ownership"), coerce=member(Ownership))
    industry_code = text(_l("Industry code"), 10)
    established_on = day(_l("Date of registration"))
    capital_text = text(_l("Registered capital"), 60, hint=_l("As registered, e.g. 500万元."))
    former_names = long_text(_l("Former names"), 800, rows=2, hint=_l("One per line, the latest first."))
    tags = long_text(_l("Tags"), 400, rows=2, hint=_l("One per line or between commas."))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.status.choices = choices(STATUS_LABELS)
        self.ownership.choices = choices(OWNERSHIP_LABELS, blank=gettext("Not known"))

    def entry(self) -> EnterpriseEntry:
        plain: dict[str, Any] = {
            field.name: field.data if field.name in OPTIONAL else field.data or ""
            for field in self
            if field.name in EnterpriseEntry.__dataclass_fields__
        }
        plain["former_names"], plain["tags"] = lines(self.former_names.data), lines(self.tags.data)
        return EnterpriseEntry(**plain)


class ContactForm(BaseForm):
    role = choice(_l("Role"), required=True, coerce=member(ContactRole))
    name = text(_l("Name"), 60, required=True)
    post = text(_l("Post"), 60)
    phone = text(_l("Phone"), 30)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.role.choices = choices(CONTACT_LABELS)

    def entry(self) -> ContactEntry:
        return ContactEntry(
            self.role.data, self.name.data or "", self.post.data or "", self.phone.data or ""
        )


class EndContactForm(BaseForm):
    reason = text(
        _l("Why"), 200, required=True, hint=_l("For example: has left the enterprise, number is dead.")
    )
    ended_on = day(_l("Last day"), hint=_l("Today, if left empty."))
