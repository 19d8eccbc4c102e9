"""The application over a poor line: an answer's head, then its two halves, each after a pause.

`ANSWERS_WITHIN=0.6 make test-browser` makes pauses of up to 0.6 seconds. What looks at a page before it is
there passes on a quick line and fails on this one.
"""

import random
import time

from config import env_str
from wsgi import app as quick

LONGEST = float(env_str("ANSWERS_WITHIN", "0"))


def pause():
    time.sleep(random.uniform(0, LONGEST))


def halves(parts):
    """The parts of an answer, joined and cut in two; the first, empty one sends its head."""
    try:
        body = b"".join(parts)
    finally:
        getattr(parts, "close", lambda: None)()
    middle = len(body) // 2
    for part in (b"", body[:middle], body[middle:]):
        pause()
        yield part


def app(environ, start_response):
    return halves(quick(environ, start_response))
