"""Every change to the register."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from visits.core import audit
from visits.core.authz import Actor, can, require
from visits.core.clock import now, today
from visits.core.db import db, lock_name
from visits.core.errors import NotAllowed, Refused
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.enterprises import queries, rules
from visits.enterprises.models import (
    Contact,
    ContactRole,
    Enterprise,
    EnterpriseStatus,
    FormerName,
    StatusChange,
    Tag,
    TagGrant,
)

TOO_LONG = N_("One of these is longer than %(most)d characters.")
IMPOSSIBLE_DAY = N_("An enterprise is registered between the year 1900 and today. Correct the date.")
STANDARD_TAGS = (
    ("above_scale", "规上企业"),
    ("above_quota", "限上企业"),
    ("hundred_million_output", "亿元产值企业"),
    ("srdi", "专精特新中小企业"),
    ("little_giant", "专精特新“小巨人”企业"),
    ("innovative_sme", "创新型中小企业"),
    ("tech_sme", "科技型中小企业"),
    ("hitech", "高新技术企业"),
    ("chain_leader", "链主企业"),
    ("listed", "上市企业"),
    ("pre_listed", "拟上市企业"),
    ("key", "重点企业"),
)
OWN_TAGS = 1000  # kinds an office adds stand behind the standard ones
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
    former_names: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


@dataclass
class ContactEntry:
    """What is entered about somebody to ring at an enterprise."""

    role: ContactRole
    name: str
    post: str = ""
    phone: str = ""


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


def _require_sound(entry: EnterpriseEntry) -> None:
    if long := too_long(entry.former_names, entry.tags):
        raise Refused(TOO_LONG, field=long.field, most=long.most)
    if entry.established_on and not rules.is_possible_day(entry.established_on, today()):
        raise Refused(IMPOSSIBLE_DAY, field="established_on")
    if entry.status_on and entry.status_on > today():
        raise Refused(N_("The day of the new status lies in the future."), field="status_on")


def derived(name: str, short_name: str, former_names: Sequence[str], code: str | None) -> dict[str, str]:
    """The columns that follow from the names: key against duplicates, sort key, search text."""
    return {
        "name_key": rules.fold_name(name),
        "pinyin": rules.pinyin_key(name)[:200],
        "search_text": rules.search_text(name, short_name, former_names, code),
    }


def capital_columns(text: str) -> dict[str, Any]:
    """The registered capital as written, and as an amount in its currency where it can be read."""
    capital = rules.parse_capital(text)
    return {
        "capital_text": text,
        "capital_amount": capital.amount if capital else None,
        "capital_currency": capital.currency if capital else None,
    }


def _checked_code(entry: EnterpriseEntry, but: int | None = None) -> str | None:
    code = rules.normalise_code(entry.code)
    if not code:
        if not entry.provisional_reason:
            raise Refused(
                N_("Enter the credit code; without one, say why it is missing."), field="provisional_reason"
            )
        return None
    if problem := rules.check_code(code):
        raise Refused(problem.message, field="code", **problem.params)
    holder = queries.get_by_code(code)
    if holder is not None and holder.id != but:
        raise Refused(
            N_("This code belongs to %(name)s already. Open that record."), field="code", name=holder.name
        )
    return code


def _require_no_namesake(name: str, is_distinct: bool, but: int | None = None) -> None:
    if not is_distinct and (found := queries.namesakes(name, but)):
        raise Refused(
            N_("The register has %(name)s (%(code)s). If this is another enterprise, tick that it is."),
            field="name",
            name=found[0].name,
            code=found[0].code or "–",
        )


def register_enterprise(actor: Actor, entry: EnterpriseEntry, is_distinct: bool = False) -> Enterprise:
    """Put an enterprise into the register; `is_distinct` overrides the warning of a namesake."""
    require(actor, Permission.ENTERPRISES_WRITE)
    return _register(actor, entry, is_distinct, "enterprise.registered")


def register_provisional(actor: Actor, name: str, reason: str) -> Enterprise:
    """Put an enterprise met on a visit, whose code nobody knows yet, on the list to be completed."""
    require(actor, Permission.ENTERPRISES_PROVISION)
    entry = EnterpriseEntry(name=name, provisional_reason=reason)
    return _register(actor, entry, False, "enterprise.provisioned")


def _register(actor: Actor, entry: EnterpriseEntry, is_distinct: bool, action: str) -> Enterprise:
    lock_name("register")
    _require_sound(entry)
    code = _checked_code(entry)
    _require_no_namesake(entry.name, is_distinct)
    enterprise = Enterprise(
        code=code,
        name=entry.name,
        is_provisional=code is None,
        provisional_reason="" if code else entry.provisional_reason,
        status=entry.status,
        status_on=entry.status_on,
        **{key: getattr(entry, key) for key in PLAIN},
        **capital_columns(entry.capital_text),
        **derived(entry.name, entry.short_name, entry.former_names, code),
    )
    db.session.add(enterprise)
    db.session.flush()  # names, tags and the log need the id
    db.session.add_all(FormerName(enterprise_id=enterprise.id, name=name) for name in entry.former_names)
    grant_names([(enterprise.id, name) for name in sorted(set(entry.tags))])
    _log_status(enterprise, entry.status_on or today())
    audit.record(actor, action, enterprise, name=entry.name, code=code)
    return enterprise


def _log_status(enterprise: Enterprise, from_on: date) -> None:
    db.session.add(StatusChange(enterprise_id=enterprise.id, status=enterprise.status, from_on=from_on))


def _reading(enterprise: Enterprise) -> dict[str, Any]:
    keys = ("code", "name", "status", "status_on", "capital_text", "provisional_reason", *PLAIN)
    return {key: getattr(enterprise, key) for key in keys}


def update_enterprise(
    actor: Actor,
    enterprise: Enterprise,
    entry: EnterpriseEntry,
    revision: int | None,
    is_distinct: bool = False,
) -> None:
    """Change a record; the old name stays among the former ones, a changed status keeps its day."""
    require(actor, Permission.ENTERPRISES_WRITE)
    lock_name("register")
    enterprise.require_revision(revision)
    _require_sound(entry)
    code = _checked_code(entry, enterprise.id)
    if code is None and enterprise.code:
        raise Refused(N_("A code once entered can be corrected, but not removed."), field="code")
    former = list(dict.fromkeys(entry.former_names))
    if rules.fold_name(entry.name) != enterprise.name_key:
        _require_no_namesake(entry.name, is_distinct, enterprise.id)
        former = [enterprise.name, *former]
    before = _reading(enterprise) | {"former_names": queries.former_names_of(enterprise.id)}
    before["tags"] = queries.tags_of(enterprise.id)
    _set_status(enterprise, entry)
    _write(enterprise, entry, code, former)
    after = _reading(enterprise) | {"former_names": former, "tags": sorted(set(entry.tags))}
    audit.record(actor, "enterprise.updated", enterprise, **audit.difference(before, after))


def _set_status(enterprise: Enterprise, entry: EnterpriseEntry) -> None:
    if entry.status == enterprise.status:
        return
    if entry.status_on is None:
        raise Refused(N_("Say from which day the new status holds."), field="status_on")
    enterprise.status, enterprise.status_on = entry.status, entry.status_on
    _log_status(enterprise, entry.status_on)


def _write(enterprise: Enterprise, entry: EnterpriseEntry, code: str | None, former: list[str]) -> None:
    enterprise.code, enterprise.is_provisional = code, code is None
    enterprise.provisional_reason = "" if code else entry.provisional_reason
    enterprise.name = entry.name
    columns = {key: getattr(entry, key) for key in PLAIN} | capital_columns(entry.capital_text)
    columns |= derived(entry.name, entry.short_name, former, code)
    for key, value in columns.items():
        setattr(enterprise, key, value)
    replace_names(enterprise.id, former, entry.tags)


def replace_names(enterprise_id: int, former: Sequence[str], tags: Sequence[str]) -> None:
    """Set an enterprise's former names (latest first) and the tags it has today; rows that stay keep."""
    db.session.execute(
        sa.delete(FormerName).where(
            FormerName.enterprise_id == enterprise_id, FormerName.name.not_in(list(former))
        )
    )
    known = set(queries.former_names_of(enterprise_id))
    db.session.add_all(
        FormerName(enterprise_id=enterprise_id, name=name) for name in reversed(former) if name not in known
    )
    names = queries.tag_ids(tags)
    held = queries.grants_of(enterprise_id)
    for grant in held:
        if grant.tag_id not in names.values():
            grant.removed_at = now()
    kept = {grant.tag_id for grant in held}
    grant_names([(enterprise_id, name) for name in sorted(set(tags)) if names.get(name) not in kept])


