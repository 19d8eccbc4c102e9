"""`reports ledger`: a whole ledger as a file, or a plain word on what is wrong."""

import pytest
from python_calamine import CalamineWorkbook

from tests.factories.issues import make_issue, make_office
from visits.issues.states import State


@pytest.fixture
def run(app, db, at):
    at("2026-11-23")
    make_issue(make_office(), State.CLOSED)
    db.session.commit()
    return lambda *words: app.test_cli_runner().invoke(args=["reports", "ledger", *map(str, words)])


@pytest.mark.parametrize(("book", "rows"), [("problems", 1), ("visits", 0), ("enterprises", 1)])
def test_a_ledger_is_written_whole(run, tmp_path, book, rows):
    file = tmp_path / "台账.xlsx"
    done = run(book, "--from", "2026-11-01", "--to", "2026-11-30", "--output", file)
    assert (done.exit_code, done.output) == (0, f"已写入{rows}行：{file}\n")
    heads, *found = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    assert (heads[0], len(found)) == ("序号", rows)
    assert [path.name for path in tmp_path.iterdir()] == ["台账.xlsx"]


def test_days_and_their_meaning_narrow_it(run, tmp_path):
    file = tmp_path / "a.csv"
    assert "已写入0行" in run("problems", "--to", "2026-11-22", "--output", file).output
    assert "已写入1行" in run("problems", "--from", "2026-11-23", "--by", "closed", "--output", file).output
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["problems", "--output", "a.pdf"], ".xlsx"),
        (["projects", "--output", "a.csv"], "projects"),
        (["visits", "--by", "closed", "--output", "a.csv"], "不能按"),
        (["visits", "--from", "2026-12-01", "--to", "2026-11-01", "--output", "a.csv"], "--to"),
        (["visits", "--from", "2026-02-30", "--output", "a.csv"], "2026-02-30"),
        (["visits"], "--output"),
        (["visits", "--output", "/nowhere/a.csv"], "无法写入"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(run, words, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run(*words)
    assert done.exit_code in {1, 2}
    assert says in done.output
    assert list(tmp_path.iterdir()) == []
