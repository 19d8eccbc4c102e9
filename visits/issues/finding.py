"""Which problems a query finds: by their own words and by the names of their enterprises."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.core.among import among
from visits.core.authz import Actor
from visits.core.folding import terms
from visits.core.search import ids_with
from visits.enterprises.models import Enterprise
from visits.enterprises.queries import matching
from visits.issues.confidence import is_kept_from, may_be_kept_from
from visits.issues.models import Issue


def found_by(q: str, actor: Actor) -> sa.ColumnElement[bool]:
    """Problems in which every blank-separated part of `q` occurs, or is of the enterprise's names.

    A name that is kept from the actor finds nothing.
    """
    return sa.and_(sa.true(), *(_with_term(term, actor) for term in terms(q)))


def _with_term(term: str, actor: Actor) -> sa.ColumnElement[bool]:
    issue = aliased(Issue)
    of_firms = sa.select(issue.id).where(
        issue.enterprise_id.in_(sa.select(Enterprise.id).where(matching(term)))
    )
    if may_be_kept_from(actor):
        by_firm = sa.and_(Issue.id.in_(of_firms), sa.not_(is_kept_from(actor)))
        return sa.or_(among(Issue.id, ids_with(Issue, term)), by_firm)
    return among(Issue.id, sa.union_all(ids_with(Issue, term), of_firms))
