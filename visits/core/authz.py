"""The one question of rights: a row and a select answered by the same table."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, false, literal, or_, select, true

from visits.core.db import db
from visits.core.errors import NotAllowed
from visits.core.permissions import Permission, Reach, Role, reach_of


@dataclass(frozen=True)
class Actor:
    """Who acts: built once per request, given to every query and operation; never the stored person.

    Units and groups are today's memberships.
    """

    person_id: int | None
    name: str = ""
    roles: frozenset[Role] = frozenset()
    unit_ids: frozenset[int] = frozenset()
    group_ids: frozenset[int] = frozenset()
    is_system: bool = False


SYSTEM = Actor(person_id=None, name="system", is_system=True)
ENTERPRISE = Actor(person_id=None, name="enterprise", is_system=True)  # who came by a link of its own

Predicate = Callable[[Actor], ColumnElement[bool]]
_predicates: dict[tuple[type, Permission], dict[Reach, Predicate]] = {}


def bind(model: type, permissions: Iterable[Permission], predicates: dict[Reach, Predicate]) -> None:
    """Say by which SQL predicate each reach of these permissions is answered for `model`."""
    for permission in permissions:
        _predicates[model, permission] = predicates


@cache
def reaches(roles: frozenset[Role], permission: Permission) -> frozenset[Reach]:
    """The reaches that these roles together give, without NONE."""
    return frozenset(reach_of(role, permission) for role in roles) - {Reach.NONE}


def may(actor: Actor, permission: Permission) -> bool:
    """Say whether the actor holds the permission for any row at all."""
    return actor.is_system or bool(reaches(actor.roles, permission))


def reaches_all(actor: Actor, permission: Permission) -> bool:
    """Say whether the actor holds the permission for every row there is."""
    return actor.is_system or Reach.ALL in reaches(actor.roles, permission)


def require(actor: Actor, permission: Permission) -> None:
    """Raise NotAllowed unless the actor holds the permission for some row."""
    if not may(actor, permission):
        raise NotAllowed()


def predicate_for(actor: Actor, permission: Permission, model: type) -> ColumnElement[bool]:
    """The SQL condition under which a row of `model` lies within the actor's reach."""
    if reaches_all(actor, permission):
        return true()
    held = reaches(actor.roles, permission)
    answers = _predicates[model, permission] if held else {}
    return or_(false(), *(answers[reach](actor) for reach in sorted(held, key=lambda r: r.value)))


def within_reach(
    stmt: Select[*tuple[Any, ...]], model: type, actor: Actor, permission: Permission
) -> Select[*tuple[Any, ...]]:
    """Cut a select down to the rows of `model` the actor may reach by `permission`."""
    return stmt.where(predicate_for(actor, permission, model))


def permitted(actor: Actor, permissions: Iterable[Permission], subject: Any) -> frozenset[Permission]:
    """Which of these permissions the actor holds for this one row; at most one statement."""
    model = type(subject)
    wanted = Wanted(actor, permissions, model)
    if not wanted.columns:
        return wanted.certain
    stmt = select(*wanted.columns).select_from(model).where(model.id == subject.id)
    return wanted.held_by(db.session.execute(stmt).one())


class Wanted:
    """A question of rights that a statement about rows of `model` answers beside what else it reads."""

    def __init__(self, actor: Actor, permissions: Iterable[Permission], model: type) -> None:
        answers = {p: predicate_for(actor, p, model) for p in set(permissions)}
        self.certain = frozenset(p for p, clause in answers.items() if clause.compare(true()))
        self._asked = {
            p: f"may_{n}"
            for n, p in enumerate(sorted(p for p in answers if p not in self.certain and may(actor, p)))
        }
        self.columns = [(answers[p] | literal(False)).label(name) for p, name in self._asked.items()]

    def held_by(self, row: Any) -> frozenset[Permission]:
        """Which of the permissions the actor holds for a row that was read with the columns."""
        return self.certain | {p for p, name in self._asked.items() if getattr(row, name)}


def can(actor: Actor, permission: Permission, subject: Any = None) -> bool:
    """Say whether the actor holds the permission, for this row where one is given."""
    if subject is None or not may(actor, permission):
        return may(actor, permission)
    return permission in permitted(actor, (permission,), subject)
