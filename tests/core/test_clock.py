"""The clock, running and stopped."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from visits.core import clock


def test_running_clock_gives_the_present_in_utc():
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)
    assert clock.now().tzinfo is UTC


@pytest.mark.parametrize(
    ("moment", "now", "today"),
    [
        (date(2026, 8, 31), datetime(2026, 8, 31, 4, tzinfo=UTC), date(2026, 8, 31)),
        (datetime(2026, 3, 31, 16, tzinfo=UTC), datetime(2026, 3, 31, 16, tzinfo=UTC), date(2026, 4, 1)),
        (
            datetime(2026, 4, 1, 0, 30, tzinfo=timezone(timedelta(hours=8))),
            datetime(2026, 3, 31, 16, 30, tzinfo=UTC),
            date(2026, 4, 1),
        ),
    ],
)
def test_stopped_clock_gives_that_moment_and_the_day_at_the_site(moment, now, today):
    with clock.at(moment):
        assert clock.now() == now
        assert clock.today() == today


def test_inner_stop_ends_before_the_outer_one():
    with clock.at(date(2026, 1, 1)):
        with clock.at(date(2026, 2, 2)):
            assert clock.today() == date(2026, 2, 2)
        assert clock.today() == date(2026, 1, 1)


def test_clock_runs_again_after_an_error_inside():
    with pytest.raises(RuntimeError), clock.at(date(2001, 1, 1)):
        raise RuntimeError
    assert clock.today() > date(2001, 1, 1)


def test_clock_does_not_stop_at_a_moment_without_zone():
    with pytest.raises(ValueError, match="zone"), clock.at(datetime(2026, 8, 31, 12)):
        pass
