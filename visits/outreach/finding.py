"""Which visits a query finds: by their own words and by names of enterprises and participants."""

from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Person
from visits.core.among import among
from visits.core.folding import terms
from visits.core.search import ids_with
from visits.enterprises.models import Enterprise
from visits.enterprises.queries import matching
from visits.outreach.models import Attendance, Visit, VisitPair


def found_by(q: str) -> sa.ColumnElement[bool]:
    """Visits of which every blank-separated part of `q` is found in the words or in a name."""
    return sa.and_(sa.true(), *(_with_term(term) for term in terms(q)))


def _with_term(term: str) -> sa.ColumnElement[bool]:
    firms = sa.select(Enterprise.id).where(matching(term))
    people = sa.select(Person.id).where(_named(Person.name, term))
    met = sa.select(VisitPair.visit_id).where(VisitPair.is_current())
    there = sa.select(Attendance.visit_id).where(Attendance.is_current())
    found = sa.union_all(
        ids_with(Visit, term),
        met.where(VisitPair.enterprise_id.in_(firms)),
        there.where(Attendance.person_id.in_(people)),
        there.where(Attendance.person_id.is_(None), _named(Attendance.name, term)),
    )
    return among(Visit.id, found)


def _named(name: Any, term: str) -> sa.ColumnElement[bool]:
    condition: sa.ColumnElement[bool] = sa.func.lower(name).contains(term, autoescape=True)
    return condition
