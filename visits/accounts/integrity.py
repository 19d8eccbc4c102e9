"""What must hold among people."""

import sqlalchemy as sa

from visits.accounts.models import Person, PersonRole
from visits.core.db import db
from visits.core.health import Finding, fine, wrong
from visits.core.i18n import N_
from visits.core.permissions import Role


def find_administrators() -> list[Finding]:
    """Whether somebody can look after accounts."""
    admins = db.session.scalar(
        sa.select(sa.func.count(Person.id))
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(PersonRole.role == Role.ADMIN, Person.disabled_at.is_(None))
    )
    if not admins:
        return [
            wrong(
                "administrator",
                N_(
                    "No administrator can sign in. Make one: flask --app wsgi users create --role admin "
                    "--username … --name …"
                ),
            )
        ]
    return [fine("administrator", N_("%(count)d administrators can sign in."), count=admins)]
