"""What tests of problems may ask for besides: an office on a Monday, its people's browsers, one firm."""

import pytest

from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_issue, make_office
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
