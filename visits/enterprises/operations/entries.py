"""What is entered about an enterprise, and what makes an entry sound."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from visits.core.clock import today
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.enterprises import rules
from visits.enterprises.models import ContactRole, EnterpriseStatus, Measure, Ownership, TagLevel

TOO_LONG = N_("One of these is longer than %(most)d characters.")
IMPOSSIBLE_DAY = N_("An enterprise is registered between the year 1900 and today. Correct the date.")

PLAIN = (
    "short_name",
    "legal_form",
    "industry_code",
    "established_on",
    "park",
    "district",
    "street",
    "address",
)
# Columns that change only together.
FOLLOWERS = {
    "code": ("code", "is_provisional", "provisional_reason"),
    "status": ("status", "status_on"),
    "capital_text": ("capital_text", "capital_amount", "capital_currency"),
}
DERIVED = ("name_key", "pinyin", "search_text")
# What a form changes as it is typed.
TYPED = (*PLAIN, "ownership")
# What a merge lets one choose, field by field.
CHOOSABLE = ("name", "code", "status", "capital_text", *TYPED)


@dataclass
class EnterpriseEntry:
    """What is entered about an enterprise. Without a code a reason makes it provisional (暂存)."""

    name: str
    code: str = ""
    provisional_reason: str = ""
    short_name: str = ""
    status: EnterpriseStatus = EnterpriseStatus.NORMAL
    status_on: date | None = None
    legal_form: str = ""
    industry_code: str = ""
    established_on: date | None = None
    capital_text: str = ""
    park: str = ""
    district: str = ""
    street: str = ""
    address: str = ""
    ownership: Ownership | None = None
    former_names: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


@dataclass
class ContactEntry:
    """What is entered about somebody to ring at an enterprise."""

    role: ContactRole
    name: str
    post: str = ""
    phone: str = ""


@dataclass
class GrantEntry:
    """What is entered about a tag: until which day (inclusive) it holds, by which document."""

    tag_id: int
    level: TagLevel | None = None
    granted_on: date | None = None
    expires_on: date | None = None
    document_no: str = ""


@dataclass
class FactEntry:
    """One figure of one year, as typed; `unit` is a key of `rules.UNITS`."""

    year: int
    measure: Measure
    value: Decimal
    unit: str
    source: str


@dataclass
class SiteEntry:
    """What is entered about a place of business besides the registered address."""

    name: str
    address: str
    street: str = ""


class ListProblem(NamedTuple):
    """A list with an entry longer than allowed."""

    field: str
    most: int


def too_long(former_names: Sequence[str], tags: Sequence[str]) -> ListProblem | None:
    """The first of the two lists that holds an entry too long, if any."""
    lists = (("former_names", former_names, rules.NAME_LENGTH), ("tags", tags, rules.TAG_LENGTH))
    wrong = (
        ListProblem(field, most)
        for field, entries, most in lists
        if max(map(len, entries), default=0) > most
    )
    return next(wrong, None)


def require_sound(entry: EnterpriseEntry) -> None:
    """Refuse an entry with names too long or impossible days."""
    if long := too_long(entry.former_names, entry.tags):
        raise Refused(TOO_LONG, field=long.field, most=long.most)
    if entry.established_on and not rules.is_possible_day(entry.established_on, today()):
        raise Refused(IMPOSSIBLE_DAY, field="established_on")
    if entry.status_on and entry.status_on > today():
        raise Refused(N_("The day of the new status lies in the future."), field="status_on")
