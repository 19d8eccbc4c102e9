"""Passwords: hashed with argon2id, long enough, not among the guessable ones."""

import argon2

from visits.core.errors import Refused
from visits.core.i18n import N_

LEAST, MOST = 10, 72


class _Hashing:
    """How dear one hash is, and a hash of nothing, verified where there is no account."""

    def __init__(self, time_cost: int, memory_kib: int) -> None:
        self.hasher = argon2.PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)
        self.decoy = self.hasher.hash("decoy")


_hashing = {"chosen": _Hashing(2, 19 * 1024)}


def configure(time_cost: int, memory_kib: int) -> None:
    """Set how dear one hash is; called once, when the application is made."""
    _hashing["chosen"] = _Hashing(time_cost, memory_kib)


def hash_password(password: str) -> str:
    """Hash a password for storage."""
    return _hashing["chosen"].hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Verify a password; without a stored hash the same work is done and the answer is no."""
    try:
        chosen = _hashing["chosen"]
        chosen.hasher.verify(stored or chosen.decoy, password)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False
    return bool(stored)


def require_strong(password: str, *known: str, field: str = "password") -> None:
    """Refuse a password too short, too long or guessable (zxcvbn: common ones, rows of keys, the name)."""
    if len(password) < LEAST:
        raise Refused(N_("The password needs at least %(least)d characters."), field=field, least=LEAST)
    if len(password) > MOST:
        raise Refused(N_("The password may have at most %(most)d characters."), field=field, most=MOST)
    # Its lists take 13 MB, so only a process that sets passwords loads them.
    from zxcvbn import zxcvbn

    if zxcvbn(password, user_inputs=[k for k in known if k])["score"] < 2:
        raise Refused(
            N_("This password is easy to guess. Take several unrelated words or characters."), field=field
        )
