"""Set-up: the first person, the two programmes, the categories, the time limits, the calendar."""

from dataclasses import dataclass

from visits.accounts import operations as accounts
from visits.accounts import queries as account_queries
from visits.accounts.models import Person
from visits.core.authz import SYSTEM
from visits.core.calendar import fill_calendar
from visits.core.clock import today
from visits.core.db import lock_name
from visits.core.errors import NotFound
from visits.core.permissions import Role
from visits.core.settings import set_setting
from visits.enterprises.operations import create_standard_tags
from visits.issues.operations import create_starter_categories, create_starter_limits
from visits.programmes.operations import create_standard_programmes

FIRST_CALENDAR_YEAR = 2018


@dataclass
class SetUpEntry:
    """What the set-up page asks."""

    zone_name: str
    username: str
    name: str
    password: str
    is_coordinator: bool = True


def lay_foundation() -> None:
    """Create what every office starts from, as far as it is missing."""
    create_standard_programmes(SYSTEM)
    create_standard_tags(SYSTEM)
    create_starter_categories(SYSTEM)
    create_starter_limits(SYSTEM)
    fill_calendar(range(FIRST_CALENDAR_YEAR, today().year + 2))


def set_up(entry: SetUpEntry) -> Person:
    """Make an empty installation usable: its first person is administrator and, if wished, coordinator.

    Raises NotFound once anybody exists: the page is there for the first person only.
    """
    lock_name("set-up")
    if account_queries.count_people():
        raise NotFound()
    set_setting("zone_name", entry.zone_name)
    lay_foundation()
    roles = [Role.ADMIN, Role.COORDINATOR] if entry.is_coordinator else [Role.ADMIN]
    person = accounts.PersonEntry(username=entry.username, name=entry.name, roles=roles)
    return accounts.create_person(SYSTEM, person, entry.password)