def create_standard_tags(actor: Actor) -> None:
    """Create the kinds of tags an office begins with, those that are missing."""
    taken = queries.tag_codes()
    missing = [(n, code, name) for n, (code, name) in enumerate(STANDARD_TAGS, 1) if code not in taken]
    db.session.add_all(Tag(code=code, name=name, position=n * 10) for n, code, name in missing)
    audit.record(actor, "tags.started", codes=[code for _, code, _ in missing])


def grant_names(pairs: Sequence[tuple[int, str]]) -> list[TagGrant]:
    """Give enterprises tags by name, without level or dates; an unknown name becomes a kind of its own."""
    wanted = list(dict.fromkeys(name for _, name in pairs))
    if not wanted:
        return []
    known = queries.tag_ids(wanted)
    fresh = [Tag(name=name, position=OWN_TAGS) for name in wanted if name not in known]
    db.session.add_all(fresh)
    db.session.flush()  # the grants need the ids
    known |= {tag.name: tag.id for tag in fresh}
    grants = [TagGrant(enterprise_id=i, tag_id=known[name]) for i, name in pairs]
    db.session.add_all(grants)
    return grants


def add_contact(actor: Actor, enterprise: Enterprise, entry: ContactEntry) -> Contact:
    """Add somebody to ring at an enterprise."""
    require(actor, Permission.ENTERPRISES_WRITE)
    contact = Contact(enterprise_id=enterprise.id, **asdict(entry))
    db.session.add(contact)
    audit.record(actor, "contact.added", enterprise, name=entry.name, role=entry.role)
    return contact


