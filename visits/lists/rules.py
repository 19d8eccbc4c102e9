"""What of an address belongs to a view, and who may change one."""

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode

MOST_VIEWS = 30
MOST_QUERY = 2000
PASSING = frozenset({"page", "view", "row", "all"})

Pairs = Iterable[tuple[str, str]]


def kept_query(pairs: Pairs) -> str:
    """The part of an address that makes a view: filters, order and columns, each that says something."""
    return urlencode([(key, value) for key, value in pairs if key not in PASSING and value.strip()])


def is_same(query: str, other: str) -> bool:
    """Whether two queries ask for the same, in whatever order."""
    return sorted(parse_qsl(query)) == sorted(parse_qsl(other))


def may_change(is_own: bool, is_shared: bool, may_share: bool) -> bool:
    """A private view is its owner's, a shared one of those who may share."""
    return may_share if is_shared else is_own
