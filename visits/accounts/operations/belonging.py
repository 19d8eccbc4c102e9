"""Changes to which unit a person belongs to, from which day on."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from visits.accounts import queries
from visits.accounts.models import Person, UnitMembership
from visits.accounts.rules import ALWAYS
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.periods import local_date

Held = Sequence[UnitMembership]


def set_unit(person: Person, unit_id: int | None, since: date | None) -> dict[str, Any]:
    """Let a person belong to a unit, or to none, from a day on; say for the log what changed.

    Without a day the first unit holds from always and a change from today on. A day with the unit that the
    person is in already corrects since when. A day that cannot be taken is refused.
    """
    if since is not None and since < ALWAYS:
        raise Refused(N_("The date lies before the year 1900. Correct it."), field="since")
    held = queries.real_memberships(person.id)
    if since is None:
        if unit_id == _unit_on(held, today()):
            return {}
        return _change(person, held, unit_id, _usual_day(person, held))
    if begun := _to_correct(held, unit_id, since):
        return _correct_start(held, begun, since)
    return _change(person, held, unit_id, since)


def _usual_day(person: Person, held: Held) -> date:
    """From when a unit holds for which no day is given.

    Another unit on the day on which the person was entered mends a slip: it takes the place of a first one
    for which no day was given either.
    """
    if not held:
        return ALWAYS
    is_slip = [m.from_on for m in held] == [ALWAYS] and local_date(person.created_at) == today()
    return ALWAYS if is_slip else today()


def _on(held: Held, day: date) -> UnitMembership | None:
    """The membership that holds on a day (the earliest joined, if several)."""
    return next((m for m in held if m.from_on <= day and (m.until_on is None or m.until_on > day)), None)


def _unit_on(held: Held, day: date) -> int | None:
    membership = _on(held, day)
    return membership.unit_id if membership else None


def _to_correct(held: Held, unit_id: int | None, since: date) -> UnitMembership | None:
    """The membership whose start a day for this unit corrects: the last if open, else today's."""
    last, present = held[-1] if held else None, _on(held, today())
    if last and last.unit_id == unit_id and last.until_on is None:
        return last
    return present if present and present.unit_id == unit_id and since <= today() else None


def _correct_start(held: Held, begun: UnitMembership, since: date) -> dict[str, Any]:
    """Move the start of a membership; where another ended that day, its end moves along."""
    if since == begun.from_on:
        return {}
    if begun.from_on <= today() < since:
        raise Refused(
            N_("The person is in this unit today, so the day of joining cannot lie in the future."),
            field="since",
        )
    before = held.index(begun) - 1
    former = held[before] if before >= 0 else None
    from_on = [_said(begun.from_on), _said(since)]
    changes: dict[str, Any] = {"unit": queries.unit_name(begun.unit_id), "from_on": from_on}
    if former and since <= former.from_on:
        raise Refused(
            N_("Before that the person was in %(unit)s, from %(day)s on. Choose a later day than that."),
            field="since",
            unit=queries.unit_name(former.unit_id),
            day=former.from_on,
        )
    if former and former.until_on == begun.from_on:
        former.until_on = since
    elif former and former.until_on and since < former.until_on:
        raise Refused(
            N_("Up to then the person was in %(unit)s. Choose %(day)s or a later day."),
            field="since",
            unit=queries.unit_name(former.unit_id),
            day=former.until_on,
        )
    begun.from_on = since
    return changes


def _change(person: Person, held: Held, unit_id: int | None, since: date) -> dict[str, Any]:
    """End what holds on a day and begin the new membership, if any."""
    if later := next((m for m in held if m.from_on > since), None):
        raise Refused(
            N_(
                "A later change of unit is recorded already, of %(day)s. Choose that day or a later one."
                " To correct that day itself, choose the unit of that time."
            ),
            field="since",
            day=later.from_on,
        )
    before = _unit_on(held, since)
    if before is None and unit_id is None:
        raise Refused(
            N_("The person belongs to no unit then. Choose a unit, or leave the day empty."), field="since"
        )
    if before == unit_id:
        raise Refused(N_("The person is in this unit on that day already."), field="since")
    changes = {"unit": [queries.unit_name(before), queries.unit_name(unit_id)]}
    for membership in held:
        if membership.until_on is None or membership.until_on > since:
            membership.until_on = since
    if unit_id:
        db.session.add(UnitMembership(person_id=person.id, unit_id=unit_id, from_on=since))
    return changes | ({"from_on": since.isoformat()} if since > ALWAYS else {})


def _said(day: date) -> str | None:
    """A day for the log; always is no day."""
    return day.isoformat() if day > ALWAYS else None
