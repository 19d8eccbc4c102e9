"""Tables in text files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.workbooks import told
from visits.core.formulas import guarded_text
from visits.core.spreadsheet import Table, read_table
from visits.core.spreadsheet_text import read_text_table

HEADER = "企业名称,统一社会信用代码"
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=8)


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}\n甲厂,0012\n".encode(),
        f"{HEADER}\n甲厂,0012\n".encode("utf-8-sig"),
        f"{HEADER}\r\n甲厂,0012".encode("gb18030"),
        f"{HEADER}\r\n甲厂,0012".encode("utf-16"),
        b"\xfe\xff" + f"{HEADER}\n甲厂,0012".encode("utf-16-be"),
        f"{HEADER}\n甲厂,0012\n".replace(",", ";").encode(),
        f"{HEADER}\n甲厂,0012\n".replace(",", "\t").encode("gb18030"),
        f'"企业名称",{HEADER[5:]},\r甲厂,"0012",,\r\r'.encode(),
    ],
)
def test_text_table_is_read_in_every_usual_encoding_and_delimiter(content):
    assert read_table(content, "名单.csv") == Table([HEADER.split(","), ["甲厂", "0012"]], [1, 2], "")


@pytest.mark.parametrize(
    ("text", "rows", "numbers"),
    [
        ("名称,地址\n甲,一\n\n乙,二\n", [["名称", "地址"], ["甲", "一"], ["乙", "二"]], [1, 2, 4]),
        (
            '名称,地址\n甲,"一\n二,三"\n乙,四',
            [["名称", "地址"], ["甲", "一\n二,三"], ["乙", "四"]],
            [1, 2, 3],
        ),
        ("名称\n甲,乙\n", [["名称", ""], ["甲", "乙"]], [1, 2]),
        (
            "名称;资金(万,元)\n甲;1,5\n乙;2\n",
            [["名称", "资金(万,元)"], ["甲", "1,5"], ["乙", "2"]],
            [1, 2, 3],
        ),
        ("名称\n甲\n", [["名称"], ["甲"]], [1, 2]),
        ("=1+1,@x\n", [["=1+1", "@x"]], [1]),
        ("'=1+1,'甲,''-x\n", [["=1+1", "'甲", "'-x"]], [1]),
    ],
)
def test_rows_of_a_text_table(text, rows, numbers):
    assert read_table(text.encode(), "a.csv") == Table(rows, numbers, "")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (f"{HEADER}\n".encode() + "甲厂,湖畔街道\n".encode("gb18030"), 2),
        (f"{HEADER}\n".encode("gb18030") + "甲厂,湖畔街道\n".encode(), 1),
        (f"{HEADER}\n甲厂,湖畔".encode()[:-1], 2),
    ],
)
def test_a_table_in_two_encodings_is_told_where(content, line):
    assert f"see line {line}" in told(content, "名单.csv")


@pytest.mark.parametrize("text", ["联通", "联通公司,12", "企业名称\n联通", "a,b\n联想,汉字,编码"])
def test_short_lines_that_might_be_either_are_read(text):
    assert read_table(text.encode("gb18030"), "a.csv").rows[0][0] == text.split("\n")[0].split(",")[0]


def test_text_under_the_name_of_an_old_workbook_is_read():
    assert read_table("名称\t数\n甲\t1\n".encode("gb18030"), "导出.xls").rows == [
        ["名称", "数"],
        ["甲", "1"],
    ]


@given(st.lists(st.lists(texts, min_size=2, max_size=4), min_size=1, max_size=6), st.sampled_from(",;\t"))
def test_quoted_text_tables_come_back_as_written(rows, delimiter):
    rows = [["名称", "代码"], *rows]
    guarded = [[guarded_text(cell).replace('"', '""') for cell in row] for row in rows]
    quoted = (delimiter.join(f'"{cell}"' for cell in row) for row in guarded)
    read = dict(read_text_table("\n".join(quoted).encode()))
    for number, row in enumerate(rows, start=1):
        kept = read.get(number, [])
        assert row[: len(kept)] == kept
        assert not "".join(row[len(kept) :]).strip()
