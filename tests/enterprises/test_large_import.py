"""Ten thousand rows through the wizard of a served installation, while its pages go on answering.

IMPORTED_ROWS sets how many; with `-s` it says how long everything took and what memory the worker needed.
"""

import io
import sys
import time
from collections import Counter

import pytest
from werkzeug.datastructures import FileStorage

from config import env_int
from tests.support.importer import Visitor, count, empty_office
from tests.support.large_list import FAULTS, large_list
from visits.core.spreadsheet import read_table

ROWS = env_int("IMPORTED_ROWS", 10_000)


@pytest.fixture
def server(tmp_path):
    """An empty office with a coordinator."""
    with empty_office(tmp_path, "imported") as running:
        yield running


def test_all_sound_rows_go_in_and_each_faulty_one_is_told(server):
    content, expected = large_list(ROWS, ROWS // 20)
    visitor = Visitor(server)
    began = [time.perf_counter()]
    file = {"file": FileStorage(io.BytesIO(content), "企业名单.xlsx")}
    progress = visitor.ask("POST", "/enterprises/import", file, page="/enterprises/import")[1]
    uploaded = time.perf_counter()
    columns = visitor.wait(progress)
    began.append(time.perf_counter())
    visitor.ask("POST", columns, visitor.columns(columns), page=columns)
    preview = visitor.wait(progress)
    began.append(time.perf_counter())
    sound = ROWS - len(expected)
    wanted = [ROWS, sound, 0, 0, 0, len(expected)]
    assert visitor.figures(preview) == wanted
    assert count(server, "enterprises") == 0
    visitor.ask("POST", preview, {}, page=preview)
    visitor.wait(progress)
    began.append(time.perf_counter())
    assert visitor.figures(preview) == wanted
    assert count(server, "enterprises") == sound
    rejected = read_table(visitor.ask("GET", f"{preview}/rejected.xlsx")[2], "x.xlsx")
    told = {int(row[0]): row[1] for row in rejected.rows[1:]}
    assert told.keys() == expected.keys()
    assert [row for row, (_, says) in expected.items() if says not in told[row]] == []
    assert set(Counter(says for _, says in expected.values())) == {says for _, _, says in FAULTS}
    sys.stdout.write(
        f"\n{ROWS} rows: answer to the upload {uploaded - began[0]:.2f} s; {visitor.report(began)}\n"
    )
