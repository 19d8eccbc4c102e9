"""A long list of enterprises through the wizard of a served installation, while its pages go on answering.

Usually the file is just too large to be worked on before its upload is answered; IMPORTED_ROWS=10000 is the
full size. With `-s` it says how long everything took and what memory was needed.
"""

import sys
from collections import Counter

import pytest

from config import env_int
from tests.support.importer import Visitor, count, empty_office
from tests.support.large_list import FAULTS, large_list
from visits.enterprises.uploads import AT_ONCE_BYTES

USUAL = 3_000
ROWS = env_int("IMPORTED_ROWS", USUAL)


@pytest.fixture
def server(tmp_path):
    """An empty office with a coordinator."""
    with empty_office(tmp_path, "imported") as running:
        yield running


def test_all_sound_rows_go_in_and_each_faulty_one_is_told(server):
    content, expected = large_list(ROWS, ROWS // 20)
    visitor = Visitor(server)
    assert ROWS < USUAL or len(content) > AT_ONCE_BYTES
    preview, moments = visitor.carry("/enterprises/import", "企业名单.xlsx", content)
    sound = ROWS - len(expected)
    wanted = [ROWS, sound, 0, 0, 0, len(expected)]
    assert visitor.figures(preview) == wanted
    assert count(server, "enterprises") == 0
    moments.append(visitor.confirm(preview))
    assert visitor.figures(preview) == wanted
    assert count(server, "enterprises") == sound
    told = visitor.rejected(preview)
    assert told.keys() == expected.keys()
    assert [row for row, (_, says) in expected.items() if says not in told[row]] == []
    assert set(Counter(says for _, says in expected.values())) == {says for _, _, says in FAULTS}
    sys.stdout.write(f"\n{ROWS} rows: {visitor.report(moments)}\n")
