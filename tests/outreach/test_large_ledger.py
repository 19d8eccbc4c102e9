"""A ledger of ten thousand visits through the wizard of a served installation, which goes on answering.

IMPORTED_ROWS sets how many rows; with `-s` it says how long everything took and what memory was needed.
"""

import io
import sys
import time
from collections import Counter

import pytest
from werkzeug.datastructures import FileStorage

from config import env_int
from tests.factories.accounts import PASSWORD
from tests.support.importer import Visitor, count, empty_office
from tests.support.large_ledger import FAULTS, FIRMS, large_ledger, person_name, register
from visits.core.spreadsheet import read_table

ROWS = env_int("IMPORTED_ROWS", 10_000)


@pytest.fixture
def server(tmp_path):
    """An office with a coordinator, two cadres and a thousand enterprises."""
    server = empty_office(tmp_path, "ledger")
    for number in range(2):
        words = ("--username", f"ganbu{number}", "--name", person_name(number), "--role", "cadre")
        server.flask("users", "create", *words, "--password-stdin", said=PASSWORD + "\n")
    (tmp_path / "名录.csv").write_bytes(register())
    server.flask("enterprises", "import", str(tmp_path / "名录.csv"))
    assert count(server, "enterprises") == FIRMS
    with server as running:
        yield running


def carry(visitor, content):
    """Take a ledger as far as the preview; return its address and when each step was over."""
    began = [time.perf_counter()]
    file = {"file": FileStorage(io.BytesIO(content), "走访台账.xlsx")}
    progress = visitor.ask("POST", "/visits/import", file, page="/visits/import")[1]
    columns = visitor.wait(progress)
    began.append(time.perf_counter())
    unsaid = {"mode": "on_site", "programme_ids": "1"}
    visitor.ask("POST", columns, visitor.columns(columns) | unsaid, page=columns)
    preview = visitor.wait(progress)
    began.append(time.perf_counter())
    return progress, preview, began


def test_all_sound_rows_go_in_once_and_each_faulty_one_is_told(server):
    content, expected = large_ledger(ROWS, ROWS // 20)
    visitor, sound = Visitor(server), ROWS - ROWS // 20
    progress, preview, began = carry(visitor, content)
    wanted = [ROWS, sound, sound, 0, 0, len(expected)]
    assert visitor.figures(preview) == wanted
    assert count(server, "visits") == 0
    visitor.ask("POST", preview, {}, page=preview)
    visitor.wait(progress)
    began.append(time.perf_counter())
    assert visitor.figures(preview) == wanted
    assert [count(server, table) for table in ("visits", "visit_pairs", "visit_texts")] == [sound] * 3
    assert count(server, "attendances") == 2 * sound
    rejected = read_table(visitor.ask("GET", f"{preview}/rejected.xlsx")[2], "x.xlsx")
    told = {int(row[0]): row[1] for row in rejected.rows[1:]}
    assert told.keys() == expected.keys()
    assert [(row, told[row]) for row, (_, says) in expected.items() if says not in told[row]] == []
    assert set(Counter(says for _, says in expected.values())) == {says for _, _, says, *_ in FAULTS}
    said = visitor.report(began)
    _, again, _ = carry(visitor, content)
    assert visitor.figures(again) == [ROWS, 0, 0, sound, 0, len(expected)]
    assert count(server, "visits") == sound
    sys.stdout.write(f"\n{ROWS} rows: {said}; a second import adds 0\n")
