"""A long ledger of problems through the wizard of a served installation, then the year's figures.

Usually the file is just too large to be worked on before its upload is answered, on PostgreSQL a third of
that; IMPORTED_ROWS=10000 is the full size. With `-s` it says how long everything took and what memory was
needed.
"""

import sys
import time
from collections import Counter
from contextlib import contextmanager
from datetime import date

import pytest
import sqlalchemy as sa

import config
from tests.support.importer import Visitor, count, empty_office, fill_register, rows_wanted
from tests.support.large_ledger import FIRMS, register
from tests.support.large_problem_ledger import AT, FAULTS, UNITS, large_problem_ledger, row_of
from visits.app import create_app
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.periods import Month
from visits.enterprises.uploads import AT_ONCE_BYTES
from visits.reports import assemble
from visits.reports.filters import ReportFilter

USUAL = 2_000
ROWS = rows_wanted(USUAL)
LEDGER = ("/issues/import", "问题台账.xlsx")
UNSAID = {"source": "visit", "category_id": "0"}
UNIT = "INSERT INTO units (name, head_confirms, revision, created_at) VALUES (:name, false, 1, :at)"


@pytest.fixture
def server(tmp_path):
    """An office with a coordinator, three units and a thousand enterprises."""
    server = empty_office(tmp_path, "problem_ledger")
    engine = sa.create_engine(server.environment["DATABASE_URL"])
    with engine.begin() as connection:
        for name in UNITS:
            connection.execute(sa.text(UNIT), {"name": name, "at": "2024-01-01 00:00:00+00:00"})
    engine.dispose()
    assert fill_register(server, register()) == FIRMS
    with server as running:
        yield running


def expected_of(rows, month):
    """How many problems of the sound rows a month registered, closed, and solved."""
    span = month.span

    def within(cells, name):
        return date.fromisoformat(cells[AT[name]]) in span

    closed = [cells for cells in rows if within(cells, "办结日期")]
    due = [cells for cells in rows if within(cells, "办理时限")]
    return {
        "new": sum(within(cells, "登记日期") for cells in rows),
        "closed": len(closed),
        "outcome_a": sum(cells[AT["办结结果"]] == "A" for cells in closed),
        "on_time": (sum(cells[AT["反馈日期"]] <= cells[AT["办理时限"]] for cells in due), len(due)),
    }


@contextmanager
def figures_of(server):
    """A function that says the figures of a month of this installation, and how long that took."""
    with pytest.MonkeyPatch.context() as patch:
        for key, value in server.environment.items():
            patch.setenv(key, value)
        app = create_app(config.from_environment())

    def told(month):
        began = time.perf_counter()
        found = assemble.get_totals(SYSTEM, ReportFilter.of(month.span)).figures
        seconds = time.perf_counter() - began
        figures = {key: found[key].value for key in ("new", "closed", "outcome_a")}
        rate = found["on_time_rate"]
        return figures | {"on_time": (rate.numerator, rate.denominator)}, seconds

    with app.app_context():
        yield told
        db.session.remove()
        db.engine.dispose()


def test_all_sound_rows_go_in_once_and_the_year_adds_up(server):
    content, expected = large_problem_ledger(ROWS, ROWS // 20)
    visitor, sound = Visitor(server), ROWS - ROWS // 20
    assert ROWS < USUAL or len(content) > AT_ONCE_BYTES
    preview, moments = visitor.carry(*LEDGER, content, **UNSAID)
    wanted = [ROWS, sound, 0, 0, 0, len(expected)]
    assert visitor.figures(preview) == wanted
    assert count(server, "issues") == 0
    moments.append(visitor.confirm(preview))
    assert visitor.figures(preview) == wanted
    tables = ("issues", "issue_texts", "dispatches", "evaluations")
    assert [count(server, table) for table in tables] == [sound] * 4
    assert count(server, "issue_moves") == 5 * sound
    told = visitor.rejected(preview)
    assert told.keys() == expected.keys()
    assert [(row, told[row]) for row, (_, says) in expected.items() if says not in told[row]] == []
    assert set(Counter(says for _, says in expected.values())) == {says for _, _, says, *_ in FAULTS}
    said = visitor.report(moments)
    again, _ = visitor.carry(*LEDGER, content, **UNSAID)
    assert visitor.figures(again) == [ROWS, 0, 0, sound, 0, len(expected)]
    assert count(server, "issues") == sound
    rows = [row_of(number) for number in range(ROWS) if number + 2 not in expected]
    took = []
    with figures_of(server) as figures:
        for month in (Month(2025, number) for number in range(1, 13)):
            found, seconds = figures(month)
            assert found == expected_of(rows, month), month
            took.append(seconds)
    months = f"figures of 12 months right, {min(took):.2f} to {max(took):.2f} s each"
    sys.stdout.write(f"\n{ROWS} rows: {said}; a second import adds 0; {months}\n")
