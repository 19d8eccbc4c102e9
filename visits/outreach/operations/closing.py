"""Which months are closed for corrections without a reason; a slice above that closes them says so."""

from collections.abc import Callable
from datetime import date

Ask = Callable[[date], bool]
_asked: list[Ask] = []


def let_close(ask: Ask) -> None:
    """Let a slice above say whether the month of a day is closed."""
    _asked[:] = [ask]


def is_closed(day: date) -> bool:
    """Say whether the month of a day is closed: its figures were frozen."""
    return any(ask(day) for ask in _asked)
