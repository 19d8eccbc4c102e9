"""The limits of a table, and the names of its columns."""

import pytest

from tests.support.workbooks import told
from visits.core import spreadsheet_limits
from visits.core.spreadsheet_limits import column_letters


@pytest.mark.parametrize(("limit", "value"), [("MAX_FILLED_CELLS", 5), ("MAX_CHARACTERS", 10)])
def test_total_contents_of_a_table_are_limited(monkeypatch, limit, value):
    monkeypatch.setattr(spreadsheet_limits, limit, value)
    assert "too large" in told(b"aa,bb\ncc,dd\nee,ff\n", "a.csv")


@pytest.mark.parametrize(
    ("column", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (200, "GR"), (702, "ZZ"), (16384, "XFD")]
)
def test_columns_have_letters(column, letters):
    assert column_letters(column) == letters