def remove_contact(actor: Actor, enterprise: Enterprise, contact: Contact) -> None:
    """Take a contact off the list; the row stays for the log."""
    require(actor, Permission.ENTERPRISES_WRITE)
    contact.removed_at = now()
    audit.record(actor, "contact.removed", enterprise, name=contact.name)


def reveal_contact(actor: Actor, enterprise: Enterprise, contact: Contact) -> str:
    """Give out a contact's whole phone number, and log who asked."""
    if not can(actor, Permission.ENTERPRISES_REVEAL, enterprise):
        raise NotAllowed(N_("You may see the phones of the enterprises you answer for. Ask the office."))
    audit.record(actor, "contact.revealed", enterprise, contact=contact.id)
    return contact.phone


def save_import(
    actor: Actor,
    created: Sequence[dict[str, Any]],
    updated: Sequence[tuple[Enterprise, dict[str, Any]]],
    filename: str,
) -> list[int]:
    """Write what an import found new or changed; return the ids of the new, in order.

    `created` holds whole rows of columns; `updated` pairs a record with its changed columns.
    """
    require(actor, Permission.ENTERPRISES_IMPORT)
    stmt = sa.insert(Enterprise).returning(Enterprise.id, sort_by_parameter_order=True)
    ids = list(db.session.scalars(stmt, list(created))) if created else []
    if ids:
        day = today()
        changes = [
            {"enterprise_id": i, "status": row["status"], "from_on": row["status_on"] or day}
            for i, row in zip(ids, created, strict=True)
        ]
        db.session.execute(sa.insert(StatusChange), changes)
    for enterprise, columns in updated:
        before = {key: getattr(enterprise, key) for key in columns}
        for key, value in columns.items():
            setattr(enterprise, key, value)
        if "status" in columns:
            _log_status(enterprise, columns.get("status_on") or today())
        audit.record(actor, "enterprise.updated", enterprise, **audit.difference(before, columns))
    audit.record(actor, "enterprises.imported", file=filename, created=len(ids), updated=len(updated))
    return ids


def save_import_details(
    names: Sequence[tuple[int, str]],
    tags: Sequence[tuple[int, str]],
    contacts: Sequence[tuple[int, dict[str, str]]],
) -> None:
    """Write the former names, tags and liaisons an import brought, each beside its enterprise's id."""
    db.session.add_all(FormerName(enterprise_id=i, name=name) for i, name in names)
    grant_names(tags)
    db.session.add_all(Contact(enterprise_id=i, role=ContactRole.LIAISON, **parts) for i, parts in contacts)
