"""An enterprise with an open promise, a problem under way and one closed as solved, and who visits it."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_issue, make_office
from tests.factories.outreach import make_category, make_visit
from tests.factories.programmes import make_link, make_programmes
from visits.core.calendar import fill_calendar
from visits.core.permissions import Role
from visits.issues.states import State
from visits.outreach.entries import PromiseEntry
from visits.outreach.models import Promise


@pytest.fixture
def november(database, at):
    at("2026-11-23")
    fill_calendar([2026])


@pytest.fixture
def firm(database):
    return make_enterprise("杭州临平精密机械有限公司")


@pytest.fixture
def category(database):
    return make_category("用电用水")


@pytest.fixture
def office(database):
    make_programmes()
    return make_office()


@pytest.fixture
def officer(firm, office):
    """The service officer of the enterprise, who may read its problems and take them up again."""
    person = make_person([Role.OFFICER], make_unit("经济发展局"), name="李干部")
    make_link(firm, officer=person)
    return person


@pytest.fixture
def promise(firm, office, database):
    visit = make_visit(
        firm, promises=[PromiseEntry(firm.id, "协调周边停车位", "王科长", date(2026, 12, 1))]
    )
    return database.session.scalars(sa.select(Promise).where(Promise.visit_id == visit.id)).one()


@pytest.fixture
def running(firm, office):
    return make_issue(office, State.IN_PROGRESS, enterprise=firm, title="用气价格高")


@pytest.fixture
def solved(firm, office):
    return make_issue(office, State.CLOSED, enterprise=firm, title="门口道路破损")
