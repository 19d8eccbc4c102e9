"""Every address is marked, typed and readable."""

import re

import pytest

from visits.core.permissions import Permission
from visits.core.web import PUBLIC, SIGNED_IN
from visits.home.navigation import MENU

PART = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)?")
PARAMETER = re.compile(r"<(\w+):(\w+)>(?:\.[a-z]+)?")
PUBLIC_ENDPOINTS = {
    "static",
    "home.health",
    "home.set_up",
    "accounts.sign_in",
    "accounts.sign_in_demo",
    "accounts.use_link",
    "accounts.choose_language",
    "feeds.show",
    "public_issues.show",
    "public_visits.say",
    "public_visits.show",
    "public_issues.rate",
    "public_issues.withdraw",
    "public_issues.reopen",
}


@pytest.fixture
def rules(installation):
    return list(installation[0].url_map.iter_rules())


def test_every_route_carries_a_mark(installation, rules):
    marks = {
        rule.endpoint: getattr(installation[0].view_functions[rule.endpoint], "mark", None)
        for rule in rules
    }
    allowed = {PUBLIC, SIGNED_IN, *Permission}
    assert {endpoint for endpoint, mark in marks.items() if mark not in allowed} == set()
    assert {endpoint for endpoint, mark in marks.items() if mark == PUBLIC} == PUBLIC_ENDPOINTS


def test_addresses_are_typed_and_in_kebab_case(rules):
    wrong = []
    for rule in rules:
        for part in rule.rule.strip("/").split("/"):
            typed = PARAMETER.fullmatch(part)
            if rule.endpoint != "static" and part and not typed and not PART.fullmatch(part):
                wrong.append(rule.rule)
            if typed and typed[1] not in {"int", "string", "any", "uuid"} and rule.endpoint != "static":
                wrong.append(rule.rule)
    assert wrong == []


def test_no_address_is_served_twice(rules):
    served = [(rule.rule, method) for rule in rules for method in rule.methods - {"HEAD", "OPTIONS"}]
    assert {pair for pair in served if served.count(pair) > 1} == set()


def test_every_line_of_the_menu_leads_to_a_page(rules):
    lines = {entry.endpoint for _, entries in MENU for entry in entries}
    assert lines <= {rule.endpoint for rule in rules}
