"""`issues import`: the figures, shapes and exit codes that other people's scripts rely on."""

import pytest

from tests.support.import_steps import importer, stored
from tests.support.problem_ledgers import FIRM, HEADER, problem_ledger, row
from visits.core.spreadsheet import read_table
from visits.issues.models import Issue

FIGURES = ("rows", "created", "unchanged", "skipped", "rejected", "open")
GOOD, BAD = row(), row(编号="2", 登记日期="去年")
LEDGER = problem_ledger(GOOD, BAD, GOOD, title="2025年问题台账")


@pytest.fixture
def command(app, ledger_office, tmp_path):
    """Import a ledger; return the exit code, the figures, and all that was said."""
    return importer(app, tmp_path, "issues", FIGURES)


def test_good_rows_go_in_and_bad_ones_are_told(command, ledger_office):
    tried = command(LEDGER, "--dry-run")
    assert stored(Issue) == []
    code, figures, said = command(LEDGER)
    assert (code, figures) == (1, (3, 1, 0, 1, 1, 0))
    assert tried[:2] == (code, figures)
    (error,) = said["errors"]
    assert (error["row"], error["column"], error["value"]) == (4, "登记日期", "去年")
    (issue,) = stored(Issue)
    assert (issue.registered_by_id, issue.import_run_id) == (ledger_office["coordinator"].id, said["run"])
    again = command(LEDGER)
    assert (again[1], again[2]["run"]) == ((3, 0, 1, 1, 1, 0), None)


def test_a_heading_is_mapped_and_what_rows_do_not_say_is_given(command):
    given = {"企业名称": FIRM, "事情": "缺电。", "哪天": "2025-3-4"}
    content = problem_ledger(given, header=("企业名称", "事情", "哪天"))
    words = ("--map", "事情=problem", "--map", "哪天=走访日期", "--source", "hotline")
    assert command(content, *words)[:2] == (1, (1, 0, 0, 0, 1, 0))
    assert command(content, *words, "--visit-day-registers")[:2] == (0, (1, 1, 0, 0, 0, 1))
    (issue,) = stored(Issue)
    assert (issue.source.value, issue.state.value) == ("hotline", "registered")


def test_a_category_is_given_by_name(command):
    given = row(类别="")
    assert command(problem_ledger(given), "--category", "其他")[0] == 0


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_rejected_rows_are_written_to_a_file(command, tmp_path, ending):
    path = tmp_path / f"不合格.{ending}"
    command(LEDGER, "--errors", str(path))
    rows = read_table(path.read_bytes(), path.name).rows
    assert (rows[1][0], rows[1][2 + HEADER.index("登记日期")]) == ("4", "去年")


def test_in_words_it_says_the_figures_and_each_remark(command):
    code, _, said = command(LEDGER, shape=())
    assert code == 1
    assert "去年" in said
    assert "共3行" in said.splitlines()[0]


@pytest.mark.parametrize(
    ("content", "words", "says"),
    [
        (b"", (), "没有内容"),
        (b"%PDF-1.7", (), "PDF"),
        (problem_ledger({"一": "甲"}, header=("一",)), (), "企业名称"),
        (LEDGER, ("--map", "没有的列=登记日期"), "没有的列"),
        (LEDGER, ("--sheet", "表1"), "没有工作表"),
        (LEDGER, ("--category", "天外来客"), "其他"),
        (LEDGER, ("--by", "nobody"), "--by"),
        (LEDGER, ("--errors", "x.pdf"), ".xlsx"),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_goes_in(command, content, words, says):
    code, _, said = command(content, *words)
    assert (code, says in said) == (2, True), said
    assert stored(Issue) == []
