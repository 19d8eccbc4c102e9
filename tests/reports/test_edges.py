"""Edges of the calendar: figures are the same whatever zone the server's clock is set to."""

import json
import time
from datetime import datetime, timedelta

import pytest

from tests.reports.example import lay_example
from tests.reports.world import Problem, World
from visits.core.authz import SYSTEM
from visits.core.periods import SITE_ZONE, Month
from visits.reports import assemble
from visits.reports.filters import ReportFilter

# Beijing's own, one behind it, two that change their clocks, and one a quarter of an hour off.
SERVER_ZONES = ("Asia/Shanghai", "UTC", "America/New_York", "Europe/Berlin", "Asia/Kathmandu")


@pytest.fixture
def server_in(monkeypatch):
    """Set the zone of this machine's clock for the rest of the test."""

    def move(zone):
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield move
    monkeypatch.undo()
    time.tzset()


def told(month, as_of=None):
    found = assemble.get_totals(SYSTEM, ReportFilter.of(Month(*month).span, as_of))
    return json.dumps(assemble.as_json(found, ""), sort_keys=True)


def test_the_worked_example_is_the_same_in_every_zone(db, at, server_in):
    at("2026-12-10")
    lay_example()
    found = set()
    for zone in SERVER_ZONES:
        server_in(zone)
        found.add(told((2026, 11)))
    assert len(found) == 1


@pytest.mark.parametrize(
    ("last_second", "month", "after"),
    [
        ("2026-12-31T23:59:59", (2026, 12), (2027, 1)),
        ("2027-02-28T23:59:59", (2027, 2), (2027, 3)),
        ("2028-02-28T23:59:59", (2028, 2), None),
        ("2028-02-29T23:59:59", (2028, 2), (2028, 3)),
        ("2027-03-14T14:59:59", (2027, 3), None),  # New York changes its clock that day,
        ("2027-10-31T08:59:59", (2027, 10), None),  # and Berlin that one
        ("2027-10-31T23:59:59", (2027, 10), (2027, 11)),
    ],
)
def test_a_second_later_belongs_to_the_next_month_at_the_site_only(
    db, at, server_in, last_second, month, after
):
    at("2028-12-31")
    world = World()
    instant = datetime.fromisoformat(last_second).replace(tzinfo=SITE_ZONE)
    for moment in (instant, instant + timedelta(seconds=1)):
        problem = Problem(world, world.firm(), moment.date(), on_spot=True)
        problem.moves[0].happened_at = problem.moves[0].recorded_at = moment
        problem.save()
        world.visit(moment.date(), [world.firm()])
    expected = {month: 1, after: 1} if after else {month: 2}
    for zone in SERVER_ZONES:
        server_in(zone)
        for number, wanted in expected.items():
            found = json.loads(told(number))["figures"]
            assert [found[key] for key in ("new", "closed", "closed_events", "visit_count")] == [wanted] * 4
