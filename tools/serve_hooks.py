"""What gunicorn does beside its own when `make run` serves one office."""

import signal


def post_worker_init(_worker: object) -> None:
    """Leave Ctrl-C, which a terminal tells every process, to the first process: it ends its workers.

    A worker told to quit once by the terminal and once by the first process waits for itself, until it is
    killed after 30 seconds (gunicorn 27, gthread). What a worker starts does hear Ctrl-C: it inherits no
    handler.
    """
    signal.signal(signal.SIGINT, lambda *_: None)
