"""A long ledger of visits with known faults: how an import of it must end is known to the row."""

from datetime import date, timedelta

from tests.factories.enterprises import make_code
from tests.support.faulty_sheet import faulty_sheet

HEADER = (
    "序号",
    "走访日期",
    "企业名称",
    "统一社会信用代码",
    "走访方式",
    "走访人员",
    "单位",
    "走访内容",
    "有无问题",
)
FIRMS, PEOPLE = 1000, 20
FIRST = date(2023, 1, 1)
MODES = ("实地走访", "座谈", "电话", "微信", "")
CODE = 3  # left empty where the enterprise is wrong, for it would be found by its code
# What is wrong: the column, what stands there, and words of the reason.
FAULTS = (
    (1, "", "未填写走访日期"),
    (1, "去年春天", "日期"),
    (1, "2023-02-30", "没有这一天"),
    (1, "2999-01-01", "晚于今天"),
    (1, "1999-12-31", "2000年"),
    (1, "3/5/2023", "2023-05-03"),
    (1, "2023年1月3日至6月5日", "时段"),
    (2, "", "未填写企业", CODE),
    (2, "远山茶叶有限公司", "名录中没有", CODE),
    (2, "#N/A", "#N/A", CODE),
    (4, "飞鸽传书", "走访方式"),
    (5, "", "未填写走访人员"),
    (5, "名" * 61, "过长"),
    (7, "长" * 5001, "5000"),
)


def firm_name(number):
    """The enterprise of a number, as the register has it."""
    return f"湖畔第{number}精密机械有限公司"


def person_name(number):
    """The person of a number, with an account."""
    return "赵钱孙李周吴郑王冯陈"[number % 10] + "一二三四五六七八九十"[number // 10 % 10]


def register():
    """The list of enterprises that the ledger speaks of, as a CSV file."""
    rows = [f"{firm_name(n)},{make_code(200_000 + n)}" for n in range(FIRMS)]
    return "\n".join(["企业名称,统一社会信用代码", *rows]).encode()


def row_of(number):
    """The sound row of a number: no two of them are one visit."""
    firm = number % FIRMS
    return [
        str(number + 1),
        (FIRST + timedelta(days=number // FIRMS * 40 + firm % 37)).isoformat(),
        firm_name(firm),
        make_code(200_000 + firm) if number % 3 else "",
        MODES[number % len(MODES)],
        f"{person_name(number % PEOPLE)}、{person_name((number + 7) % PEOPLE)}",
        "",
        f"第{number}次走访，了解生产经营情况。",
        "有" if number % 4 else "无",
    ]


def large_ledger(rows=10_000, faulty=500):
    """An .xlsx of so many rows, and what is wrong with which: {row: (heading, words of the reason)}."""
    return faulty_sheet("走访台账", HEADER, row_of, FAULTS, rows, faulty)
