"""What tests of monthly reports ask for."""

import pytest

from tests.monthly.zone import make_zone


@pytest.fixture
def zone(database, at):
    """The example in December."""
    at("2026-12-03")
    return make_zone()


@pytest.fixture
def browser(zone, client_for):
    """The browser of one of these people."""
    return lambda name: client_for(zone.people[name])
