"""Which problems a query finds: by their own words and by the names of their enterprises."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.core.among import among
from visits.core.folding import terms
from visits.core.search import ids_with
from visits.enterprises.models import Enterprise
from visits.enterprises.queries import matching
from visits.issues.models import Issue


def found_by(q: str) -> sa.ColumnElement[bool]:
    """Problems in which every blank-separated part of `q` occurs, or is of the enterprise's names."""
    return sa.and_(sa.true(), *(_with_term(term) for term in terms(q)))


def _with_term(term: str) -> sa.ColumnElement[bool]:
    issue = aliased(Issue)
    of_firms = sa.select(issue.id).where(
        issue.enterprise_id.in_(sa.select(Enterprise.id).where(matching(term)))
    )
    return among(Issue.id, sa.union_all(ids_with(Issue, term), of_firms))
