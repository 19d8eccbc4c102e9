"""What of an address stands beside a suggestion."""

MOST_TEXT = 2000
MOST_PAGE = 300


def page_of(target: str | None) -> str:
    """The path of a page of this site, without what was asked of it; nothing where it is no such path."""
    path = (target or "").partition("?")[0].partition("#")[0]
    is_path = path.startswith("/") and "//" not in path and "\\" not in path and path.isprintable()
    return path if is_path and len(path) <= MOST_PAGE else ""
