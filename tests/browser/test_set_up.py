"""The first minute with an empty installation, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.chromium import DESK, PHONE, barriers, screenshot


@pytest.mark.parametrize(("name", "size"), [("desk", DESK), ("phone", PHONE)])
def test_the_first_visit_shows_the_set_up_page(windows, name, size):
    page = windows.open(size=size)
    page.goto("/")
    expect(page).to_have_url(re.compile("/set-up"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    screenshot(page, f"set-up-{name}")
    assert barriers(page) == []
