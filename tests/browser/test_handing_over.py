"""Handovers and groups in a real browser, in the dark, at a desk and on a phone."""

import pytest
from playwright.sync_api import expect

from tests.support.chromium import DESK, PHONE, Watch, barriers, screenshot
from tests.support.live_server import LiveServer


@pytest.fixture(scope="module")
def zone(tmp_path_factory):
    """A served demo zone of two months."""
    zone = LiveServer(tmp_path_factory.mktemp("handed"))
    zone.environment |= {"VISITS_DEMO": "1", "VISITS_ENV": "development"}
    zone.flask("db", "upgrade")
    zone.flask("seed", "demo", "--months", "2")
    with zone as running:
        yield running


@pytest.fixture
def watch(chromium, zone):
    watch = Watch(chromium, zone.address)
    yield watch
    faults = watch.close() + zone.faults()
    assert not faults, "\n".join(faults)


def sign_in(watch, role, place=0, **how):
    """Sign in as one of those who hold a role; return the window and the name."""
    page = watch.open(**how)
    page.goto("/sign-in")
    button = page.locator(f"button[data-role={role}]").nth(place)
    name = button.inner_text().strip().partition("（")[0].partition("(")[0].strip()
    button.click()
    expect(page.locator("h1")).to_be_visible()
    return page, name


def look(page, name):
    for size, width in ((DESK, "desk"), (PHONE, "phone")):
        page.set_viewport_size(size)
        screenshot(page, f"{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size(DESK)
    assert barriers(page) == []


def test_the_pages_in_the_dark_and_in_english(watch):
    page, _name = sign_in(watch, "coordinator", dark=True, language="en")
    page.locator("main").wait_for()
    for address, name in (("/handovers", "list"), ("/handovers/new", "new"), ("/groups", "groups")):
        page.goto(address)
        look(page, f"handover-dark-{name}")
    page.goto("/groups")
    page.locator("main tbody a").first.click()
    look(page, "group-dark")
    page.goto(page.url + "?on=2026-01-31")
    look(page, "group-as-of")
