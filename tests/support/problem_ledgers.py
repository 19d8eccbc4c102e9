"""Ledgers of past problems as offices keep them, with what each row must come to."""

import csv
import io

HEADER = (
    "编号",
    "企业名称",
    "问题来源",
    "走访日期",
    "问题内容",
    "类别",
    "登记日期",
    "交办日期",
    "主办单位",
    "协办单位",
    "办理时限",
    "反馈日期",
    "办理情况",
    "办结日期",
    "办结结果",
    "计划完成时间",
    "是否解决",
    "满意度",
    "评价方式",
)
FIRM = "湖畔精密机械有限公司"
UNIT, OTHER_UNIT = "经济发展局", "规划建设局"
SOUND = {
    "编号": "2025-001",
    "企业名称": FIRM,
    "问题来源": "走访",
    "走访日期": "2025-3-3",
    "问题内容": "厂区门口道路破损，货车进出困难。",
    "类别": "",
    "登记日期": "2025-3-4",
    "交办日期": "2025-3-5",
    "主办单位": UNIT,
    "协办单位": OTHER_UNIT,
    "办理时限": "2025-3-14",
    "反馈日期": "2025-3-12",
    "办理情况": "路面已修复。",
    "办结日期": "2025-3-17",
    "办结结果": "A",
    "计划完成时间": "",
    "是否解决": "已解决",
    "满意度": "满意",
    "评价方式": "电话回访",
}
OPEN = ("反馈日期", "办理情况", "办结日期", "办结结果", "是否解决", "满意度", "评价方式")


def row(**changes):
    """The cells of a sound row, closed and rated, but for these; `open` leaves it with its unit."""
    emptied = dict.fromkeys(OPEN, "") if changes.pop("is_open", False) else {}
    return {**SOUND, **emptied, **changes}


def problem_ledger(*rows, header=HEADER, title=None):
    """A ledger in text."""
    content = io.StringIO()
    writer = csv.writer(content)
    if title:
        writer.writerow([title])
    writer.writerow(header)
    writer.writerows([one.get(name, "") for name in header] for one in rows)
    return content.getvalue().encode()


def fates(plan):
    counts = plan.counts()
    return tuple(counts[key] for key in ("rows", "created", "unchanged", "skipped", "rejected", "open"))


def reasons(plan):
    return [(error.column, error.reason % error.params) for error in plan.errors()]


def notes(plan):
    return [(note.column, note.reason % note.params) for note in plan.warnings]
