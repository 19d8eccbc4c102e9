"""The application as the bench serves it: each answer says what it took in statements and work."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Engine, event

import wsgi
from tests.support.statements import SILENT

HEADER = "X-Bench"
_seen = threading.local()


@event.listens_for(Engine, "before_cursor_execute")
def _count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
    if not statement.startswith(SILENT):
        _seen.statements = getattr(_seen, "statements", 0) + 1


class Metered:
    """Passes requests on, and adds to each answer: statements, milliseconds of processor, of the clock."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, environ: Any, start_response: Callable[..., Any]) -> Iterable[bytes]:
        _seen.statements, worked, began = 0, time.thread_time(), time.perf_counter()

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            used = (time.thread_time() - worked) * 1000
            passed = (time.perf_counter() - began) * 1000
            headers.append((HEADER, f"{_seen.statements} {used:.2f} {passed:.2f}"))
            return start_response(status, headers, *rest)

        answer: Iterable[bytes] = self.app(environ, start)
        return answer


app = Metered(wsgi.app)
