"""A long ledger of visits through the wizard of a served installation, which goes on answering.

Usually the file is just too large to be worked on before its upload is answered, on PostgreSQL a third of
that; IMPORTED_ROWS=10000 is the full size. With `-s` it says how long everything took and what memory was
needed.
"""

import sys
from collections import Counter

import pytest

from tests.factories.accounts import PASSWORD
from tests.support.importer import Visitor, count, empty_office, fill_register, rows_wanted
from tests.support.large_ledger import FAULTS, FIRMS, large_ledger, person_name, register
from visits.enterprises.uploads import AT_ONCE_BYTES

USUAL = 3_000
ROWS = rows_wanted(USUAL)
LEDGER = ("/visits/import", "走访台账.xlsx")
UNSAID = {"mode": "on_site", "programme_ids": "1"}


@pytest.fixture
def server(tmp_path):
    """An office with a coordinator, two cadres and a thousand enterprises."""
    server = empty_office(tmp_path, "ledger")
    for number in range(2):
        words = ("--username", f"ganbu{number}", "--name", person_name(number), "--role", "cadre")
        server.flask("users", "create", *words, "--password-stdin", said=PASSWORD + "\n")
    assert fill_register(server, register()) == FIRMS
    with server as running:
        yield running


def test_all_sound_rows_go_in_once_and_each_faulty_one_is_told(server):
    content, expected = large_ledger(ROWS, ROWS // 20)
    visitor, sound = Visitor(server), ROWS - ROWS // 20
    assert ROWS < USUAL or len(content) > AT_ONCE_BYTES
    preview, moments = visitor.carry(*LEDGER, content, **UNSAID)
    wanted = [ROWS, sound, sound, 0, 0, len(expected)]
    assert visitor.figures(preview) == wanted
    assert count(server, "visits") == 0
    moments.append(visitor.confirm(preview))
    assert visitor.figures(preview) == wanted
    assert [count(server, table) for table in ("visits", "visit_pairs", "visit_texts")] == [sound] * 3
    assert count(server, "attendances") == 2 * sound
    told = visitor.rejected(preview)
    assert told.keys() == expected.keys()
    assert [(row, told[row]) for row, (_, says) in expected.items() if says not in told[row]] == []
    assert set(Counter(says for _, says in expected.values())) == {says for _, _, says, *_ in FAULTS}
    said = visitor.report(moments)
    again, _ = visitor.carry(*LEDGER, content, **UNSAID)
    assert visitor.figures(again) == [ROWS, 0, 0, sound, 0, len(expected)]
    assert count(server, "visits") == sound
    sys.stdout.write(f"\n{ROWS} rows: {said}; a second import adds 0\n")
