"""When turns are due: by the site's clock, after a pause, at the edges of the calendar."""

from datetime import datetime, timedelta

import pytest

from visits.core.periods import SITE_ZONE
from visits.core.timetable import Times


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SITE_ZONE)


DAILY, MONTHLY, WEEKLY = Times("30 8 * * *"), Times("0 7 1 * *"), Times("0 7 * * mon")


@pytest.mark.parametrize(
    ("times", "last", "moment", "due"),
    [
        (DAILY, None, "2026-11-28T09:00", ["2026-11-28T08:30"]),
        (DAILY, None, "2026-11-28T08:29", ["2026-11-27T08:30"]),
        (DAILY, "2026-11-27T08:30", "2026-11-28T08:29:59", []),
        (DAILY, "2026-11-27T08:30", "2026-11-28T08:30", ["2026-11-28T08:30"]),
        (DAILY, "2026-11-28T08:30", "2026-11-28T23:00", []),
        (DAILY, "2026-11-20T08:30", "2026-11-28T09:00", ["2026-11-28T08:30"]),  # one catch-up, not eight
        (DAILY, "2026-11-29T08:30", "2026-11-28T09:00", []),  # the machine's clock went back
        (DAILY, "2028-02-28T08:30", "2028-02-29T08:31", ["2028-02-29T08:30"]),
        (MONTHLY, "2026-10-01T07:00", "2026-11-28T09:00", ["2026-11-01T07:00"]),
        (MONTHLY, "2026-11-01T07:00", "2026-12-01T07:00", ["2026-12-01T07:00"]),
        (MONTHLY, "2026-12-01T07:00", "2026-12-31T23:59", []),
        (WEEKLY, None, "2026-11-28T09:00", ["2026-11-23T07:00"]),
    ],
)
def test_turns_that_are_due(times, last, moment, due):
    found = times.due(last and at(last), at(moment))
    assert found == [at(text) for text in due]


def test_turns_missed_a_moment_ago_are_each_made_up_for():
    every_minute, moment = Times("* * * * *"), at("2026-11-28T09:00")
    found = every_minute.due(moment - timedelta(minutes=3), moment)
    assert found == [moment - timedelta(minutes=n) for n in (2, 1, 0)]


@pytest.mark.parametrize("zone", ["America/New_York", "UTC", "Asia/Shanghai"])
def test_a_machine_in_another_zone_changes_nothing(zone, monkeypatch):
    monkeypatch.setenv("TZ", zone)
    assert DAILY.after(at("2026-03-08T00:00")).isoformat() == "2026-03-08T08:30:00+08:00"
