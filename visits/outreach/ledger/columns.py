"""Columns of a ledger of visits, and the headings by which each is recognised."""

from collections.abc import Mapping

from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.enterprises.columns import Columns, Field

PEOPLE = ("leaders", "people", "companions")
SUMMARY_LENGTH, PROMISE_LENGTH = 5000, 200

COLUMNS = Columns(
    (
        Field(
            "visited_on",
            N_("Visited on"),
            ("走访日期", "走访时间", "拜访日期", "调研日期", "调研时间", "服务日期", "日期", "时间"),
            200,
        ),
        Field(
            "enterprise",
            N_("Enterprise"),
            ("企业名称", "走访企业", "走访企业名称", "被走访企业", "公司名称", "单位名称", "企业", "名称"),
            1000,
        ),
        Field(
            "code",
            N_("Unified social credit code"),
            ("统一社会信用代码", "社会信用代码", "信用代码", "统一代码"),
            400,
        ),
        Field("mode", N_("Mode"), ("走访方式", "走访形式", "拜访方式", "方式", "形式"), 40),
        Field("kind", N_("Kind of visit"), ("走访类型", "走访性质", "类型"), 40),
        Field(
            "leaders", N_("Who led the visit"), ("带队领导", "走访领导", "带队人", "牵头领导", "领导"), 400
        ),
        Field(
            "people",
            N_("Participants"),
            ("走访人员", "走访人", "走访干部", "参与人员", "参加人员", "服务人员", "参加人", "人员"),
            400,
        ),
        Field("companions", N_("Who came along"), ("陪同人员", "随行人员", "陪同领导", "陪同"), 400),
        Field(
            "unit",
            N_("Unit of the participants"),
            ("走访单位", "走访部门", "工作单位", "所属单位", "单位", "部门"),
            80,
        ),
        Field("place", N_("Place"), ("走访地点", "走访地址", "地点"), 120),
        Field(
            "summary",
            N_("Note of the visit"),
            ("走访内容", "走访情况", "走访记录", "走访纪要", "主要内容", "工作内容", "内容", "情况"),
            SUMMARY_LENGTH,
        ),
        Field(
            "wishes",
            N_("Problems named (kept in the note)"),
            (
                "主要诉求",
                "企业诉求",
                "问题诉求",
                "诉求",
                "诉求内容",
                "反映问题",
                "存在问题",
                "主要问题",
                "困难问题",
                "意见建议",
                "问题",
            ),
            SUMMARY_LENGTH,
        ),
        Field(
            "has_problems",
            N_("Whether there was a problem"),
            ("有无问题", "是否有问题", "有无诉求", "是否有诉求", "有无困难", "是否有困难"),
            20,
        ),
        Field(
            "programme",
            N_("Programmes"),
            ("专项行动", "走访行动", "走访活动", "走访项目", "项目", "行动", "活动"),
            200,
        ),
        Field("group", N_("Group"), ("服务组", "走访组", "组别", "组团", "小组", "组")),
        Field(
            "promise", N_("What was promised"), ("承诺事项", "承诺内容", "答应事项", "承诺"), PROMISE_LENGTH
        ),
        Field("promise_owner", N_("Who does it"), ("承诺责任人", "承诺人", "责任人")),
        Field("promise_due", N_("By when"), ("承诺期限", "承诺时限", "完成时限", "完成期限"), 40),
    )
)
BY_KEY = COLUMNS.by_key
# Days that a ledger gives besides that of the visit; recorded is a visit when it comes in here.
REGISTERED = ("登记日期", "登记时间", "录入日期", "录入时间", "填报日期", "填报时间")


def require_columns(mapping: Mapping[str, int]) -> None:
    """Refuse a mapping without the day, the enterprise or those who took part."""
    if "visited_on" not in mapping:
        raise Refused(N_("Say which column holds the day of the visit."))
    if "enterprise" not in mapping and "code" not in mapping:
        raise Refused(N_("Say which column holds the enterprise's name or credit code."))
    if not mapping.keys() & set(PEOPLE):
        raise Refused(N_("Say which column holds who took part in the visit."))
