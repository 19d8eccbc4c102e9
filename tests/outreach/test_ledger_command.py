"""`visits import`: the figures, shapes and exit codes that other people's scripts rely on."""

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person
from tests.factories.enterprises import make_code, make_enterprise
from tests.factories.programmes import make_programmes
from tests.support.import_steps import WizardSteps, figures, importer, stored
from tests.support.visit_ledgers import book, ledger
from visits.core.db import db
from visits.core.permissions import Role
from visits.core.spreadsheet import read_table
from visits.outreach.models import PairProgramme, Visit
from visits.programmes.models import ENTERPRISE_VISIT

FIRM = "湖畔精密机械有限公司"
FIGURES = ("rows", "created", "unchanged", "skipped", "rejected", "visits")
GOOD = ("1", "2025-11-3", FIRM, "", "", "张伟", "", "看了车间。")
BAD = ("2", "去年", FIRM, "", "", "张伟", "", "")
LEDGER = ledger(GOOD, BAD, GOOD, title="2025年走访台账")


@pytest.fixture
def office(database):
    make_programmes()
    make_enterprise(FIRM, code=make_code(701))
    return [make_person([Role.COORDINATOR], username=name) for name in ("xietiao", "xietiao2")]


@pytest.fixture
def command(app, office, tmp_path):
    """Import a ledger; return the exit code, the figures, and all that was said."""
    return importer(app, tmp_path, "visits", FIGURES)


def test_good_rows_go_in_and_bad_ones_are_told(command, office):
    tried = command(LEDGER, "--dry-run")
    assert stored(Visit) == []
    code, figures, said = command(LEDGER)
    assert (code, figures) == (1, (3, 1, 0, 1, 1, 1))
    assert tried[:2] == (code, figures)
    (error,) = said["errors"]
    assert (error["row"], error["column"], error["value"]) == (4, "走访日期", "去年")
    assert [warning["column"] for warning in said["warnings"]][:1] == ["序号"]
    (visit,) = stored(Visit)
    assert (visit.author_id, visit.import_run_id) == (office[0].id, said["run"])
    again = command(LEDGER)
    assert (again[1], again[2]["run"]) == ((3, 0, 1, 1, 1, 0), None)


def test_the_wizard_says_the_same(command, office, client_for):
    _, fates, said = command(LEDGER, "--dry-run")
    preview = WizardSteps("ledger", "台账.csv").previewed(client_for(office[0]), LEDGER)
    rows, created, unchanged, skipped, rejected, visits = fates
    assert figures(preview) == [rows, created, visits, unchanged, skipped, rejected]
    assert all(line["reason"] in preview.main for line in said["errors"])


def test_mode_programme_and_whose_import_it_is_are_given(command, office):
    words = ("--mode", "phone", "--programme", "企业大走访", "--by", "xietiao2")
    assert command(ledger(GOOD), *words)[0] == 0
    (visit,) = stored(Visit)
    assert (visit.mode.value, visit.author_id) == ("phone", office[1].id)
    chosen = make_programmes()[ENTERPRISE_VISIT]
    assert db.session.scalars(sa.select(PairProgramme.programme_id)).all() == [chosen]


def test_a_heading_is_mapped_and_a_sheet_chosen(command):
    content = book([("2025-11-3", FIRM, "张伟")], header=("哪天", "企业名称", "走访人员"))
    code, figures, _ = command(content, "--map", "哪天=走访日期", "--sheet", "台账", filename="台账.xlsx")
    assert (code, figures[:2]) == (0, (1, 1))


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_rejected_rows_are_written_to_a_file(command, tmp_path, ending):
    path = tmp_path / f"不合格.{ending}"
    command(LEDGER, "--errors", str(path))
    rows = read_table(path.read_bytes(), path.name).rows
    assert (rows[1][0], rows[1][3]) == ("4", "去年")


def test_in_words_it_says_the_figures_and_each_remark(command):
    code, _, said = command(LEDGER, shape=())
    assert code == 1
    assert "去年" in said
    assert "3" in said.splitlines()[0]


@pytest.mark.parametrize(
    ("content", "words", "says"),
    [
        (b"", (), "没有内容"),
        (b"%PDF-1.7", (), "PDF"),
        (ledger(("甲",), header=("一",)), (), "走访日期"),
        (LEDGER, ("--map", "没有的列=走访日期"), "没有的列"),
        (LEDGER, ("--sheet", "表1"), "没有工作表"),
        (LEDGER, ("--programme", "春风行动"), "企业大走访"),
        (LEDGER, ("--by", "nobody"), "--by"),
        (LEDGER, ("--errors", "x.pdf"), ".xlsx"),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_goes_in(command, content, words, says):
    code, _, said = command(content, *words)
    assert (code, says in said) == (2, True), said
    assert stored(Visit) == []
