"""Passwords: which are refused, and that a stored one says nothing."""

import pytest
from argon2 import PasswordHasher

from visits.core import passwords
from visits.core.errors import Refused

GOOD = "梧桐 correct stapler 93"


@pytest.mark.parametrize(
    ("password", "fits"),
    [
        (GOOD, True),
        ("x7#kP2!mQz", True),
        ("x7#kP2!mQ", False),
        ("", False),
        ("password123", False),
        ("1234567890", False),
        ("qwertyuiop", False),
        ("zhangweiming", False),
        ("aaaaaaaaaaaaaaaa", False),
        ("x7#kP2!mQz" * 7 + "ab", True),
        ("x7#kP2!mQz" * 7 + "abc", False),
    ],
)
def test_which_passwords_are_taken(password, fits):
    if fits:
        passwords.require_strong(password, "zhangweiming", "张伟明")
        return
    with pytest.raises(Refused) as refusal:
        passwords.require_strong(password, "zhangweiming", "张伟明", field="again")
    assert refusal.value.field == "again"


def test_a_hash_is_argon2id_and_of_its_own():
    first, second = passwords.hash_password(GOOD), passwords.hash_password(GOOD)
    assert first.startswith("$argon2id$")
    assert first != second
    assert passwords.matches(first, GOOD)
    assert passwords.matches(second, GOOD)


@pytest.mark.parametrize("stored", [None, "", "not a hash", "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$AAAA"])
def test_what_is_no_hash_matches_nothing(stored):
    assert not passwords.matches(stored, GOOD)
    assert not passwords.matches(stored, "decoy")


def test_another_password_does_not_match():
    assert not passwords.matches(passwords.hash_password(GOOD), GOOD + " ")


def test_an_unknown_account_costs_the_same_work(monkeypatch):
    verified = []
    real = PasswordHasher.verify

    def counting(hasher, stored, password):
        verified.append(stored)
        return real(hasher, stored, password)

    stored = passwords.hash_password(GOOD)
    monkeypatch.setattr(PasswordHasher, "verify", counting)
    assert not passwords.matches(None, GOOD)
    assert passwords.matches(stored, GOOD)
    assert [hashed.rsplit("$", 2)[0] for hashed in verified] == [stored.rsplit("$", 2)[0]] * 2
