"""Changes to the records of the register themselves."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from visits.core import audit
from visits.core.authz import Actor, require
from visits.core.clock import now, today
from visits.core.db import db, lock_name
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.enterprises import matching, queries, rules
from visits.enterprises.models import Enterprise, FormerName, StatusChange
from visits.enterprises.operations.entries import TYPED, EnterpriseEntry, require_sound
from visits.enterprises.operations.tags import grant_names


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
    holder = queries.holder_of(code)
    if holder is not None and holder.id != but:
        raise Refused(
            N_("This code belongs to %(name)s already. Open that record."), field="code", name=holder.name
        )
    return code


def _require_no_namesake(name: str, is_distinct: bool, but: int | None = None) -> None:
    if not is_distinct and (found := matching.namesakes(name, but)):
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
    require_sound(entry)
    code = _checked_code(entry)
    _require_no_namesake(entry.name, is_distinct)
    enterprise = Enterprise(
        code=code,
        name=entry.name,
        is_provisional=code is None,
        provisional_reason="" if code else entry.provisional_reason,
        status=entry.status,
        status_on=entry.status_on,
        **{key: getattr(entry, key) for key in TYPED},
        **capital_columns(entry.capital_text),
        **derived(entry.name, entry.short_name, entry.former_names, code),
    )
    db.session.add(enterprise)
    db.session.flush()  # names, tags and the log need the id
    db.session.add_all(FormerName(enterprise_id=enterprise.id, name=name) for name in entry.former_names)
    grant_names([(enterprise.id, name) for name in sorted(set(entry.tags))])
    log_status(enterprise, entry.status_on or today())
    audit.record(actor, action, enterprise, name=entry.name, code=code)
    return enterprise


def log_status(enterprise: Enterprise, from_on: date) -> None:
    """Note from which day the present status holds."""
    db.session.add(StatusChange(enterprise_id=enterprise.id, status=enterprise.status, from_on=from_on))


def _reading(enterprise: Enterprise) -> dict[str, Any]:
    keys = ("code", "name", "status", "status_on", "capital_text", "provisional_reason", *TYPED)
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
    require_sound(entry)
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
    log_status(enterprise, entry.status_on)


def _write(enterprise: Enterprise, entry: EnterpriseEntry, code: str | None, former: list[str]) -> None:
    enterprise.code, enterprise.is_provisional = code, code is None
    enterprise.provisional_reason = "" if code else entry.provisional_reason
    enterprise.name = entry.name
    columns = {key: getattr(entry, key) for key in TYPED} | capital_columns(entry.capital_text)
    columns |= derived(entry.name, entry.short_name, [*former, *queries.merged_codes(enterprise.id)], code)
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
