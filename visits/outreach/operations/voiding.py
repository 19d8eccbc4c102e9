"""How a visit is voided: it stays readable, leaves every figure, and each of its problems is decided on."""

from collections.abc import Mapping

from visits.core import audit
from visits.core.authz import Actor, can, reaches
from visits.core.clock import now
from visits.core.errors import NotAllowed, Refused
from visits.core.i18n import N_
from visits.core.permissions import Permission, Reach
from visits.issues import operations as issues
from visits.issues import queries as problems
from visits.outreach import queries
from visits.outreach.models import Visit
from visits.outreach.operations.amending import is_free, require_valid

KEEP, VOID = "keep", "void"


def may_void(actor: Actor, visit: Visit) -> bool:
    """The author in his free period, a coordinator at any time."""
    if visit.voided_at is not None or not can(actor, Permission.OUTREACH_AMEND, visit):
        return False
    return is_free(actor, visit) or Reach.ALL in reaches(actor.roles, Permission.OUTREACH_AMEND)


def void_visit(
    actor: Actor, visit: Visit, reason: str, decisions: Mapping[int, str], revision: int | None = None
) -> None:
    """Void a visit; `decisions` says of each of its problems, by id, whether it is kept or voided too."""
    visit.require_revision(revision)
    require_valid(visit)
    if not may_void(actor, visit):
        raise NotAllowed(
            N_("The days in which the author voids a visit are over. A coordinator does it now.")
        )
    if not reason.strip():
        raise Refused(N_("Write why the visit is void."), field="reason")
    heard = queries.heard_on(actor, visit.id)
    for problem in heard:
        if decisions.get(problem.issue_id) not in (KEEP, VOID):
            raise Refused(
                N_("Decide whether %(number)s is kept or voided too."),
                field=f"problem_{problem.issue_id}",
                number=problem.number,
            )
    visit.voided_at, visit.void_reason, visit.voided_by_id = now(), reason.strip(), actor.person_id
    voided = [problem for problem in heard if decisions[problem.issue_id] == VOID]
    audit.record(actor, "visit.voided", visit, reason=reason, problems=[p.number for p in voided])
    for problem in voided:
        issues.void(actor, problems.get_visible(actor, problem.issue_id), reason)
