"""Units and people, made as an administrator would make them."""

from datetime import date
from itertools import count

from visits.accounts import operations, queries
from visits.accounts.operations import PersonEntry
from visits.core.authz import SYSTEM
from visits.core.clock import today
from visits.programmes.queries import group_ids_of

SINCE = date(2020, 1, 1)
PASSWORD = "梧桐 correct stapler 93"
_number = count(1)


def make_unit(name=None, head_confirms=False):
    """A unit."""
    return operations.create_unit(SYSTEM, name or f"第{next(_number)}科室", head_confirms)


def make_person(roles=(), unit=None, name=None, username=None, password=None, since=SINCE):
    """A person with these roles, in the unit since long ago; with a password only where one is given."""
    number = next(_number)
    entry = PersonEntry(
        username=username or f"person{number}",
        name=name or f"人员{number}",
        roles=roles,
        unit_id=unit.id if unit else None,
        since=since if unit else None,
    )
    return operations.create_person(SYSTEM, entry, password)


def actor_for(person):
    """The actor a person is today."""
    return queries.actor_of(person.id, person.name, group_ids_of(person.id, today()))
