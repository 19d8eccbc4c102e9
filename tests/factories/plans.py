"""Plans of visits, made as their owners would make them."""

from datetime import timedelta

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_enterprise
from visits.core.clock import today
from visits.core.permissions import Role
from visits.outreach import operations
from visits.outreach.operations import PlanEntry


def plan_entry(enterprise, **values):
    """A visit to plan, by default for tomorrow."""
    values.setdefault("planned_on", today() + timedelta(days=1))
    return PlanEntry(enterprise.id, **values)


def make_plan(enterprise=None, owner=None, **values):
    """A stored plan: by default a cadre's, for tomorrow."""
    owner = owner or make_person(roles=[Role.CADRE])
    return operations.plan_visit(actor_for(owner), plan_entry(enterprise or make_enterprise(), **values))
