"""What tests of problems may ask for besides: an office on a Monday, its people's browsers, one firm."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.enterprises import make_code, make_enterprise
from tests.factories.issues import make_category, make_issue, make_office
from tests.support.browser import apart
from tests.support.problem_ledgers import FIRM, HEADER, OTHER_UNIT, UNIT, problem_ledger
from visits.core.db import db as handle
from visits.core.permissions import Role
from visits.issues.categories import OTHER
from visits.issues.ledger.carrying import PROBLEMS
from visits.issues.models import Category
from visits.issues.states import State


@pytest.fixture
def office(db, at):
    at("2026-11-23")
    return make_office()


@pytest.fixture
def browser(client_for, office, db):
    """A browser of one of the office's people, or of somebody given."""

    def begin(who):
        person = office.people[who] if isinstance(who, str) else who
        db.session.commit()
        return client_for(person)

    return begin


@pytest.fixture
def firm(office):
    return make_enterprise()


@pytest.fixture
def problem(office, firm):
    """Make a problem of the firm, in a state."""

    def make(state=State.REGISTERED, **values):
        return make_issue(office, state, enterprise=firm, **values)

    return make


@pytest.fixture
def ledger_office(database):
    """A coordinator, units of all kinds, an enterprise, the usual categories."""
    make_category()
    unit, other = make_unit(UNIT), make_unit(OTHER_UNIT)
    closed = make_unit("招商服务局")
    closed.closed_on = date(2026, 1, 1)
    make_unit("档案室")
    people = {
        "coordinator": make_person([Role.COORDINATOR]),
        "handler": make_person([Role.HANDLER], unit),
        "other": make_person([Role.HANDLER], other),
    }
    firm = make_enterprise(FIRM, code=make_code(701))
    handle.session.commit()
    return {"unit": unit, "other_unit": other, "firm": firm, **people}


@pytest.fixture
def take_in(app, ledger_office):
    """Take a ledger in; return its plan."""

    def run(*rows, filename="台账.csv", dry_run=False, maps=(), header=HEADER, **chosen):
        actor = actor_for(ledger_office["coordinator"])
        usual = handle.session.scalar(sa.select(Category.id).where(Category.code == OTHER))
        given = {"category_id": usual, "source": "visit", **chosen}
        handle.session.rollback()

        def written():
            with app.app_context():
                content = problem_ledger(*rows, header=header)
                words = {"dry_run": dry_run, "maps": maps}
                found = PROBLEMS.import_file(actor, actor.person_id, content, filename, given, **words)
                handle.session.commit()
                return found.plan

        plan = apart(written)
        handle.session.rollback()
        handle.session.expire_all()
        return plan

    return run
