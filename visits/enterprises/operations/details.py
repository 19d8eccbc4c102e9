"""Changes to what hangs on a record: contacts, sites, yearly facts."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal

from visits.core import audit
from visits.core.authz import Actor, can, require
from visits.core.clock import now, today
from visits.core.db import db
from visits.core.errors import NotAllowed, Refused, WrongState
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.enterprises import profile, queries, rules
from visits.enterprises.models import Contact, Enterprise, Site, YearlyFact
from visits.enterprises.operations.entries import ContactEntry, FactEntry, SiteEntry


def add_contact(actor: Actor, enterprise: Enterprise, entry: ContactEntry) -> Contact:
    """Add somebody to ring at an enterprise."""
    require(actor, Permission.ENTERPRISES_WRITE)
    contact = Contact(enterprise_id=enterprise.id, **asdict(entry))
    db.session.add(contact)
    audit.record(actor, "contact.added", enterprise, name=entry.name, role=entry.role)
    return contact


def end_contact(
    actor: Actor, enterprise: Enterprise, contact: Contact, reason: str, ended_on: date | None
) -> None:
    """Take a contact off the list from a day on; the row stays, with the reason."""
    require(actor, Permission.ENTERPRISES_WRITE)
    if contact.removed_at is not None:
        raise WrongState(N_("This contact is off the list already."))
    if ended_on is not None and ended_on > today():
        raise Refused(N_("This day lies in the future."), field="ended_on")
    contact.removed_at, contact.ended_on, contact.end_reason = now(), ended_on or today(), reason
    audit.record(actor, "contact.removed", enterprise, name=contact.name, reason=reason)


def verify_contact(actor: Actor, enterprise: Enterprise, contact: Contact) -> None:
    """Note that a contact was found right today."""
    require(actor, Permission.ENTERPRISES_VERIFY)
    contact.last_verified_on = today()
    audit.record(actor, "contact.verified", enterprise, contact=contact.id)


def reveal_contact(actor: Actor, enterprise: Enterprise, contact: Contact) -> str:
    """Give out a contact's whole phone number, and log who asked."""
    if not can(actor, Permission.ENTERPRISES_REVEAL, enterprise):
        raise NotAllowed(N_("You may see the phones of the enterprises you answer for. Ask the office."))
    audit.record(actor, "contact.revealed", enterprise, contact=contact.id)
    return contact.phone


def record_fact(actor: Actor, enterprise: Enterprise, entry: FactEntry) -> YearlyFact:
    """Note a figure of a year; one known already is superseded, not overwritten."""
    require(actor, Permission.ENTERPRISES_WRITE)
    value, unit = _checked_figure(entry)
    queries.lock_enterprise(enterprise.id)
    present = profile.present_fact(enterprise.id, entry.year, entry.measure)
    if present is not None and (present.value, present.source) == (value, entry.source):
        raise Refused(N_("This figure from this source is known already."), field="value")
    fact = YearlyFact(
        enterprise_id=enterprise.id,
        year=entry.year,
        measure=entry.measure,
        value=value,
        unit=unit,
        source=entry.source,
        recorded_by_id=actor.person_id,
    )
    if present is not None:
        present.superseded_at = now()
    db.session.add(fact)
    before = str(present.value) if present is not None else None
    key = {"year": entry.year, "measure": entry.measure}
    audit.record(actor, "fact.recorded", enterprise, **key, value=[before, str(value)], source=entry.source)
    return fact


def _checked_figure(entry: FactEntry) -> tuple[Decimal, str]:
    if not rules.EARLIEST.year <= entry.year <= today().year:
        raise Refused(
            N_("The year lies between %(first)s and %(last)s."),
            field="year",
            first=rules.EARLIEST.year,
            last=today().year,
        )
    is_people = rules.unit_of(entry.measure) == "人"
    if is_people != (entry.unit == "人"):
        raise Refused(N_("Staff is counted in 人, all else in 元, 万元 or 亿元."), field="unit")
    value, unit = rules.in_base_unit(entry.value, entry.unit)
    if not 0 <= value < rules.FIGURE_LIMIT or (is_people and value != value.to_integral_value()):
        raise Refused(N_("This is no such figure. Check the number and its unit."), field="value")
    return value, unit


def open_site(actor: Actor, enterprise: Enterprise, entry: SiteEntry) -> Site:
    """Add a place of business."""
    require(actor, Permission.ENTERPRISES_WRITE)
    site = Site(enterprise_id=enterprise.id, **asdict(entry))
    db.session.add(site)
    audit.record(actor, "site.opened", enterprise, name=entry.name, address=entry.address)
    return site


def close_site(actor: Actor, enterprise: Enterprise, site: Site) -> None:
    """Note that a place of business is given up today; the row stays."""
    require(actor, Permission.ENTERPRISES_WRITE)
    if site.ended_on is None:
        site.ended_on = today()
        audit.record(actor, "site.closed", enterprise, name=site.name)
