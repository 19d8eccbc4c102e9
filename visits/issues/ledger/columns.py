"""Columns of a ledger of problems, and the headings by which each is recognised."""

from collections.abc import Mapping

from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.enterprises.columns import Columns, Field

TEXT_LENGTH, TITLE_LENGTH = 5000, 80
DAY, WORD = 40, 40

COLUMNS = Columns(
    (
        Field(
            "number",
            N_("Number in the ledger"),
            ("问题编号", "诉求编号", "事项编号", "台账编号", "工单编号", "工单号", "受理编号", "编号"),
        ),
        Field(
            "enterprise",
            N_("Enterprise"),
            ("企业名称", "反映企业", "诉求企业", "公司名称", "单位名称", "企业", "名称"),
            120,
        ),
        Field(
            "code",
            N_("Unified social credit code"),
            ("统一社会信用代码", "社会信用代码", "信用代码", "统一代码"),
            40,
        ),
        Field(
            "source", N_("Source"), ("问题来源", "诉求来源", "来源渠道", "受理渠道", "来源", "渠道"), WORD
        ),
        Field("visited_on", N_("Day of the visit"), ("走访日期", "走访时间"), DAY),
        Field("title", N_("Problem in short"), ("问题标题", "诉求标题", "问题名称", "标题"), TITLE_LENGTH),
        Field(
            "problem",
            N_("Problem"),
            (
                "问题内容",
                "诉求内容",
                "问题描述",
                "问题诉求",
                "企业诉求",
                "主要诉求",
                "反映问题",
                "存在问题",
                "具体问题",
                "困难问题",
                "主要问题",
                "诉求",
                "问题",
            ),
            TEXT_LENGTH,
        ),
        Field(
            "wish", N_("What the enterprise wishes"), ("企业期望", "企业建议", "期望", "建议"), TEXT_LENGTH
        ),
        Field(
            "category", N_("Category"), ("问题类别", "问题类型", "诉求类别", "诉求类型", "类别", "分类"), 90
        ),
        Field(
            "registered_on",
            N_("Day registered"),
            (
                "登记日期",
                "登记时间",
                "受理日期",
                "受理时间",
                "收到日期",
                "提出日期",
                "提出时间",
                "反映日期",
                "反映时间",
            ),
            DAY,
        ),
        Field(
            "assigned_on",
            N_("Day assigned"),
            ("交办日期", "交办时间", "派单日期", "派单时间", "转办日期", "转办时间", "分办日期"),
            DAY,
        ),
        Field(
            "lead_unit",
            N_("Unit in charge"),
            ("主办单位", "牵头单位", "责任单位", "承办单位", "办理单位", "主办部门", "责任部门"),
            80,
        ),
        Field("co_units", N_("Co-units"), ("协办单位", "配合单位", "会办单位", "协办部门"), 400),
        Field(
            "due_on",
            N_("Due on"),
            (
                "办理时限",
                "办结时限",
                "办理期限",
                "办结期限",
                "完成时限",
                "完成期限",
                "限办日期",
                "截止日期",
                "要求办结日期",
            ),
            DAY,
        ),
        Field(
            "feedback_on",
            N_("Day of the feedback"),
            ("反馈日期", "反馈时间", "答复日期", "答复时间", "回复日期", "回复时间"),
            DAY,
        ),
        Field(
            "result",
            N_("What was done"),
            (
                "办理情况",
                "办理进展",
                "处理情况",
                "反馈内容",
                "答复内容",
                "解决措施",
                "办理结果",
                "处理结果",
            ),
            TEXT_LENGTH,
        ),
        Field(
            "closed_on",
            N_("Closed on"),
            ("办结日期", "办结时间", "销号日期", "销号时间", "完成日期", "完成时间"),
            DAY,
        ),
        Field(
            "outcome",
            N_("Outcome"),
            ("办结结果", "办结类型", "办结类别", "办理结论", "结果类别", "结果分类", "结论", "结果"),
            WORD,
        ),
        Field("status", N_("State"), ("办理状态", "问题状态", "当前状态", "状态", "是否办结"), WORD),
        Field(
            "on_spot",
            N_("On the spot"),
            ("是否现场办结", "是否现场解决", "现场已解决", "现场解决", "是否当场解决"),
            20,
        ),
        Field(
            "commitment_due",
            N_("Will be done by"),
            ("计划完成时间", "计划完成日期", "计划解决时间", "预计解决时间", "承诺时限", "承诺期限"),
            DAY,
        ),
        Field(
            "solved",
            N_("Is the problem solved?"),
            ("是否解决", "是否已解决", "企业认为是否解决", "解决情况"),
            WORD,
        ),
        Field(
            "level",
            N_("How satisfied is the enterprise?"),
            ("企业满意度", "满意度评价", "满意度", "满意情况", "企业评价", "评价结果", "评价"),
            WORD,
        ),
        Field(
            "channel",
            N_("How the answer came"),
            ("评价方式", "评价渠道", "回访方式", "测评方式"),
            WORD,
        ),
        Field("rated_on", N_("Answered on"), ("评价日期", "评价时间", "回访日期", "回访时间"), DAY),
        Field("reporter_name", N_("Contact for this problem"), ("联系人", "反映人", "企业联系人")),
        Field(
            "reporter_phone",
            N_("Phone"),
            ("联系电话", "电话", "手机", "手机号", "手机号码", "联系方式"),
            30,
        ),
    )
)
BY_KEY = COLUMNS.by_key
SERIAL = ("序号", "序", "No", "No.")


def require_columns(mapping: Mapping[str, int]) -> None:
    """Refuse a mapping without the enterprise, the problem, or any day on which it began."""
    if "enterprise" not in mapping and "code" not in mapping:
        raise Refused(N_("Say which column holds the enterprise's name or credit code."))
    if "problem" not in mapping and "title" not in mapping:
        raise Refused(N_("Say which column holds the problem."))
    if "registered_on" not in mapping and "visited_on" not in mapping:
        raise Refused(N_("Say which column holds the day of registration."))
