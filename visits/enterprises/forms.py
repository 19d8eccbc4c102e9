"""Forms of the register."""

import re
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField
from wtforms.fields import SelectChoice, SelectField

from visits.core.errors import Refused
from visits.core.forms import BaseForm, choice, choices, day, long_text, member, text
from visits.core.i18n import N_
from visits.enterprises.columns import FIELDS
from visits.enterprises.models import CONTACT_LABELS, STATUS_LABELS, ContactRole, EnterpriseStatus
from visits.enterprises.operations import ContactEntry, EnterpriseEntry


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
    industry_code = text(_l("Industry code"), 10)
    established_on = day(_l("Date of registration"))
    capital_text = text(_l("Registered capital"), 60, hint=_l("As registered, e.g. 500万元."))
    former_names = long_text(_l("Former names"), 800, rows=2, hint=_l("One per line, the latest first."))
    tags = long_text(_l("Tags"), 400, rows=2, hint=_l("One per line or between commas."))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.status.choices = choices(STATUS_LABELS)

    def entry(self) -> EnterpriseEntry:
        plain: dict[str, Any] = {
            field.name: field.data if field.name in ("status_on", "established_on") else field.data or ""
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
    ended_on = day(_l("Since"), hint=_l("Today, if left empty."))


class UploadForm(BaseForm):
    file = FileField(
        _l("Spreadsheet"),
        validators=[FileRequired(_l("Choose a file."))],
        description=_l("xlsx, xls or csv, up to 20 MB; the first row holds the column headings."),
        render_kw={"accept": ".xlsx,.xls,.ods,.csv"},
    )


class ConfirmForm(BaseForm):
    """A form that only says yes."""


def mapping_form(header: list[str], mapping: dict[str, int]) -> BaseForm:
    """Make the form that maps each column of the file to a field of the register, or to none."""
    targets = [
        SelectChoice("", gettext("Leave out")),
        *(SelectChoice(f.key, gettext(f.label)) for f in FIELDS),
    ]
    by_column = {column: key for key, column in mapping.items()}
    fields = {
        f"column_{n}": SelectField(
            name or gettext("(no heading)"), choices=targets, default=by_column.get(n, "")
        )
        for n, name in enumerate(header)
    }
    return type("MappingForm", (BaseForm,), fields)()


def chosen_mapping(form: BaseForm, header: list[str]) -> dict[str, int]:
    """What a mapping form says, as {field: column}; two columns for one field are refused."""
    found: dict[str, int] = {}
    for n in range(len(header)):
        key = form[f"column_{n}"].data
        if key in found:
            other = header[found[key]] or gettext("(no heading)")
            raise Refused(
                N_("The column “%(other)s” goes there already. Leave one of the two out."),
                field=f"column_{n}",
                other=other,
            )
        if key:
            found[key] = n
    return found
