"""What an office begins with: units, people, the register. Shown until all three are there."""

from dataclasses import dataclass

import sqlalchemy as sa

from visits.accounts.models import Person, Unit
from visits.core.authz import Actor, may
from visits.core.db import db
from visits.core.i18n import N_
from visits.core.permissions import Permission as P
from visits.enterprises.models import Enterprise


@dataclass(frozen=True)
class Step:
    """One of the first steps: what to do, what it is good for, where, by which right."""

    title: str
    use: str
    endpoint: str
    right: P


STEPS = (
    Step(N_("Enter the units"), N_("Problems are assigned to them."), "accounts.units", P.ACCOUNTS_ADMIN),
    Step(
        N_("Enter the people"),
        N_("Each with a unit and the roles that say what one may do."),
        "accounts.people",
        P.ACCOUNTS_ADMIN,
    ),
    Step(
        N_("Import the list of enterprises"),
        N_("Visits and problems belong to an enterprise of it."),
        "imports.start",
        P.ENTERPRISES_IMPORT,
    ),
)


def first_steps(actor: Actor) -> list[tuple[Step, bool]]:
    """The first steps to which a person has a right, each with whether it is done; none once all are."""
    rights = [may(actor, step.right) for step in STEPS]
    if not any(rights):
        return []
    there = (Unit.id.is_not(None), Person.id != actor.person_id, Enterprise.id.is_not(None))
    done = db.session.execute(sa.select(*(sa.exists().where(one) for one in there))).one()
    steps = [row for row, is_mine in zip(zip(STEPS, done, strict=True), rights, strict=True) if is_mine]
    return (
        [] if all(is_done for _, is_done in steps) else [(step, bool(is_done)) for step, is_done in steps]
    )
