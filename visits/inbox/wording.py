"""What the outbox keeps as a failure, said in the reader's language."""

import re

from flask_babel import gettext

WRITTEN = re.compile(r"(.*?)(?: \[(-?\d+)\])?", re.DOTALL)


def failure_said(sentence: str, code: int | str | None = None) -> str:
    """The sentence of a failure with the number of the other side's answer."""
    said = gettext(sentence)
    return gettext("%(said)s (answer %(code)s)", said=said, code=code) if code is not None else said


def last_error_said(last_error: str) -> str:
    """A failure as `delivery.written` wrote it down, or nothing."""
    match = WRITTEN.fullmatch(last_error)
    return failure_said(*match.groups()) if match and last_error else ""
