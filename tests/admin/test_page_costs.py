"""No page of the administration asks the database more than ten times, whatever the office holds."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person, make_unit
from tests.factories.issues import make_issue, make_office
from visits.admin import operations
from visits.core.audit import AuditEntry
from visits.core.authz import SYSTEM
from visits.core.calendar import fill_calendar
from visits.core.db import db
from visits.core.permissions import Role
from visits.issues.categories import category_named
from visits.issues.states import State

PAGES = (
    "/people",
    "/people/new",
    "/people/{person}/edit",
    "/people/{person}/disable",
    "/units",
    "/units/{unit}/edit",
    "/units/{unit}/close",
    "/roles",
    "/settings",
    "/settings/zone_name",
    "/calendar",
    "/calendar/2027",
    "/calendar/2027/import",
    "/calendar/days/2027-03-03",
    "/calendar/changes/{change}",
    "/issues/categories",
    "/issues/categories/new",
    "/issues/categories/{category}/edit",
    "/audit",
    "/audit/{entry}",
    "/password/reset",
)


@pytest.mark.parametrize("address", PAGES)
def test_ten_statements_are_enough(database, client_for, statements, at, address):
    at("2026-11-23")
    fill_calendar([2026, 2027])
    office = make_office()
    for _ in range(3):
        make_issue(office, State.ASSIGNED)
        make_person([Role.HANDLER], make_unit())
    change = operations.change_day(SYSTEM, date(2027, 3, 3), False, "植树", "通知")
    person = make_person([Role.ADMIN, Role.COORDINATOR, Role.AUDITOR], office.unit)
    browser = client_for(person)
    url = address.format(
        person=office.people["handler"].id,
        unit=office.unit.id,
        change=change.id,
        category=category_named("其他").id,
        entry=db.session.scalar(sa.select(sa.func.max(AuditEntry.id))),
    )
    with statements() as seen:
        browser.get(url)
    assert len(seen) <= 10
