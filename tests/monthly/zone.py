"""The worked example of November 2026, and the people who make its report."""

from types import SimpleNamespace

from tests.factories.accounts import actor_for, make_person
from tests.reports.example import lay_example
from visits.core.db import db
from visits.core.permissions import Role


def make_zone():
    """The example, with two coordinators, a supervisor, a leader and an auditor."""
    made = SimpleNamespace(world=lay_example(), people={}, actors={})
    roles = {
        "coordinator": Role.COORDINATOR,
        "second": Role.COORDINATOR,
        "supervisor": Role.SUPERVISOR,
        "leader": Role.LEADER,
        "auditor": Role.AUDITOR,
        "handler": Role.HANDLER,
    }
    for name, role in roles.items():
        made.people[name] = make_person([role], made.world.unit)
    db.session.commit()
    made.actors = {name: actor_for(person) for name, person in made.people.items()}
    return made
