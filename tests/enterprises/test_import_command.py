"""`enterprises import`: the figures, shapes and exit codes that other people's scripts rely on."""

import io
import json

import pytest

from tests.factories.accounts import make_person
from tests.factories.enterprises import make_code
from tests.support.browser import apart
from tests.support.workbooks import cells, xlsx
from visits.core.permissions import Role
from visits.enterprises import queries

FIGURES = ("rows", "created", "updated", "unchanged", "skipped", "rejected")
GOOD = f"湖畔精密机械有限公司,{make_code(951)},湖畔街道,湖畔路1号"
BAD = "坏码有限公司,91350100M000100Y44,湖畔街道,湖畔路2号"
LIST = "\n".join(
    ["企业名录", "企业名称,统一社会信用代码,街道,办公地点", GOOD, BAD, GOOD, "合计,2家"]
).encode()


@pytest.fixture
def command(app, database, tmp_path):
    """Import a file; return the exit code, the figures, and all that was said."""
    runner = app.test_cli_runner()

    def run(content, *words, filename="册.csv"):
        file = tmp_path / filename
        file.write_bytes(content)
        args = ["enterprises", "import", str(file), "--format", "json", *words]
        result = apart(lambda: runner.invoke(args=args))
        if result.exit_code == 2:
            return 2, None, result.stderr
        said = json.loads(result.stdout)
        assert said["rows"] == sum(said[key] for key in FIGURES[1:])
        return result.exit_code, tuple(said[key] for key in FIGURES), said

    return run


def test_good_rows_go_in_and_bad_ones_are_told(command):
    code, figures, said = command(LIST)
    assert (code, figures) == (1, (4, 1, 0, 0, 2, 1))
    assert said["errors"] == [
        {
            "row": 4,
            "column": "统一社会信用代码",
            "value": "91350100M000100Y44",
            "reason": "代码校验不通过：按前17位计算，末位应为3。请对照营业执照逐位核对。",
        }
    ]
    warned = [(warning["row"], warning["column"], warning["value"]) for warning in said["warnings"]]
    assert warned == [
        (2, "办公地点", ""),
        (5, "企业名称", "湖畔精密机械有限公司"),
        (6, "企业名称", "合计"),
    ]
    assert all(warning.keys() == {"row", "column", "value", "reason"} for warning in said["warnings"])
    assert command(LIST)[:2] == (1, (4, 0, 0, 1, 2, 1))


def test_a_dry_run_says_the_same_and_writes_nothing(command):
    tried = command(LIST, "--dry-run")
    assert queries.get_by_code(make_code(951)) is None
    assert command(LIST) == tried


def test_the_wizard_says_the_same(command, client_for):
    office = client_for(make_person([Role.COORDINATOR]))
    columns = office.follow(office.post("imports.start", {"file": (io.BytesIO(LIST), "册.csv")}))
    preview = office.follow(office.post(columns.url, page=columns))
    shown = tuple(int(stat.first("b").text) for stat in preview.root.all(class_="stat"))
    _, figures, said = command(LIST, "--dry-run")
    assert shown == figures
    assert all(line["reason"] in preview.main for line in said["errors"] + said["warnings"][1:])
    result = office.follow(office.post(preview.url, page=preview))
    assert tuple(int(stat.first("b").text) for stat in result.root.all(class_="stat")) == figures


@pytest.mark.parametrize("target", ["地址", "address", "注册地址"])
def test_a_heading_is_mapped(command, target):
    code, _, said = command(LIST, "--map", f"办公地点={target}")
    assert code == 1
    assert queries.get_by_code(make_code(951)).address == "湖畔路1号"
    assert "办公地点" not in [warning["column"] for warning in said["warnings"]]


def test_a_sheet_is_chosen(command):
    book = xlsx(
        cells(("A1", "企业名称"), ("A2", "甲厂")), cells(("A1", "企业名称"), ("A2", "乙厂"), ("A3", "丙厂"))
    )
    assert command(book, "--sheet", "表2", filename="册.xlsx")[:2] == (0, (2, 2, 0, 0, 0, 0))
    code, figures, said = command(book, filename="册.xlsx")
    assert (code, figures, said["warnings"][0]["value"]) == (0, (1, 1, 0, 0, 0, 0), "表2")


@pytest.mark.parametrize(
    ("content", "words", "says"),
    [
        (b"", (), "没有内容"),
        (b"%PDF-1.7", (), "PDF"),
        ("一,二\n三,四".encode(), (), "企业名称"),
        (LIST, ("--map", "没有的列=地址"), "没有的列"),
        (LIST, ("--map", "办公地点=没有的字段"), "没有的字段"),
        (LIST, ("--map", "办公地点"), "办公地点"),
        (LIST, ("--sheet", "表1"), "没有工作表"),
        (xlsx(cells(("A1", "企业名称"))), ("--sheet", "表9"), "表9"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_goes_in(command, content, words, says):
    code, _, said = command(content, *words)
    assert (code, says in said) == (2, True)
    assert queries.register_rows() == []


def test_a_list_of_headings_alone_brings_nothing(command):
    assert command("企业名称,街道\n".encode())[:2] == (0, (0, 0, 0, 0, 0, 0))
