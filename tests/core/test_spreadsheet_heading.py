"""Where a table begins."""

import pytest

from visits.core.spreadsheet import Table
from visits.core.spreadsheet_heading import Heading, find_heading

KNOWN = {"企业名称", "统一社会信用代码", "街道", "联系人", "电话", "联络员/电话"}


def recognise(labels):
    return len(KNOWN & set(labels))


def table(*lines, numbers=None):
    rows = [line.split(",") for line in lines]
    width = max(map(len, rows))
    return Table(
        [row + [""] * (width - len(row)) for row in rows], numbers or list(range(1, len(rows) + 1)), ""
    )


@pytest.mark.parametrize(
    ("lines", "labels", "row"),
    [
        (["企业名称,街道", "甲,湖畔"], "企业名称,街道", 1),
        (
            ["企业名录", "填报单位：办公室,,今年", "企业名称,街道,电话", "甲,湖畔,1"],
            "企业名称,街道,电话",
            3,
        ),
        (["企业名称,街道,联系方式,", ",,联系人,电话", "甲,湖畔,张,1"], "企业名称,街道,联系人,电话", 2),
        (["企业名称,联系方式,", "企业名称,联系人,电话", "甲,张,1"], "企业名称,联系人,电话", 2),
        (
            ["企业名称,法定代表人,,联络员,", ",姓名,电话,姓名,电话", "甲,张,1,李,2"],
            "企业名称,法定代表人/姓名,法定代表人/电话,联络员/姓名,联络员/电话",
            2,
        ),
        (["单位,地点", "甲,湖畔"], "单位,地点", 1),
        (["企业名录", "单位,地点,人数", "甲,湖畔,3"], "单位,地点,人数", 2),
        (["企业名称", "甲"], "企业名称", 1),
        (["企业名称,街道", "企业名称,街道"], "企业名称,街道", 1),
        (["企业\u3000名称,街道", "甲,湖畔"], "企业 名称,街道", 1),
        (["只有一行"], "只有一行", 1),
    ],
)
def test_headings_are_found(lines, labels, row):
    heading = find_heading(table(*lines), recognise)
    assert (",".join(heading.labels), heading.row) == (labels, row)
    assert heading.first == row


def test_the_row_a_person_names_is_taken():
    found = find_heading(table("企业名称,街道", "单位,地点", "甲,湖畔", numbers=[2, 5, 9]), recognise, 5)
    assert found == Heading(["单位", "地点"], 5, 2)
    assert find_heading(table("企业名称"), recognise, 7).row == 1


def test_a_named_row_keeps_the_groups_above_it():
    groups = ["名录", "企业名称,法定代表人,,联络员,", ",姓名,电话,姓名,电话", "甲,张,1,李,2"]
    assert find_heading(table(*groups), recognise, 3) == find_heading(table(*groups), recognise)
    assert find_heading(table(*groups), recognise, 2).labels[3] == "联络员"
