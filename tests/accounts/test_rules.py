"""Account names, tokens and the throttle."""

import pytest

from visits.accounts import rules


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("ZhangWei", "zhangwei"),
        ("  li.na ", "li.na"),
        ("ｗａｎｇ１", "wang1"),
        ("张伟", "张伟"),
        ("STRAßE", "strasse"),
    ],
)
def test_an_account_is_known_however_it_is_typed(typed, known):
    assert rules.fold_username(typed) == known


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("ab", True),
        ("张伟", True),
        ("li.na-2_x", True),
        ("a" * 60, True),
        ("a", False),
        ("", False),
        ("a" * 61, False),
        ("a b", False),
        (".ab", False),
        ("a@b", False),
        ("a\nb", False),
        ("ab\n", False),
        ("<b>", False),
    ],
)
def test_which_account_names_are_taken(name, fits):
    assert rules.is_valid_username(name) is fits


def test_the_database_keeps_no_token():
    assert rules.token_hash("token") == rules.token_hash("token")
    assert "token" not in rules.token_hash("token")
    assert len(rules.token_hash("token")) == 64


@pytest.mark.parametrize(
    ("from_address", "on_account", "is_shut"),
    [(0, 0, False), (4, 19, False), (5, 5, True), (4, 20, True), (6, 0, True)],
)
def test_five_checks_per_address_and_twenty_per_account(from_address, on_account, is_shut):
    assert rules.is_throttled(from_address, on_account) is is_shut
