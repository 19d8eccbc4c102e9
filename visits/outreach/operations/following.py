"""What slices above do with a visit as soon as it is recorded, corrected or voided; they say so here."""

from collections.abc import Callable

from visits.outreach.models import Visit

Act = Callable[[Visit], None]
_followers: dict[str, Act] = {}


def follow(name: str, act: Act) -> None:
    """Have this done with every visit that changes, in the change's own transaction."""
    _followers[name] = act


def tell_followers(visit: Visit) -> None:
    """Pass on a visit that was recorded, corrected or voided."""
    for act in _followers.values():
        act(visit)
