"""Somebody at the pages of a served installation who imports a large file, and an office to do it in."""

import http.client
import io
import re
import statistics
import time
from itertools import pairwise
from urllib.parse import urlencode, urlsplit

import psutil
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from config import env_int
from tests.factories.accounts import PASSWORD
from tests.support.databases import KIND, scratch_url
from tests.support.live_server import LiveServer
from visits.core.spreadsheet import read_table

UPLOAD = re.compile(r"/\w+/import/\d+")
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

    def carry(self, start, filename, content, **unsaid):
        """Take a file as far as the preview; return the preview's address, and when each step was over."""
        moments = [time.perf_counter()]
        file = {"file": FileStorage(io.BytesIO(content), filename)}
        upload = self.ask("POST", start, file, page=start)[1]
        moments.append(time.perf_counter())
        columns = self.wait(upload)
        moments.append(time.perf_counter())
        self.ask("POST", columns, self.columns(columns) | unsaid, page=columns)
        preview = self.wait(upload)
        moments.append(time.perf_counter())
        return preview, moments

    def confirm(self, preview):
        """Have what a preview shows written; return when that was over."""
        self.ask("POST", preview, {}, page=preview)
        assert self.wait(preview) == preview
        return time.perf_counter()

    def wait(self, page):
        """Look at the progress of an upload, whichever of its pages is given, until that leads on.

        Meanwhile use the list as others do.
        """
        progress = UPLOAD.match(page)[0] + "/progress"
        while True:
            status, location, content = self.ask("GET", progress)
            if status == 303:
                return location
            assert status == 200
            assert "已中断" not in content.decode()
            assert b'http-equiv="refresh"' in content, MAIN.search(content.decode())[0]
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

    def rejected(self, page):
        """What the file of rejected rows says of each, by the number of the row."""
        table = read_table(self.ask("GET", f"{page}/rejected.xlsx")[2], "x.xlsx")
        return {int(row[0]): row[1] for row in table.rows[1:]}

    def report(self, moments):
        """What it took, in a line: the steps between these moments, the heaviest worker, the pages."""
        sent, answered, *ends = moments
        steps = [f"{later - earlier:.1f}" for earlier, later in pairwise([sent, *ends])]
        took = f"answer to the upload {answered - sent:.2f} s; read, check, write {steps} s"
        if not self.times:
            return f"{took}; each was over before its answer, no page was asked meanwhile"
        times = sorted(self.times)
        return (
            f"{took}; heaviest process {self.peak / 2**20:.0f} MB; "
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


def rows_wanted(usual):
    """How many rows a long ledger has: IMPORTED_ROWS, else as usual, on PostgreSQL a third of that."""
    return env_int("IMPORTED_ROWS", usual if KIND == "sqlite" else usual // 3)


def empty_office(folder, name):
    """An installation with a coordinator and nothing else, not served yet."""
    server = LiveServer(folder)
    server.environment["DATABASE_URL"] = scratch_url(name, folder)
    server.flask("db", "upgrade")
    words = ("--username", "xietiao", "--name", "王协调", "--role", "coordinator", "--password-stdin")
    server.flask("users", "create", *words, said=PASSWORD + "\n")
    return server


def fill_register(server, content):
    """Take a list of enterprises in by the command; return how many the register has now."""
    file = server.folder / "名录.csv"
    file.write_bytes(content)
    server.flask("enterprises", "import", str(file))
    return count(server, "enterprises")


def count(server, table):
    """How many rows a table of an installation has."""
    engine = sa.create_engine(server.environment["DATABASE_URL"])
    with engine.connect() as connection:
        number = connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one()
    engine.dispose()
    return number
