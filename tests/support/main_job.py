"""The main job, step by step, as its people do it in their windows: register, visits, problems, results."""

from dataclasses import dataclass

from tests.factories.accounts import PASSWORD
from tests.support.desk import Desk

ZONE = "临湖经济开发区"
ECONOMY, PLANNING = "经济发展局", "规划建设局"
PEOPLE = {
    "cadre": ("limei", "李梅", "走访干部", ECONOMY),
    "officer": ("wangqiang", "王强", "驻企服务员", PLANNING),
    "economy": ("zhaomin", "赵敏", "单位经办人", ECONOMY),
    "planning": ("sunhao", "孙浩", "单位经办人", PLANNING),
    "callback": ("zhouting", "周婷", "回访员", None),
}
GROUP = "第一服务组"
ON_SPOT, SOLVED, RETURNED, REWORKED = (
    "申报系统无法登录",
    "研发补助一直没有到账",
    "厂区门前道路破损",
    "夜班公交停运后员工下班难",
)


@dataclass
class Office:
    """The windows of the people, and the two enterprises they go to."""

    windows: object
    firm: str
    other_firm: str

    def __post_init__(self):
        self.desks = {}

    def desk(self, who):
        """The window of one of the people, who signs in when it is first needed."""
        if who not in self.desks:
            username = "zhangwei" if who == "coordinator" else PEOPLE[who][0]
            self.desks[who] = Desk(self.windows.open(), username, PASSWORD).sign_in()
        return self.desks[who]


def set_up(windows):
    """The first person makes the installation usable."""
    page = windows.open()
    page.goto("/")
    desk = Desk(page, "zhangwei", PASSWORD)
    desk.fill(zone_name=ZONE, name="张伟", username=desk.username, password=PASSWORD)
    desk.press("完成设置，前往登录")
    desk.says("初始设置完成")


def enter_people(office):
    """The administrator enters units and people."""
    desk = office.desk("coordinator")
    for unit in (ECONOMY, PLANNING):
        desk.page.goto("/units/new")
        desk.fill(name=unit)
        desk.press("保存")
        desk.says(unit)
    for username, name, role, unit in PEOPLE.values():
        desk.page.goto("/people/new")
        desk.fill(name=name, username=username, password=PASSWORD, unit_id=unit or "")
        desk.tick(role)
        desk.press("保存")
        desk.says(username)


def import_register(desk, file):
    """Take a spreadsheet through the wizard; return what the result says, {word: figure}."""
    desk.page.goto("/enterprises/import")
    desk.page.set_input_files("[name='file']", file)
    desk.press("读取文件")
    desk.says("前几行")
    desk.press("预览")
    desk.says("新增")
    desk.page.locator("main form .btn-primary").click()
    desk.says("文件已导入企业名录")
    stats = desk.page.locator(".stat").all()
    return dict((stat.locator(".stat-label, .stat-value").all_inner_texts()) for stat in stats)


def form_group(office):
    """The coordinator forms a group whose officer answers for both enterprises."""
    desk = office.desk("coordinator")
    desk.page.goto("/groups/new")
    desk.fill(name=GROUP)
    desk.pick("lead_unit_id", PLANNING)
    desk.press("保存")
    desk.follow("添加人员")
    desk.pick("person_id", "王强")
    desk.fill(role="officer")
    desk.press("保存")
    for firm in (office.firm, office.other_firm):
        desk.follow("添加企业")
        desk.pick("enterprise_id", firm)
        desk.pick("officer_id", "王强")
        desk.press("保存")
        desk.says(firm)


def enter_problem(desk, number, title, category, **more):
    """Fill in one problem of a visit; the first line is there, further ones are asked for."""
    if number:
        desk.press("添加问题")
    desk.fill(**{f"problems-{number}-title": title, f"problems-{number}-category_id": category})
    desk.fill(**{f"problems-{number}-{name}": value for name, value in more.items()})


