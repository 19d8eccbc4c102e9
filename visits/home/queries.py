"""What the pages of home read across the slices."""

from dataclasses import dataclass
from typing import Any

from visits.core.authz import Actor, can
from visits.core.permissions import Permission
from visits.enterprises import queries as enterprises
from visits.enterprises import rules
from visits.enterprises.models import Enterprise


@dataclass(frozen=True)
class EnterpriseFile:
    """Everything one page says about an enterprise (一企一档)."""

    enterprise: Enterprise
    former_names: list[str]
    tags: list[str]
    contacts: list[tuple[Any, str]]
    may_reveal: bool


def enterprise_file(actor: Actor, enterprise: Enterprise) -> EnterpriseFile:
    """Gather an enterprise's file; phones come masked."""
    contacts = enterprises.contacts_of(enterprise.id)
    return EnterpriseFile(
        enterprise=enterprise,
        former_names=enterprises.former_names_of(enterprise.id),
        tags=enterprises.tags_of(enterprise.id),
        contacts=[(contact, rules.mask_phone(contact.phone)) for contact in contacts],
        may_reveal=can(actor, Permission.ENTERPRISES_REVEAL, enterprise),
    )
