"""Addresses whose last part is a secret are written down without it: in every log, in the audit log."""

import logging
import re

CODE = re.compile(r"(/r/|/calendar/(?=[^\s/?#\"']+\.ics))[^\s/?#\"']+")
MASK = r"\1***"


def without_code(text: str) -> str:
    """The text with the code of every link in it struck out."""
    return CODE.sub(MASK, text)


def _strike_out(record: logging.LogRecord) -> None:
    record.msg, record.args = without_code(record.getMessage()), None
    if record.exc_info:
        record.exc_text = without_code(logging.Formatter().formatException(record.exc_info))


def strike_out_codes() -> None:
    """Have every log of this process, the server's own included, strike codes out."""
    make = logging.getLogRecordFactory()
    if getattr(make, "strikes_out_codes", False):
        return

    def make_without_code(*args: object, **kwargs: object) -> logging.LogRecord:
        record = make(*args, **kwargs)
        _strike_out(record)
        return record

    make_without_code.strikes_out_codes = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(make_without_code)
