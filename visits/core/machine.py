"""What the machine must offer before the application can even be imported, and how a refusal is said.

Imports nothing that needs a time zone or a database: it must work where they are missing.
"""

import locale
import os
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.support import Translations
from sqlalchemy.exc import DBAPIError

from visits.core.i18n import N_

OLDEST_PYTHON = (3, 11)
ZONE = "Asia/Shanghai"
TRANSLATIONS = Path(__file__).parents[2] / "translations"
REFUSED = 3  # gunicorn takes this status of a worker as "stop", every other one as "try again"
READ_ONLY = N_(
    "The folder %(folder)s cannot be written to: %(reason)s. Check VISITS_INSTANCE and who owns the folder."
)
DATABASE_SENTENCE = N_("The database does not do what is asked: %(answer)s. Check DATABASE_URL.")


class CannotStart(ValueError):
    """Something about the installation forbids the start: an English msgid and its values."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message % params if params else message)
        self.message, self.params = message, params

    def sentence(self) -> str:
        """The refusal in Chinese, where there is a catalogue and an output that can show it."""
        encoding = (sys.stderr.encoding or "ascii").lower().replace("-", "")
        if encoding != "utf8":
            return str(self)
        known = Translations.load(str(TRANSLATIONS), ["zh"])
        text = known.gettext(self.message)
        return text % self.params if self.params else text


def require_machine() -> None:
    """Raise CannotStart where Python, the encoding of texts or the time zones do not serve."""
    if sys.version_info < OLDEST_PYTHON:
        raise CannotStart(
            N_("Python 3.11 or newer is needed; this is %(version)s."), version=sys.version.split()[0]
        )
    encoding = locale.getencoding()
    if encoding.lower().replace("-", "") != "utf8":
        raise CannotStart(
            N_("Texts would be read and written as %(encoding)s on this machine. Set LANG=C.UTF-8."),
            encoding=encoding,
        )
    try:
        ZoneInfo(ZONE)
    except ZoneInfoNotFoundError as missing:
        raise CannotStart(
            N_("This machine does not know the time zone %(zone)s. Install its package tzdata."), zone=ZONE
        ) from missing


def answer_of(error: BaseException) -> str:
    """What a database said, on one line; its own words carry no password."""
    words = getattr(error, "orig", None) or error
    return " ".join(str(words).split())[:300].rstrip(".")


def _say(refusal: CannotStart) -> None:
    sys.stderr.write(f"Visits: {refusal.sentence()}\n")


@contextmanager
def refusals() -> Iterator[None]:
    """End the process with one sentence where the block refuses to start."""
    try:
        yield
    except CannotStart as refusal:
        _say(refusal)
        sys.exit(REFUSED)


def _say_plainly(
    kind: type[BaseException], error: BaseException, traceback: types.TracebackType | None
) -> None:
    if isinstance(error, DBAPIError):
        _say(CannotStart(DATABASE_SENTENCE, answer=answer_of(error)))
    elif isinstance(error, CannotStart):
        _say(error)
    else:
        sys.__excepthook__(kind, error, traceback)


def is_command() -> bool:
    """Say whether this process runs one of the administrator's commands and does not serve pages."""
    return os.environ.get("FLASK_RUN_FROM_CLI") == "true"


def speak_plainly() -> None:
    """Have a command that a database stops say so in a sentence, without the way it got there."""
    sys.excepthook = _say_plainly
