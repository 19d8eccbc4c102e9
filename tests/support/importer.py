"""Somebody at the pages of a served installation who imports a large file, and an office to do it in."""

import http.client
import re
import statistics
import time
from itertools import pairwise
from urllib.parse import urlencode, urlsplit

import psutil
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.factories.accounts import PASSWORD
from tests.support.databases import scratch_url
from tests.support.live_server import LiveServer

MAIN = re.compile(r"<main.*</main>", re.DOTALL)
TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
CHOSEN = re.compile(rb'<select[^>]*name="(column_\d+)".*?<option selected value="(\w*)"', re.DOTALL)
FIGURES = re.compile(rb'<div class="stat-value"><b>([\d,]+)</b>')


class Visitor:
    """Somebody at the pages, over plain HTTP, who takes the time of answers and the weight of workers."""

    def __init__(self, server):
        self.server, self.cookie, self.times, self.peak = server, "", [], 0
        self.host = urlsplit(server.address).netloc
        self.ask("POST", "/sign-in", {"username": "xietiao", "password": PASSWORD}, page="/sign-in")

    def ask(self, method, path, fields=None, page=None):
        """One request; return status, where it leads, and the page. Forms take the token of a page."""
        headers, body = {"Cookie": self.cookie}, None
        if fields is not None:
            fields = fields | {"csrf_token": TOKEN.search(self.ask("GET", page)[2])[1].decode()}
            headers["Content-Type"], body = _encoded(fields)
            headers["Cookie"] = self.cookie
        connection = http.client.HTTPConnection(self.host, timeout=60)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            self.cookie = cookie.partition(";")[0]
        assert method == "GET" or answer.status == 303, MAIN.search(content.decode())[0]
        return answer.status, urlsplit(answer.headers.get("Location") or "").path, content

    def wait(self, path):
        """Look at the progress until it leads on; meanwhile use the list as others do."""
        while True:
            status, location, page = self.ask("GET", path)
            if status == 303:
                return location
            assert status == 200
            assert "已中断" not in page.decode()
            began = time.perf_counter()
            assert self.ask("GET", "/enterprises?q=hp")[0] == 200
            self.times.append(time.perf_counter() - began)
            self._weigh()

    def figures(self, path):
        """The figures of a preview or result."""
        return [int(figure.replace(b",", b"")) for figure in FIGURES.findall(self.ask("GET", path)[2])]

    def columns(self, path):
        """Which field each column goes to, as the page guesses."""
        return {name.decode(): key.decode() for name, key in CHOSEN.findall(self.ask("GET", path)[2])}

    def report(self, began):
        """What it took, in a line: the steps between these moments, the heaviest worker, the pages."""
        steps = [f"{later - earlier:.1f}" for earlier, later in pairwise(began)]
        times = sorted(self.times)
        return (
            f"read, check, write {steps} s; heaviest process {self.peak / 2**20:.0f} MB; "
            f"{len(times)} pages meanwhile, median {statistics.median(times) * 1000:.0f} ms, "
            f"p95 {times[int(len(times) * 0.95)] * 1000:.0f} ms, slowest {times[-1] * 1000:.0f} ms"
        )

    def _weigh(self):
        for process in psutil.Process(self.server.process.pid).children(recursive=True):
            try:
                if "flask" in process.cmdline() or "visits.core.spreadsheet_child" in process.cmdline():
                    self.peak = max(self.peak, process.memory_info().rss)
            except psutil.Error:
                continue  # it is over already


def _encoded(fields):
    if any(isinstance(value, FileStorage) for value in fields.values()):
        boundary, body = encode_multipart(fields)
        return f"multipart/form-data; boundary={boundary}", body
    return "application/x-www-form-urlencoded", urlencode(fields)


def empty_office(folder, name):
    """An installation with a coordinator and nothing else, not served yet."""
    server = LiveServer(folder)
    server.environment["DATABASE_URL"] = scratch_url(name, folder)
    server.flask("db", "upgrade")
    words = ("--username", "xietiao", "--name", "王协调", "--role", "coordinator", "--password-stdin")
    server.flask("users", "create", *words, said=PASSWORD + "\n")
    return server


def count(server, table):
    """How many rows a table of an installation has."""
    engine = sa.create_engine(server.environment["DATABASE_URL"])
    with engine.connect() as connection:
        number = connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one()
    engine.dispose()
    return number
