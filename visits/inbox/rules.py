"""Rules of sending: when a message is tried again and given up, how often people are told at once."""

from datetime import timedelta

MOST_TRIES = 8
FIRST_PAUSE = timedelta(minutes=1)
PAUSE_GROWS = 3
JITTER = 0.2
MOST_AT_ONCE = 20  # to one point within an hour; what is beyond waits for the digest
MOST_TESTS = 5
SHOWN_END = 4
DIGEST = "digest:"  # how the events of morning digests begin; their day follows


def pause_after(tries: int, chance: float) -> timedelta:
    """How long to wait after so many tries: three times longer each time, and by chance a little longer.

    Eight tries take 18 to 22 hours. `chance` is from 0 to 1.
    """
    return FIRST_PAUSE * PAUSE_GROWS ** (tries - 1) * (1 + JITTER * chance)


def masked(address: str) -> str:
    """An address without its secrets: of a webhook the host and the last characters."""
    if "://" not in address:
        return address
    scheme, _, rest = address.partition("://")
    plain = address.partition("#")[0]
    end = plain[-SHOWN_END:] if len(plain) > len(scheme) + 30 else ""
    return f"{scheme}://{rest.partition('/')[0]}/…{end}"
