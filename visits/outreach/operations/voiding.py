"""How a visit is voided: it stays readable, leaves every figure, and each of its problems is decided on."""

from collections.abc import Mapping

from visits.core import audit
from visits.core.authz import Actor
from visits.core.clock import now
from visits.core.errors import NotAllowed, Refused
from visits.core.i18n import N_
from visits.issues import operations as issues
from visits.issues import queries as problems
from visits.outreach import queries
from visits.outreach.models import Visit
from visits.outreach.operations.amending import require_amendable
from visits.outreach.operations.checking import supersede_all
from visits.outreach.operations.following import tell_followers
from visits.outreach.operations.planning import release_plans

KEEP, VOID = "keep", "void"


def require_voidable(actor: Actor, visit: Visit) -> None:
    """Raise NotAllowed or WrongState where this person cannot void this visit now."""
    if not require_amendable(actor, visit).may_void:
        raise NotAllowed(
            N_("The days in which the author voids a visit are over. A coordinator does it now.")
        )


def void_visit(
    actor: Actor, visit: Visit, reason: str, decisions: Mapping[int, str], revision: int | None = None
) -> None:
    """Void a visit; `decisions` says of each of its problems, by id, whether it is kept or voided too.

    The plans it carried out are open again.
    """
    visit.require_revision(revision)
    require_voidable(actor, visit)
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
    supersede_all(actor, visit, visit.voided_at)
    release_plans(actor, visit)
    voided = [problem for problem in heard if decisions[problem.issue_id] == VOID]
    audit.record(actor, "visit.voided", visit, reason=reason, problems=[p.number for p in voided])
    for problem in voided:
        issues.void(actor, problems.get_visible(actor, problem.issue_id), reason)
    tell_followers(visit)
