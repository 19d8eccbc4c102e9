"""What happens to handovers by itself: on their day, what was accepted before goes over."""

from datetime import date

from visits.core.authz import SYSTEM
from visits.core.i18n import N_
from visits.core.scheduling import Job
from visits.handover import operations, queries


def _settle(handover_id: int, _on: date) -> bool:
    return operations.settle_due(SYSTEM, handover_id)


JOBS = (
    Job(
        "handover.due",
        queries.due_on,
        _settle,
        N_("Lets what was accepted beforehand go over on the day of its handover."),
        N_("Handovers whose day has come: %(count)d"),
    ),
)
