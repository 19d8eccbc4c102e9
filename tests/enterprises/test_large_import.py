"""Ten thousand rows through the wizard of a served installation, while its pages go on answering.

IMPORTED_ROWS sets how many; with `-s` it says how long everything took and what memory the worker needed.
"""

import http.client
import io
import re
import statistics
import sys
import time
from collections import Counter
from itertools import pairwise
from urllib.parse import urlencode, urlsplit

import psutil
import pytest
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from config import env_int
from tests.factories.accounts import PASSWORD
from tests.support.databases import scratch_url
from tests.support.large_list import FAULTS, large_list
from tests.support.live_server import LiveServer
from visits.core.spreadsheet import read_table

ROWS = env_int("IMPORTED_ROWS", 10_000)
MAIN = re.compile(r"<main.*</main>", re.DOTALL)
TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
CHOSEN = re.compile(rb'<select[^>]*name="(column_\d+)".*?<option selected value="(\w*)"', re.DOTALL)
FIGURES = re.compile(rb'<div class="stat-value"><b>(\d+)</b>')


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


@pytest.fixture
def server(tmp_path):
    """An empty office with a coordinator."""
    server = LiveServer(tmp_path)
    server.environment["DATABASE_URL"] = scratch_url("imported", tmp_path)
    server.flask("db", "upgrade")
    words = ("--username", "xietiao", "--name", "王协调", "--role", "coordinator", "--password-stdin")
    server.flask("users", "create", *words, said=PASSWORD + "\n")
    with server as running:
        yield running


def count(server):
    engine = sa.create_engine(server.environment["DATABASE_URL"])
    with engine.connect() as connection:
        number = connection.execute(sa.text("SELECT count(*) FROM enterprises")).scalar_one()
    engine.dispose()
    return number


def test_all_sound_rows_go_in_and_each_faulty_one_is_told(server):
    content, expected = large_list(ROWS, ROWS // 20)
    visitor = Visitor(server)
    began = [time.perf_counter()]
    file = {"file": FileStorage(io.BytesIO(content), "企业名单.xlsx")}
    progress = visitor.ask("POST", "/enterprises/import", file, page="/enterprises/import")[1]
    uploaded = time.perf_counter()
    columns = visitor.wait(progress)
    began.append(time.perf_counter())
    chosen = {name.decode(): key.decode() for name, key in CHOSEN.findall(visitor.ask("GET", columns)[2])}
    visitor.ask("POST", columns, chosen, page=columns)
    preview = visitor.wait(progress)
    began.append(time.perf_counter())
    sound = ROWS - len(expected)
    wanted = [ROWS, sound, 0, 0, 0, len(expected)]
    assert [int(figure) for figure in FIGURES.findall(visitor.ask("GET", preview)[2])] == wanted
    assert count(server) == 0
    visitor.ask("POST", preview, {}, page=preview)
    visitor.wait(progress)
    began.append(time.perf_counter())
    assert [int(figure) for figure in FIGURES.findall(visitor.ask("GET", preview)[2])] == wanted
    assert count(server) == sound
    rejected = read_table(visitor.ask("GET", f"{preview}/rejected.xlsx")[2], "x.xlsx")
    told = {int(row[0]): row[1] for row in rejected.rows[1:]}
    assert told.keys() == expected.keys()
    assert [row for row, (_, says) in expected.items() if says not in told[row]] == []
    assert set(Counter(says for _, says in expected.values())) == {says for _, _, says in FAULTS}
    steps = [f"{later - earlier:.1f}" for earlier, later in pairwise(began)]
    times = sorted(visitor.times)
    sys.stdout.write(
        f"\n{ROWS} rows: answer to the upload {uploaded - began[0]:.2f} s; read, check, write {steps} s; "
        f"heaviest process {visitor.peak / 2**20:.0f} MB; {len(times)} pages meanwhile, "
        f"median {statistics.median(times) * 1000:.0f} ms, "
        f"p95 {times[int(len(times) * 0.95)] * 1000:.0f} ms, slowest {times[-1] * 1000:.0f} ms\n"
    )
