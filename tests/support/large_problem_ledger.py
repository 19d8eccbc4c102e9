"""A long ledger of problems with known faults: how an import of it must end is known to the row."""

from datetime import date, timedelta

from tests.support.faulty_sheet import faulty_sheet
from tests.support.large_ledger import FIRMS, firm_name
from tests.support.problem_ledgers import HEADER

UNITS = ("经济发展局", "规划建设局", "人力资源局")
FIRST = date(2025, 1, 1)
AT = {name: at for at, name in enumerate(HEADER)}
# What is wrong: the column, what stands there, and words of the reason.
FAULTS = (
    (AT["登记日期"], "", "未填写登记日期"),
    (AT["登记日期"], "去年春天", "日期"),
    (AT["登记日期"], "2025-02-30", "没有这一天"),
    (AT["办结日期"], "2024-12-31", "早于"),
    (AT["办结日期"], "2999-01-01", "晚于今天"),
    (AT["交办日期"], "2024-12-30", "早于"),
    (AT["企业名称"], "远山茶叶有限公司", "名录中没有"),
    (AT["企业名称"], "#N/A", "#N/A"),
    (AT["主办单位"], "经发局", "名称相近的有：经济发展局"),
    (AT["主办单位"], "", "没有写明主办单位"),
    (AT["办结结果"], "", "未填写办结结果"),
    (AT["办结结果"], "办结", "不是明确的办结结果"),
    (AT["满意度"], "还行", "无法识别"),
    (AT["问题内容"], "", "未填写问题内容"),
    (AT["问题内容"], "长" * 5001, "5000"),
)


def row_of(number):
    """The sound row of a number: closed, within 2025."""
    registered = FIRST + timedelta(days=number % 340)
    assigned, fed_back = registered + timedelta(days=1), registered + timedelta(days=4 + number % 12)
    closed = fed_back + timedelta(days=2)
    said = {
        "编号": f"P{number:06d}",
        "企业名称": firm_name(number % FIRMS),
        "问题来源": "企业上报",
        "问题内容": f"第{number}个问题：厂区门口道路破损，货车进出困难。",
        "类别": "其他",
        "登记日期": registered.isoformat(),
        "交办日期": assigned.isoformat(),
        "主办单位": UNITS[number % 3],
        "办理时限": (assigned + timedelta(days=10)).isoformat(),
        "反馈日期": fed_back.isoformat(),
        "办理情况": "已办理并告知企业。",
        "办结日期": closed.isoformat(),
        "办结结果": "ACDA"[number % 4],
        "是否解决": "已解决" if number % 4 in (0, 3) else "未解决",
        "满意度": "满意" if number % 5 else "非常满意",
        "评价方式": "" if number % 2 else "电话",
    }
    return [said.get(name, "") for name in HEADER]


def large_problem_ledger(rows=10_000, faulty=500):
    """An .xlsx of so many rows, and what is wrong with which: {row: (heading, words of the reason)}."""
    return faulty_sheet("问题台账", HEADER, row_of, FAULTS, rows, faulty)
