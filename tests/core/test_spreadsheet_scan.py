"""Packed workbooks that would swell."""

import io
import zipfile

import pytest

from tests.support.workbooks import cells, packed, told, xlsx
from visits.core import spreadsheet_scan
from visits.core.spreadsheet_limits import Problem

SMALL = xlsx(cells(("A1", "名称"), ("A2", "甲")))


@pytest.mark.parametrize(
    "member", ["xl/worksheets/sheet1.xml", "xl/media/image1.png", "docProps/thumbnail.jpeg"]
)
def test_member_that_swells_a_hundredfold_is_not_unpacked(member):
    swelling = b" " * (12 * 1024 * 1024)
    with zipfile.ZipFile(io.BytesIO(SMALL)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    bomb = packed(**members | {member: members.get(member, b"") + swelling})
    assert len(bomb) < 100_000
    assert "Unpacked, this file is too large" in told(bomb)


def test_total_unpacked_size_is_limited(monkeypatch):
    monkeypatch.setattr(spreadsheet_scan, "MAX_UNPACKED_BYTES", 2_000)
    with pytest.raises(Problem, match="too_big"):
        spreadsheet_scan.scan_packed_workbook(SMALL)


def test_workbook_of_very_many_members_is_refused():
    many = packed(**{"xl/workbook.xml": "<a/>"} | {f"xl/{number}": "" for number in range(2_000)})
    assert "too large" in told(many)