def visit_one(office):
    """A cadre's visit of 企业大走访; one of the two problems is solved on the spot."""
    desk = office.desk("cadre")
    desk.page.goto("/visits/new")
    desk.pick("enterprises", office.firm)
    enter_problem(
        desk,
        0,
        ON_SPOT,
        "其他",
        description="经办人的密码已过期，无法申报。",
        on_spot=True,
        how="当场联系系统管理员重置了密码。",
        level="satisfied",
    )
    enter_problem(
        desk, 1, SOLVED, "惠企政策兑现", description="去年的研发补助至今没有到账。", reporter_name="陈经理"
    )
    desk.fill(summary="企业生产正常，订单排到明年三月。")
    desk.press("保存走访记录")
    desk.says("走访记录已保存")


def begin_joint_visit(office):
    """Fill in an officer's visit of 组团联企 with a cadre of another unit, at both enterprises."""
    desk = office.desk("officer")
    desk.page.goto("/visits/new")
    for firm in (office.firm, office.other_firm):
        desk.pick("enterprises", firm)
    desk.press("查看未结事项")
    desk.says(SOLVED)
    desk.fill(mode="on_site")
    desk.page.get_by_label("企业大走访", exact=True).uncheck()
    desk.pick("participant_ids", "李梅")
    road = {"description": "大门外约五十米路面下沉，货车进出困难。", "enterprise_id": office.firm}
    bus = {"description": "末班车提前到二十点，夜班员工只能打车。", "enterprise_id": office.other_firm}
    enter_problem(desk, 0, RETURNED, "物流交通与园区配套", **road)
    enter_problem(desk, 1, REWORKED, "物流交通与园区配套", **bus)
    return desk


def save_joint_visit(desk):
    """Save what was filled in."""
    desk.press("保存走访记录")
    desk.says("走访记录已保存")
    desk.says("联合走访")


def open_problem(desk, title):
    """Find a problem in the list and open its page; return its number."""
    desk.page.goto("/issues?state=all")
    row = desk.page.locator("main tr", has_text=title)
    number = row.locator("td.code").inner_text().strip()
    row.get_by_role("link", name=number).click()
    desk.says(number)
    return number


def move(desk, title, label, pick=None, **values):
    """Make one move of a problem; `pick` is a unit to choose, by field."""
    open_problem(desk, title)
    desk.follow(label)
    for name, unit in (pick or {}).items():
        desk.pick(name, unit)
    desk.fill(**values)
    desk.press(label)
    desk.says(f"已完成：{label}")


def assign(office, title, unit):
    """The coordinator accepts a problem and assigns it."""
    move(office.desk("coordinator"), title, "受理并交办", {"lead_unit_id": unit})


def handle(office, who, title, done):
    """A unit signs, speaks with the enterprise and reports outcome A; the coordinator passes it."""
    desk = office.desk(who)
    move(desk, title, "签收")
    move(desk, title, "登记首次联系", contact="陈经理", note="已说明办理安排。")
    move(desk, title, "反馈办理结果", outcome="A", done=done, told="已电话告知企业办理结果。")
    move(office.desk("coordinator"), title, "审核通过")


def call_back(office, title, solved, level, words, to_unit=""):
    """The callback officer notes what the enterprise says of the result, and what the unit must mend."""
    answers = {"evaluator": "陈经理", "solved": solved, "level": level, "note": words, "to_unit": to_unit}
    move(office.desk("callback"), title, "登记评价", **answers)


def drive_problems(office):
    """One problem is closed, one goes back and to another unit, one is rated badly and goes round again."""
    assign(office, SOLVED, ECONOMY)
    handle(office, "economy", SOLVED, "补助资金已拨付到企业账户。")
    call_back(office, SOLVED, "solved", "satisfied", "钱已到账，谢谢。")
    assign(office, RETURNED, ECONOMY)
    back = {"suggested_unit_id": PLANNING}
    move(office.desk("economy"), RETURNED, "退回", back, note="道路养护不属于本单位职责。")
    move(office.desk("coordinator"), RETURNED, "重派", {"lead_unit_id": PLANNING})
    assign(office, REWORKED, PLANNING)
    handle(office, "planning", REWORKED, "已与公交公司商定恢复末班车。")
    call_back(
        office, REWORKED, "unsolved", "dissatisfied", "末班车还是没有恢复。", "请核实末班车恢复情况。"
    )
