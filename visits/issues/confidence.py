"""Enterprises that asked not to be named (企业要求保密): who sees a problem without its enterprise."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext

from visits.core.authz import Actor, predicate_for
from visits.core.i18n import N_
from visits.core.listing import Column
from visits.core.permissions import Permission, Role
from visits.enterprises.models import Enterprise
from visits.issues.models import Issue

KEPT = N_("Name kept at the enterprise's request")
OF_UNITS = frozenset({Role.HANDLER, Role.UNIT_HEAD})


def is_kept_from(actor: Actor) -> sa.ColumnElement[bool]:
    """Confidential problems that the actor reads through a unit only: their enterprise is not named."""
    if not actor.roles & OF_UNITS:
        return sa.false()
    otherwise = predicate_for(replace(actor, roles=actor.roles - OF_UNITS), Permission.ISSUES_READ, Issue)
    if otherwise.compare(sa.true()):
        return sa.false()
    known = sa.func.coalesce(
        otherwise, sa.false()
    )  # of what a problem lacks, such as a visit, SQL says NULL
    return sa.and_(Issue.confidential.is_(True), sa.not_(known))


def may_be_kept_from(actor: Actor) -> bool:
    """Say whether any problem at all can be shown to the actor without its enterprise."""
    return not is_kept_from(actor).compare(sa.false())


def unless_kept(actor: Actor, column: Any, instead: Any = None) -> Any:
    """A column about the enterprise; `instead` in problems whose enterprise is not named to the actor."""
    return sa.case((is_kept_from(actor), instead), else_=column) if may_be_kept_from(actor) else column


def firm_on_page(row: Any) -> str:
    """The enterprise of a problem as a page names it: `row.enterprise` was read by `named_to`."""
    return row.enterprise or gettext(KEPT)


def firm_in_file(row: Any) -> str:
    """The enterprise in a file or on paper, which is passed on: none that asked not to be named."""
    return gettext(KEPT) if row.confidential else row.enterprise


def firm_column(key: str) -> Column:
    """The column of a problem's enterprise."""
    return Column(key, N_("Enterprise"), firm_on_page, look="firm-cell", width=30, in_file=firm_in_file)


def named_to(actor: Actor) -> Any:
    """The enterprise's name, empty where it is not named to the actor."""
    return unless_kept(actor, Enterprise.name)
