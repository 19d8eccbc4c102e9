"""Rows of a ledger of problems that cannot be right: each is told by column and reason, and stays out."""

import pytest
import sqlalchemy as sa

from tests.support.problem_ledgers import FIRM, OTHER_UNIT, UNIT, fates, reasons, row
from visits.core.db import db
from visits.enterprises.models import ImportRun
from visits.issues.models import Issue

REJECTED = [
    ({"企业名称": "远山茶叶有限公司"}, "企业名称", "The register has no enterprise of this name"),
    ({"企业名称": "湖畔精密机器有限公司"}, "企业名称", f"Nearest are: {FIRM}"),
    ({"企业名称": ""}, "企业名称", "The enterprise is missing"),
    ({"问题内容": ""}, "问题内容", "The problem is missing"),
    ({"主办单位": "经发局"}, "主办单位", f"Nearest are: {UNIT}"),
    ({"主办单位": "飞鸽传书办"}, "主办单位", "There is no unit of this name"),
    ({"主办单位": f"{UNIT}、{OTHER_UNIT}"}, "主办单位", "One unit is in charge"),
    ({"协办单位": "规建局"}, "协办单位", f"Nearest are: {OTHER_UNIT}"),
    ({"登记日期": ""}, "登记日期", "The day of registration is missing"),
    ({"登记日期": "去年春天"}, "登记日期", ""),
    ({"登记日期": "2025-2-30"}, "登记日期", ""),
    ({"登记日期": "3/5/2025"}, "登记日期", ""),
    ({"登记日期": "1999-12-31"}, "登记日期", "before the year 2000"),
    ({"登记日期": "2025-3-2"}, "登记日期", "before 2025-03-03, the day under “走访日期”"),
    ({"交办日期": "2025-3-1"}, "交办日期", "before 2025-03-04, the day under “登记日期”"),
    ({"反馈日期": "2025-3-4"}, "反馈日期", "before 2025-03-05, the day under “交办日期”"),
    ({"办结日期": "2025-3-3"}, "办结日期", "before 2025-03-12, the day under “反馈日期”"),
    ({"办理时限": "2025-3-1"}, "办理时限", "before 2025-03-05"),
    ({"办结日期": "2999-1-1"}, "办结日期", "lies in the future"),
    ({"反馈日期": "2999-1-1"}, "反馈日期", "lies in the future"),
    ({"主办单位": ""}, "反馈日期", "needs a unit in charge"),
    ({"主办单位": ""}, "办理时限", "needs a unit in charge"),
    ({"交办日期": ""}, "交办日期", "The day of the assignment is missing"),
    ({"办结结果": ""}, "办结结果", "The outcome is missing"),
    ({"办结结果": "办结"}, "办结结果", "Not one outcome"),
    ({"办结结果": "A 暂不能解决"}, "办结结果", "Not one outcome"),
    ({"办结结果": "B"}, "计划完成时间", "Outcome B needs the day"),
    ({"办结结果": "B", "计划完成时间": "2025-3-10"}, "计划完成时间", "on which it was promised"),
    ({"办结日期": "", "反馈日期": ""}, "办结结果", "An outcome needs the day"),
    ({"办结日期": ""}, "是否解决", "the day of closing is missing"),
    (
        {"办结日期": "", "是否解决": "", "满意度": "", "评价方式": "", "办理时限": ""},
        "办理时限",
        "needs a due date",
    ),
    ({"问题来源": "飞鸽传书"}, "问题来源", "Not a known source"),
    ({"类别": "天外来客"}, "类别", "There is no category of this name"),
    ({"是否解决": "大概"}, "是否解决", "Not one of"),
    ({"满意度": "还行"}, "满意度", "Not one of"),
    ({"评价方式": "托梦"}, "评价方式", "Not one of"),
    ({"办结结果": "现场解决"}, "办结结果", "never assigned"),
    ({"编号": "2.0250E+11"}, "编号", ""),
    ({"编号": "号" * 61}, "编号", "Longer than 60"),
    ({"问题内容": "长" * 5001}, "问题内容", "Longer than 5000"),
    ({"问题内容": "#N/A"}, "问题内容", "#N/A"),
    (
        {"主办单位": "招商服务局", "办结日期": "", "是否解决": "", "满意度": "", "评价方式": ""},
        "主办单位",
        "not in use",
    ),
    (
        {"主办单位": "档案室", "办结日期": "", "是否解决": "", "满意度": "", "评价方式": ""},
        "主办单位",
        "Nobody in this unit",
    ),
]


@pytest.mark.parametrize(("changes", "column", "says"), REJECTED)
def test_a_row_that_cannot_be_right_is_told_and_stays_out(take_in, changes, column, says):
    plan = take_in(row(**changes))
    assert fates(plan) == (1, 0, 0, 0, 1, 0)
    assert [why for at, why in reasons(plan) if at == column and says in why], reasons(plan)
    assert db.session.scalar(sa.select(sa.func.count(Issue.id))) == 0
    assert db.session.scalar(sa.select(sa.func.count(ImportRun.id))) == 0
