"""Visits, recorded as their authors would record them."""

from itertools import count
from uuid import uuid4

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.programmes import make_programmes
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Role
from visits.issues.models import Category
from visits.outreach import operations
from visits.outreach.entries import ProblemEntry, VisitEntry
from visits.programmes.models import ENTERPRISE_VISIT, VisitMode

_number = count(1)


def make_category(name=None):
    """A category of problems."""
    number = next(_number)
    category = Category(code=f"category{number}", name=name or f"问题类别{number}")
    db.session.add(category)
    db.session.flush()
    return category


def problem_at(enterprise, **values):
    """A problem heard from an enterprise."""
    if "category_id" not in values:
        values["category_id"] = make_category().id
    return ProblemEntry(enterprise.id, values.pop("title", "厂区门口道路破损"), **values)


def visit_entry(*enterprises, programmes=(ENTERPRISE_VISIT,), people=(), **values):
    """A visit as entered; without problems the enterprises say they have none."""
    ids = make_programmes()
    heard = {problem.enterprise_id for problem in values.get("problems", ())}
    values.setdefault("no_issue_ids", frozenset(e.id for e in enterprises) - heard)
    values.setdefault("visited_on", today())
    values.setdefault("mode", VisitMode.ON_SITE)
    values.setdefault("frequency_reason", "企业技改期间按约定跟进")
    return VisitEntry(
        client_id=values.pop("client_id", str(uuid4())),
        enterprise_ids=[enterprise.id for enterprise in enterprises],
        programme_ids=[ids[code] for code in programmes],
        participant_ids=[person.id for person in people],
        **values,
    )


def make_visit(*enterprises, author=None, people=None, **values):
    """A stored visit: by default a cadre's, alone, today, at one enterprise without problems."""
    author = author or make_person(roles=[Role.CADRE])
    people = [author] if people is None else people
    entry = visit_entry(*(enterprises or (make_enterprise(),)), people=people, **values)
    return operations.record_visit(actor_for(author), entry)


def picked(*enterprises, **data):
    """What a browser with script sends for enterprises picked from the type-ahead."""
    return {"enterprises": ",".join(f"#{e.id}" for e in enterprises), **data}
