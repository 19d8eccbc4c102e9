"""Pure questions about accounts."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta

from visits.core.i18n import N_
from visits.core.permissions import Role

ALWAYS = date(1900, 1, 1)  # the start of a membership of which no start is known
THROTTLE_WINDOW = timedelta(minutes=15)
CHECKS_PER_ADDRESS = 5
CHECKS_PER_ACCOUNT = 20
UNKNOWN_LINKS = 30
FURTHEST_ABSENCE = timedelta(days=366)
LINK_HOURS = {"invite": 72, "reset": 24}
_USERNAME = re.compile(r"[a-z0-9一-鿿][a-z0-9一-鿿._-]{1,59}")


def fold_username(text: str) -> str:
    """The one form under which an account is known, however it was typed."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def is_valid_username(text: str) -> bool:
    """Say whether a folded name is 2–60 letters, digits, Chinese characters, dots or dashes."""
    return _USERNAME.fullmatch(text) is not None


def token_hash(token: str) -> str:
    """What the database keeps of a session token (random, so a plain hash is enough)."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_hash(purpose: str, code: str) -> str:
    """What the database keeps of a one-time link's code: good for this purpose only."""
    return token_hash(f"{purpose}:{code}")


def code_of(typed: str) -> str:
    """The code in what was pasted: the code alone, or the whole link, whose code stands behind the #."""
    return typed.rpartition("#")[2].strip()


def is_throttled(from_address: int, on_account: int) -> bool:
    """Say whether as many checks were begun in the window as are allowed, from this address or in all."""
    return from_address >= CHECKS_PER_ADDRESS or on_account >= CHECKS_PER_ACCOUNT


VISITING = frozenset({Role.CADRE, Role.OFFICER, Role.SPECIALIST, Role.GROUP_LEADER})
HANDLING = frozenset({Role.HANDLER, Role.UNIT_HEAD})


def shortcomings(roles: Iterable[Role], unit_id: int | None) -> list[str]:
    """What somebody cannot do yet for want of a role or a unit, as sentences about %(name)s."""
    held = frozenset(roles)
    found = []
    if not held:
        found.append(
            N_("%(name)s holds no role yet, so can sign in but neither look anything up nor record it.")
        )
    if unit_id is None and held & HANDLING:
        found.append(N_("%(name)s belongs to no unit yet, so cannot handle any problem."))
    elif unit_id is None and (not held or held & VISITING):
        found.append(N_("%(name)s belongs to no unit yet, so visits made count for none."))
    return found


def roles_to_stand_in(roles: Iterable[Role]) -> tuple[frozenset[Role], frozenset[Role]]:
    """By which roles one can do the work of these: anywhere, and in the same unit only.

    Who makes visits stands in for whoever else does, and so does a coordinator; who handles a unit's
    problems, for whoever handles them there; every other role is stood in for by itself.
    """
    held = frozenset(roles)
    visiting = VISITING | {Role.COORDINATOR} if held & VISITING else frozenset()
    return (held - VISITING - HANDLING) | visiting, HANDLING if held & HANDLING else frozenset()
