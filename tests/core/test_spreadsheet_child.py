"""The process that opens workbooks: how it writes values, what binds it, and what its end means."""

import os
import subprocess
import sys
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.workbooks import cells, told, xlsx
from visits.core import apart, spreadsheet, spreadsheet_child
from visits.core.spreadsheet import read_table
from visits.core.spreadsheet_child import as_text
from visits.core.spreadsheet_limits import Problem
from visits.core.spreadsheet_notes import BookNotes

SMALL = xlsx(cells(("A1", "名称"), ("A2", "甲")))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("007 ", "007 "),
        (1.0, "1"),
        (-3.0, "-3"),
        (-0.0, "0"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (1e15, "1000000000000000"),
        (9.13301101438415e17, "913301101438415000"),
        (12, "12"),
        (False, "FALSE"),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 1, 23, 59, 59, 999_999), "2026-01-02"),
        (datetime(2026, 1, 2, 14, 30, 5), "2026-01-02 14:30:05"),
        (time(14, 30), "14:30"),
        (time(14, 30, 5), "14:30:05"),
        (timedelta(hours=30), "30:00"),
        (timedelta(minutes=1, seconds=5), "0:01:05"),
    ],
)
def test_value_of_a_cell_is_written_as_seen(value, text):
    assert as_text(value) == text


@given(st.integers(-(10**15), 10**15))
def test_whole_numbers_keep_every_digit(number):
    assert as_text(float(number)) == str(number)


def child_that(monkeypatch, code):
    """Let another program stand in for the process that opens workbooks."""
    run = subprocess.run
    monkeypatch.setattr(
        apart.subprocess,
        "run",
        lambda _command, **options: run([sys.executable, "-c", code], **options),
    )


def test_child_that_dies_is_told_and_logged(monkeypatch, caplog):
    child_that(monkeypatch, "import os; os.abort()")
    assert "could not be read to its end" in told(SMALL)
    assert "ended with -6" in caplog.text


def test_child_that_uses_up_its_time_is_told(monkeypatch):
    child_that(monkeypatch, "import os, signal; os.kill(os.getpid(), signal.SIGXCPU)")
    assert "takes too long" in told(SMALL)


def test_child_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr(spreadsheet, "WALL_SECONDS", 0.2)
    child_that(monkeypatch, "import signal; signal.pause()")
    assert "takes too long" in told(SMALL)


def test_child_sees_no_secret_of_the_server(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "hush")
    answer = "json.dumps({'sheet': 's'}), json.dumps([1, [str('SECRET_KEY' in os.environ)]])"
    child_that(monkeypatch, f"import json, os; print({answer}, sep=chr(10))")
    assert read_table(SMALL, "a.xlsx").rows == [["False"]]


@pytest.mark.skipif(os.name != "posix", reason="the limits of a process exist on POSIX only")
def test_child_binds_itself_to_its_memory_and_time():
    code = (
        "import resource as r; from visits.core.apart import limit_resources as limit; limit(1 << 30, 20);"
        "print(*(r.getrlimit(l)[0] for l in (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_CORE)))"
    )
    printed = subprocess.run([sys.executable, "-c", code], cwd=apart.ROOT, capture_output=True, check=True)
    assert printed.stdout.split() == [b"1073741824", b"20", b"0"]


def test_sheet_larger_than_its_cells_said_is_refused_after_opening(monkeypatch):
    monkeypatch.setattr(spreadsheet_child, "scan_packed_workbook", lambda _content: BookNotes())
    with pytest.raises(Problem, match="too_many_columns"):
        spreadsheet_child.Book(xlsx(cells(("GS1", "x")))).choose("")


@settings(max_examples=200)
@given(st.integers(0, len(SMALL) - 1), st.integers(0, 255))
def test_any_damaged_workbook_gives_rows_or_a_problem(position, byte):
    damaged = SMALL[:position] + bytes([byte]) + SMALL[position + 1 :]
    assert all(line.endswith("\n") for line in spreadsheet_child.json_lines(damaged))
