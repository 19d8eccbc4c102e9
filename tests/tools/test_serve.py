"""Serving one office: what Ctrl-C in its terminal does."""

import os
import signal
from urllib.request import urlopen

import psutil

from tests.support.live_server import LiveServer


def workers_of(server):
    """The processes that answer, once one of them has said that it lives."""
    with urlopen(f"{server.address}/healthz", timeout=60) as answer:
        assert answer.status == 200
    return [worker.pid for worker in psutil.Process(server.process.pid).children()]


def test_ctrl_c_ends_the_first_process_and_by_it_the_workers(tmp_path):
    server = LiveServer(tmp_path)
    server.flask("db", "upgrade")
    with server:
        (worker,) = workers_of(server)
        os.kill(worker, signal.SIGINT)
        assert workers_of(server) == [worker]
        for pid in (worker, server.process.pid):  # as a terminal tells them all
            os.kill(pid, signal.SIGINT)
        server.process.join(timeout=60)
        assert server.process.exitcode == 0
    assert "SIGKILL" not in server.log.read_text(encoding="utf-8")
