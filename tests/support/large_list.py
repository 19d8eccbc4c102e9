"""A long list of enterprises with known faults: how an import of it must end is known to the row."""

from tests.factories.enterprises import make_code
from tests.support.faulty_sheet import faulty_sheet

HEADER = (
    "企业名称",
    "统一社会信用代码",
    "状态",
    "街道",
    "注册地址",
    "注册日期",
    "注册资金",
    "标签",
    "联系人",
    "电话",
)
DAYS = ("2020-3-5", "2020/03/05", "2020.3.5", "2020年3月5日", "20200305", "5-Mar-20", "2020-03-05 09:30")
# What is wrong: the column, what stands there, and words of the reason.
FAULTS = (
    (0, "", "企业名称"),
    (0, "长" * 121, "120"),
    (0, "#N/A", "#N/A"),
    (1, "9135", "4"),
    (1, "91350100M000100Y44", "3"),
    (1, "91350100MO00100Y43", "O"),
    (1, "9.13301101438416E+17", "文本"),
    (2, "很好", "状态"),
    (5, "3/5/2020", "2020-05-03"),
    (5, "2020-02-30", "没有这一天"),
    (5, "2999-01-01", "1900"),
    (5, "去年春天", "日期"),
    (7, "标" * 31, "30"),
    (9, "1.38001E+10", "文本"),
)


def row_of(number):
    """The sound row of a number."""
    return [
        f"湖畔第{number}精密机械有限公司",
        make_code(100_000 + number),
        "正常",
        f"湖畔第{number % 12}街道",
        f"湖畔路{number}号",
        DAYS[number % len(DAYS)],
        f"{number % 900 + 100}万元",
        "规上企业；高新技术企业" if number % 3 else "",
        "张工",
        f"138{number:08d}",
    ]


def large_list(rows=10_000, faulty=500):
    """An .xlsx of so many rows, and what is wrong with which: {row: (heading, words of the reason)}."""
    return faulty_sheet("企业", HEADER, row_of, FAULTS, rows, faulty)
