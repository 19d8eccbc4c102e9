"""Two people take the same step with a report at the same moment: one is heard, the other is told."""

import pytest
import sqlalchemy as sa

from tests.monthly.test_life import NOVEMBER
from tests.support.browser import side_by_side
from visits.monthly import operations
from visits.monthly.models import MonthlyReport


def at_once(browsers, endpoint, data=None, **values):
    """Both open the form, then both send it; return the statuses in rising order."""
    pages = [browser.get(endpoint, **values) for browser in browsers]

    def send(browser, page):
        return browser.post(endpoint, data, page=page, status=None, **values).status

    return sorted(side_by_side(send, browsers, pages))


@pytest.fixture
def both(browser):
    return [browser("coordinator"), browser("second")]


def states(db):
    db.session.expire_all()
    return [report.state.value for report in db.session.scalars(sa.select(MonthlyReport)).all()]


def test_two_draft_one_month(zone, both, db):
    assert at_once(both, "monthly.new", {"month": "2026-11"}) == [303, 422]
    assert states(db) == ["draft"]


def test_two_freeze_one_month(zone, both, db):
    report = operations.draft_report(zone.actors["coordinator"], NOVEMBER)
    db.session.commit()
    assert at_once(both, "monthly.freeze", report_id=report.id) == [303, 409]
    assert states(db) == ["frozen"]


def test_two_publish_one_month(zone, browser, db):
    report = operations.draft_report(zone.actors["coordinator"], NOVEMBER)
    operations.freeze_report(zone.actors["coordinator"], report)
    db.session.commit()
    assert at_once([browser("leader"), browser("supervisor")], "monthly.publish", report_id=report.id) == [
        303,
        409,
    ]
    assert states(db) == ["published"]
