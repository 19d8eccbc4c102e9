"""Changes to who is away, and who stands in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from visits.accounts import queries
from visits.accounts.models import Delegation
from visits.accounts.rules import FURTHEST_ABSENCE
from visits.core import audit
from visits.core.authz import Actor, require
from visits.core.clock import today
from visits.core.db import db, lock_name
from visits.core.errors import NotAllowed, Refused, WrongState
from visits.core.i18n import N_
from visits.core.permissions import Permission

Teller = Callable[[Actor, Delegation, str], object]
_tellers: list[Teller] = []


def let_tell(tell: Teller) -> None:
    """Have a deputy told by this, in the transaction in which somebody is named."""
    _tellers[:] = [tell]


@dataclass(frozen=True)
class AbsenceEntry:
    """From which to which day somebody is away, who stands in, and why."""

    from_on: date
    last_on: date
    deputy_id: int | None
    reason: str = ""


def name_deputy(
    actor: Actor, entry: AbsenceEntry, absent: Actor | None = None
) -> tuple[Delegation, list[str]]:
    """Say who stands in while the actor, or with the right to it somebody else, is away.

    Also names those for whom the absent person was to stand in.
    """
    absent = absent or actor
    if absent.person_id is None:
        raise NotAllowed()
    if absent.person_id != actor.person_id:
        require(actor, Permission.ACCOUNTS_ADMIN)
    until_on = _checked_until(entry)
    deputy_id = _checked_deputy(absent, entry.deputy_id)
    lock_name(f"absences-{min(absent.person_id, deputy_id)}")
    if queries.absent_between(absent.person_id, entry.from_on, until_on):
        raise Refused(N_("Another absence shares days with this one. End it first."), field="from_on")
    if queries.absent_between(deputy_id, entry.from_on, until_on):
        raise Refused(
            N_("That person is away on some of these days too. Choose somebody else."), field="deputy_id"
        )
    made = Delegation(
        person_id=absent.person_id,
        deputy_id=deputy_id,
        from_on=entry.from_on,
        until_on=until_on,
        reason=entry.reason.strip(),
        made_by_id=actor.person_id,
    )
    db.session.add(made)
    said = {"from_on": made.from_on.isoformat(), "until_on": entry.last_on.isoformat()}
    if absent.person_id != actor.person_id:
        said["absent"] = absent.name
    db.session.flush()
    audit.record(actor, "absence.begun", made, person=made.deputy_id, **said)
    for tell in _tellers:
        tell(actor, made, absent.name)
    return made, queries.stood_in_for(absent.person_id, entry.from_on, until_on)


def _checked_until(entry: AbsenceEntry) -> date:
    """The first day of being there again."""
    if entry.last_on < today() or entry.last_on > today() + FURTHEST_ABSENCE:
        raise Refused(N_("The last day lies in the past or too far ahead. Correct it."), field="last_on")
    if entry.from_on > entry.last_on:
        raise Refused(N_("The absence ends before it begins. Correct the days."), field="last_on")
    return entry.last_on + timedelta(days=1)


def _checked_deputy(absent: Actor, deputy_id: int | None) -> int:
    if deputy_id is None or deputy_id not in dict(queries.possible_deputies(absent)):
        raise Refused(
            N_(
                "Choose somebody else with an account who does the same work: with a role of the absent "
                "person, and for a unit's problems in the same unit."
            ),
            field="deputy_id",
        )
    return deputy_id


def end_absence(actor: Actor, delegation: Delegation) -> None:
    """Be there again from today on; an absence that has not begun is as if it had never been planned."""
    if delegation.person_id != actor.person_id:
        require(actor, Permission.ACCOUNTS_ADMIN)
    delegation.until_on = max(delegation.from_on, min(delegation.until_on, today()))
    audit.record(actor, "absence.ended", delegation)


def pass_absence(actor: Actor, absence: Delegation, deputy_id: int, from_on: date) -> None:
    """Let somebody else stand in from a day on; up to it, the former deputy did.

    The caller has looked at the right: a handover is agreed between two people.
    """
    start, until_on = max(from_on, absence.from_on), absence.until_on
    if until_on <= start:
        raise WrongState(N_("This absence is over by then; nobody has to stand in."))
    absent = queries.get_person(absence.person_id)
    name = absent.name if absent else ""
    lock_name(f"absences-{min(absence.person_id, deputy_id)}")
    if queries.why_not_stand_in(absence, deputy_id, start):
        raise Refused(
            N_(
                "You cannot stand in for %(who)s: it is yourself, you are away too, or you do other work. "
                "Decline it, and the office finds somebody else."
            ),
            field="item_ids",
            who=name,
        )
    former, absence.until_on = absence.deputy_id, start
    new = Delegation(
        person_id=absence.person_id,
        deputy_id=deputy_id,
        from_on=start,
        until_on=until_on,
        reason=absence.reason,
        made_by_id=actor.person_id,
    )
    db.session.add(new)
    db.session.flush()
    said = {"person": [former, deputy_id], "from_on": start.isoformat()}
    audit.record(actor, "absence.passed_on", new, absent=name, **said)


def end_absences_of(person_id: int) -> None:
    """Nobody stands in any more for somebody whose account is disabled."""
    for absence in queries.absences_not_over(person_id):
        absence.until_on = max(absence.from_on, today())
