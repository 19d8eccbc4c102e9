"""What is sent by mistake or by malice, to which page, and what it is answered."""

import io

import pytest

from tests.factories.accounts import PASSWORD
from tests.factories.enterprises import make_code
from tests.support.workbooks import cells, ole, xlsx

HUGE = "9" * 30
FIRM = {"name": "新湖医疗器械有限公司", "code": make_code(602)}
ISSUE = {
    "title": "门口道路破损",
    "description": "货车进出困难。",
    "enterprise_id": "{firm}",
    "category_id": "1",
}
PERSON = {"username": "xinren", "name": "新人", "password": PASSWORD}
GROUP = {"name": "第九服务组"}
VISIT = {"enterprise_ids": "{firm}", "no_issue_ids": "all", "visited_on": "2026-08-31"}
PLAN = {"enterprise_id": "{firm}", "planned_on": "{tomorrow}"}
ORDER = {"reason": "超期未办结", "demand": "立即办理", "workdays": "3", "colour": ""}
FAR = xlsx(cells(("A1", "企业名称"), ("XFD1048576", "远")))


def file(content, name):
    return lambda: {"file": (io.BytesIO(content), name)}


def check(about, finding, note=""):
    """One answer about an earlier promise or problem."""
    return {"checks-0-about": about, "checks-0-finding": finding, "checks-0-note": note}


def try_(who, path, data, answer, says=""):
    """One try: who sends what to which page, the status and words that answer."""
    wrong = ",".join(f"{k}={str(v)[:24]!r}" for k, v in data.items()) if isinstance(data, dict) else "file"
    return pytest.param(who, path, data, answer, says, id=f"{who} {path} {wrong}"[:110])


TRIES = [
    # sign-in and password
    try_("visitor", "/sign-in", {"username": "guanli", "password": "falsch"}, 422, "账号或密码"),
    try_("visitor", "/sign-in", {"username": "nobody", "password": "falsch"}, 422, "账号或密码"),
    try_("visitor", "/sign-in", {"username": "guanli\x00", "password": "\x00"}, 422),
    try_("visitor", "/sign-in", {"username": "guanli", "password": "x" * 1_000_000}, 422),
    try_("visitor", "/sign-in", {"username": "x" * 1_000_000, "password": "x"}, 422, "最多60个字"),
    try_("visitor", "/sign-in", {"username": "' OR 1=1 --", "password": "x", "kept": "\x00"}, 422),
    try_(
        "cadre",
        "/password",
        {"present": "x", "password": "梧桐 other stapler 94", "again": "y"},
        422,
        "不一致",
    ),
    # the register
    try_("coordinator", "/enterprises/new", FIRM | {"code": "91350100M000100Y44"}, 422, "末位应为3"),
    try_("coordinator", "/enterprises/new", FIRM | {"code": make_code(601)}, 422, "湖畔精密机械有限公司"),
    try_("coordinator", "/enterprises/new", FIRM | {"name": "湖畔精密机械(有限责任公司)"}, 422),
    try_("coordinator", "/enterprises/new", FIRM | {"name": "长" * 1_000_000}, 422, "最多120个字"),
    try_("coordinator", "/enterprises/new", FIRM | {"name": " \u3000\x00\u200b"}, 422, "必填"),
    try_("coordinator", "/enterprises/new", FIRM | {"status": "closed"}, 422),
    try_("coordinator", "/enterprises/new", FIRM | {"established_on": "0001-01-01"}, 422, "1900年"),
    try_("coordinator", "/enterprises/new", FIRM | {"established_on": "9999-12-31"}, 422, "1900年"),
    try_("coordinator", "/enterprises/new", FIRM | {"established_on": "2026-02-30"}, 422),
    try_("coordinator", "/enterprises/new", FIRM | {"status_on": "99999-1-1"}, 422),
    try_("coordinator", "/enterprises/{firm}/edit", {"revision": "0"}, 409, "已有其他人修改"),
    try_("coordinator", "/enterprises/{firm}/edit", {"revision": HUGE}, 409, "已有其他人修改"),
    try_("coordinator", "/enterprises/{firm}/edit", {"revision": "eins"}, 422),
    try_("coordinator", "/enterprises/{firm}/contacts/new", {"name": "张", "role": "owner"}, 422),
    # the import
    try_(
        "coordinator", "/enterprises/import", file(b"\x89PNG\r\n\x1a\n" + bytes(64), "图.xlsx"), 422, "图片"
    ),
    try_("coordinator", "/enterprises/import", file(ole("EncryptedPackage"), "密.xlsx"), 422, "密码"),
    try_("coordinator", "/enterprises/import", file(FAR, "远.xlsx"), 422, "第1048576行"),
    try_("coordinator", "/enterprises/import", file(b"a\x00b", "\x00../../etc/passwd.csv"), 422),
    try_("coordinator", "/enterprises/import", {"file": "keine Datei"}, 422, "选择文件"),
    try_("coordinator", "/enterprises/import/{upload}/columns", {}, 404),
    # the ledger of visits
    try_("coordinator", "/visits/import", file(b"PK\x05\x06" + bytes(18), "空.xlsx"), 422, "损坏"),
    try_("coordinator", "/visits/import", file(FAR, "远.xlsx"), 422, "第1048576行"),
    try_("coordinator", "/visits/import", {"file": "keine Datei"}, 422, "选择文件"),
    try_("cadre", "/visits/import", file(b"a", "\x00../../etc/passwd.csv"), 403),
    try_("coordinator", "/visits/import/{upload}/columns", {}, 404),
    try_("coordinator", "/enterprises/import/{ledger}/columns", {}, 404),
    try_("coordinator", "/visits/import/{ledger}/columns", {"mode": "teleport"}, 422),
    try_("coordinator", "/visits/import/{ledger}/columns", {"programme_ids": [HUGE, "x"]}, 422),
    try_("coordinator", "/visits/import/{ledger}/columns", {"column_0": "author_id"}, 422),
    try_("coordinator", "/visits/import/{ledger}/columns", {"column_1": "visited_on"}, 422, "已对应"),
    try_("coordinator", "/visits/import/{ledger}/sheet", {"heading_row": HUGE}, 422),
    try_("coordinator", "/visits/import/{ledger}/rejected.csv", {}, 405),
    try_("coordinator", "/visits/imports/999999", {"reason": "撤销"}, 404),
    # where people are told
    try_("cadre", "/contact-points/mail", {"address": "长" * 401}, 422, "最多400个字"),
    try_(
        "cadre", "/contact-points/mail", {"address": "a@example.org\r\nBcc: b@example.org"}, 422, "邮箱地址"
    ),
    try_("cadre", "/contact-points/webhook", {"address": "https://169.254.169.254/"}, 422, "不得向该主机"),
    try_("cadre", "/contact-points/wecom", {"address": "javascript:alert(1)"}, 422, "不是该类机器人"),
    try_("cadre", "/contact-points/fax", {"address": "1"}, 404),
    try_("cadre", "/units/{unit}/contact-points/mail", {"address": "a@example.org"}, 403),
    # people, units, groups
    try_("admin", "/people/new", PERSON | {"username": "ＧＵＡＮＬＩ"}, 422),
    try_("admin", "/people/new", PERSON | {"username": "guаnli"}, 422),
    try_("admin", "/people/new", PERSON | {"roles": "god"}, 422),
    try_("admin", "/people/new", PERSON | {"unit_id": "999999"}, 422),
    try_("admin", "/people/new", PERSON | {"password": "1234567890"}, 422, "容易被猜到"),
    try_("admin", "/people/{person}/edit", {"revision": "0"}, 409),
    try_("admin", "/units/new", {"name": "长" * 81}, 422, "最多80个字"),
    try_("coordinator", "/groups/new", GROUP | {"lead_unit_id": "999999"}, 422),
    try_("coordinator", "/groups/{group}/members/new", {"person_id": "0", "from_on": "2026-13-01"}, 422),
    try_(
        "coordinator",
        "/groups/{group}/members/new",
        {"from_on": "2026-09-01", "until_on": "2026-08-01"},
        422,
    ),
    try_("coordinator", "/groups/{group}/links/new", {"enterprise_id": "-1", "programme_id": HUGE}, 422),
    try_("coordinator", "/groups/{group}/links/by-list", {"lines": "没有的企业\n" * 501}, 422, "最多500行"),
    try_(
        "coordinator", "/groups/{group}/links/by-list", {"lines": "\u202e'\"<b>", "officer_id": HUGE}, 422
    ),
    try_("coordinator", "/enterprises/links?row={firm}", {"group_id": HUGE, "programme_id": "1"}, 422),
    try_("cadre", "/enterprises/links?row={firm}", {"group_id": "{group}"}, 403),
    try_("coordinator", "/due/plan?view=all&row={firm}", {"a_day": "0"}, 422, "1至10"),
    # programmes and their scopes
    try_("coordinator", "/programmes/new", {"name": "企业大走访", "kind": "campaign"}, 422, "同名"),
    try_("coordinator", "/programmes/new", {"name": "新行动", "kind": "war"}, 422),
    try_("coordinator", "/programmes/{programme}/edit", {"counted_modes": "teleport"}, 422, "至少"),
    try_("coordinator", "/programmes/{programme}/edit", {"revision": "0"}, 409),
    try_(
        "coordinator",
        "/programmes/{programme}/edit",
        {"starts_on": "2026-09-01", "ends_on": "2026-08-01"},
        422,
    ),
    try_(
        "coordinator",
        "/programmes/{programme}/rounds/new",
        {"name": "第一轮", "from_on": "2026-09-01", "last_on": "2026-08-01"},
        422,
    ),
    try_("coordinator", "/programmes/{programme}/rounds/999999/edit", {}, 404),
    try_("coordinator", "/programmes/{programme}/scope/new", {"reason": " \u3000"}, 422, "必填"),
    try_(
        "coordinator",
        "/programmes/{programme}/scope/new",
        {"reason": "年度计划", "from_on": "0001-01-01"},
        422,
        "2000年",
    ),
    try_(
        "coordinator",
        "/programmes/{programme}/scope/new",
        {"reason": "年度计划", "tiers-0-name": "重点", "tiers-0-visits": "-3"},
        422,
    ),
    try_(
        "coordinator",
        "/programmes/{programme}/scope/new",
        {"reason": "年度计划", "tiers-0-name": "亿元", "tiers-0-visits": "1", "tiers-0-at_least": "1e999"},
        422,
    ),
    try_(
        "coordinator",
        "/programmes/{programme}/listings/new",
        {"lines": "没有的企业\n湖畔精密机械有限公司", "reason": "补充"},
        422,
        "第1行",
    ),
    try_(
        "coordinator",
        "/programmes/{programme}/listings/new",
        {"lines": "x\n" * 501, "reason": "多"},
        422,
        "500",
    ),
    try_("coordinator", "/programmes/{programme}/listings/999999/end", {}, 404),
    try_("cadre", "/programmes/{programme}/scope/new", {"reason": "试试"}, 403),
    # visits and problems
    try_("cadre", "/visits/new", VISIT | {"enterprise_ids": "999999"}, 422),
    try_("cadre", "/visits/new", VISIT | {"visited_on": "9999-12-31"}, 422),
    try_("cadre", "/visits/new", VISIT | {"visited_on": "0001-01-01"}, 422),
    try_("cadre", "/visits/new", VISIT | {"client_id": "x" * 1_000_000}, 422),
    try_("cadre", "/visits/new", VISIT | {"mode": "teleport"}, 422),
    try_("cadre", "/visits/new", VISIT | {"start_time": "24:00"}, 422),
    try_("cadre", "/visits/new", VISIT | {"programme_ids": HUGE}, 422),
    try_("cadre", "/visits/new", VISIT | {"participant_ids": ["0", "x", HUGE]}, 422),
    try_("cadre", "/visits/new", VISIT | {"promises-0-what": "修路", "promises-0-due_on": "gestern"}, 422),
    try_("cadre", "/visits/new", VISIT | check("promise-999999", "solved"), 422, "不在这些企业的清单上"),
    try_("cadre", "/visits/new", VISIT | check("problem-{issue}", "teleport"), 422),
    try_("cadre", "/visits/new", VISIT | check("promise-" + HUGE, "solved"), 422, "不在这些企业的清单上"),
    try_("cadre", "/visits/new", VISIT | check("\x00' OR 1=1 --", "worse"), 422, "不在这些企业的清单上"),
    try_("cadre", "/visits/new", VISIT | check("", "", "只有备注"), 422),
    try_("cadre", "/promises/999999/change", {"reason": "改"}, 404),
    try_("coordinator", "/promises/{promise}/change", {"reason": "", "owner": "新责任人"}, 422, "必填"),
    try_("coordinator", "/promises/{promise}/change", {"reason": "改", "due_on": "gestern"}, 422),
    try_(
        "coordinator", "/promises/{promise}/change", {"reason": "改", "due_on": "1999-01-01"}, 422, "早于"
    ),
    try_(
        "coordinator", "/promises/{promise}/change", {"reason": "改", "owner": "长" * 61}, 422, "最多60个字"
    ),
    try_(
        "coordinator", "/promises/{promise}/change", {"revision": "0", "reason": "改", "owner": "新"}, 409
    ),
    try_("coordinator", "/promises/{promise}/withdraw", {"reason": " \u3000\u200b"}, 422, "必填"),
    try_("coordinator", "/promises/{promise}/keep", {"kept_on": "9999-12-31"}, 422),
    try_("handler", "/promises/{promise}/withdraw", {"reason": "撤销"}, 403),
    try_("cadre", "/visits/{visit}/amend", {"summary": "改别人的记录"}, 404),
    try_("coordinator", "/visits/{visit}/amend", {"summary": "改"}, 422, "更正原因"),
    try_("coordinator", "/visits/{visit}/amend", {"visited_on": "9999-12-31", "reason": "改"}, 422),
    try_("coordinator", "/visits/{visit}/amend", {"revision": "0", "reason": "改", "summary": "改"}, 409),
    try_("coordinator", "/visits/{visit}/void", {"reason": " \u3000\u200b"}, 422, "必填"),
    try_("coordinator", "/visits/{visit}/void", {"revision": "0", "reason": "重复"}, 409),
    try_("auditor", "/visits/{visit}/void", {"reason": "重复"}, 403),
    try_("cadre", "/visits/drafts", {"client_id": "x", "summary": "改"}, 422, "空白表单"),
    try_("cadre", "/visits/drafts", {"client_id": "0" * 36, "summary": "长" * 200_001}, 422, "200000"),
    try_("cadre", "/visits/drafts/999999/discard", {}, 404),
    # plans of visits
    try_("cadre", "/plans/new", PLAN | {"enterprise_id": "999999"}, 422, "选择"),
    try_("cadre", "/plans/new", PLAN | {"enterprise": "#" + HUGE}, 422),
    try_("cadre", "/plans/new", PLAN | {"planned_on": "2001-01-01"}, 422, "今天或以后"),
    try_("cadre", "/plans/new", PLAN | {"planned_on": "9999-12-31"}, 422, "提前一年"),
    try_("cadre", "/plans/new", PLAN | {"planned_on": "2026-02-30"}, 422),
    try_("cadre", "/plans/new", PLAN | {"start_time": "24:61"}, 422),
    try_("cadre", "/plans/new", PLAN | {"programme_id": HUGE}, 422),
    try_("cadre", "/plans/new", PLAN | {"companion_ids": ["999999", "x"]}, 422, "同行人员"),
    try_("cadre", "/plans/new", PLAN | {"purpose": "长" * 201}, 422, "最多200个字"),
    try_("coordinator", "/plans/new", PLAN | {"owner_id": "999999"}, 422),
    try_("handler", "/plans/new", PLAN, 403),
    try_("cadre", "/plans/{plan}/edit", {"purpose": "长" * 201}, 422, "最多200个字"),
    try_("cadre", "/plans/{plan}/edit", {"start_time": "25:00"}, 422),
    try_("cadre", "/plans/{plan}/edit", {"programme_id": "999999"}, 422),
    try_("cadre", "/plans/{plan}/edit", {"revision": "0"}, 409, "已有其他人修改"),
    try_("cadre", "/plans/{plan}/move", {"reason": "\x00 \u3000"}, 422, "必填"),
    try_("cadre", "/plans/{plan}/move", {"reason": "改", "revision": "0"}, 409, "已有其他人修改"),
    try_("cadre", "/plans/{plan}/move", {"reason": "改", "planned_on": "gestern"}, 422),
    try_("auditor", "/plans/{plan}/move", {"reason": "改"}, 403),
    try_("cadre", "/plans/{plan}/cancel", {"reason": "长" * 201}, 422, "最多200个字"),
    try_("cadre", "/plans/{plan}/cancel", {"reason": "不去了", "revision": HUGE}, 409),
    try_("cadre", "/plans/{plan}/leave", {}, 422, "同行人员"),
    try_("cadre", "/plans/999999/join", {}, 404),
    try_("cadre", "/absences/new", {"last_on": "2001-01-01", "deputy_id": "{person}"}, 422),
    try_("cadre", "/absences/new", {"last_on": "{tomorrow}", "deputy_id": HUGE}, 422),
    try_("cadre", "/absences/999999/end", {}, 404),
    try_("coordinator", "/plans/suggested/plan?row={firm}", {"a_day": "0"}, 422, "1至10"),
    try_("coordinator", "/plans/suggested/plan?row={firm}", {"first_on": "9999-12-31"}, 422),
    try_("visitor", "/calendar/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.ics", {}, 405),
    try_("cadre", "/visits/new", VISIT | {"plan_ids": "999999"}, 422, "不属于您"),
    try_("cadre", "/issues/new", ISSUE | {"enterprise_id": "999999"}, 422),
    try_("cadre", "/issues/new", ISSUE | {"category_id": HUGE}, 422),
    try_("cadre", "/issues/new", ISSUE | {"title": "长" * 81}, 422, "最多80个字"),
    try_("cadre", "/issues/new", ISSUE | {"description": "\x00\x1b"}, 422, "必填"),
    try_("cadre", "/issues/new", ISSUE | {"urgency": "panic", "state": "closed"}, 422),
    try_("coordinator", "/issues/{issue}/assign", {"lead_unit_id": "999999"}, 422),
    try_("coordinator", "/issues/{issue}/assign", {"lead_unit_id": "{unit}", "revision": "0"}, 409),
    try_("coordinator", "/issues/{issue}/close", {}, 404),
    try_(
        "coordinator", "/issues/{issue}/report", {"outcome": "A", "done": "已修路", "told": "已告知"}, 403
    ),
    # views of lists and several rows at once
    try_("cadre", "/saved-views/issues/new", {"name": "视图"}, 422, "先筛选列表"),
    try_("cadre", "/saved-views/issues/new?state=open", {"name": "长" * 41}, 422, "最多40个字"),
    try_("cadre", "/saved-views/issues/new?state=open", {"name": "\x00 \u3000"}, 422, "必填"),
    try_("cadre", "/saved-views/issues/new?q=" + "x" * 2100, {"name": "视图"}, 422, "筛选条件过多"),
    try_("cadre", "/saved-views/nothing/new?state=open", {"name": "视图"}, 404),
    try_("cadre", "/saved-views/people/new?state=active", {"name": "视图"}, 404),
    try_("cadre", "/saved-views/issues/default", {"view_id": HUGE}, 404),
    try_("cadre", "/saved-views/999999/edit", {"name": "视图"}, 404),
    try_("cadre", "/saved-views/999999/move", {"direction": "sideways"}, 404),
    try_("coordinator", "/issues/bulk/add-note?row={issue}", {"note": " \u200b"}, 422, "必填"),
    try_("coordinator", "/issues/bulk/add-note?row={issue}", {"note": "长" * 100_000}, 422),
    try_("auditor", "/issues/bulk/add-note?row={issue}", {"note": "记"}, 403),
    # supervision
    try_("coordinator", "/supervision/orders/new", ORDER | {"issue": ""}, 422, "均不能督办"),
    try_("coordinator", "/supervision/orders/new", ORDER | {"issue": HUGE}, 422, "均不能督办"),
    try_("coordinator", "/supervision/orders/new", ORDER | {"issue": "999999"}, 422, "均不能督办"),
    try_("coordinator", "/supervision/orders/new", ORDER | {"issue": "{issue}"}, 422, "尚未交办"),
    try_(
        "coordinator",
        "/supervision/orders/new",
        ORDER | {"issue": "{handled}", "seen": "1-2"},
        422,
        "发生变化",
    ),
    try_(
        "coordinator",
        "/supervision/orders/new",
        ORDER | {"issue": "{handled}", "reason": "\x00 \u3000"},
        422,
        "必填",
    ),
    try_(
        "coordinator",
        "/supervision/orders/new",
        ORDER | {"issue": "{handled}", "demand": "长" * 2001},
        422,
        "2000",
    ),
    try_("coordinator", "/supervision/orders/new", ORDER | {"issue": "{handled}", "workdays": "-3"}, 422),
    try_("coordinator", "/supervision/orders/new", ORDER | {"issue": "{handled}", "workdays": HUGE}, 422),
    try_("coordinator", "/supervision/orders/new", ORDER | {"issue": "{handled}", "colour": "pink"}, 422),
    try_("handler", "/supervision/orders/new", ORDER | {"issue": "{handled}"}, 403),
    try_("handler", "/supervision/orders/{order}/reply", {"text": " \u200b"}, 422, "必填"),
    try_("handler", "/supervision/orders/{order}/reply", {"text": "长" * 4001}, 422, "4000"),
    try_(
        "handler",
        "/supervision/orders/{order}/reply",
        {"text": "已办理", "revision": "0"},
        409,
        "已有其他人修改",
    ),
    try_("coordinator", "/supervision/orders/{order}/reply", {"text": "代回复"}, 403),
    try_("coordinator", "/supervision/orders/{order}/accept", {"note": "同意"}, 422),
    try_("coordinator", "/supervision/orders/{order}/send-back", {"note": "不行", "workdays": "3"}, 422),
    try_("coordinator", "/supervision/orders/{order}/withdraw", {"note": ""}, 422, "必填"),
    try_("coordinator", "/supervision/orders/999999/withdraw", {"note": "撤"}, 404),
    try_(
        "coordinator",
        "/supervision/topics/new",
        {"title": "题", "category_id": HUGE, "lead_unit_id": "1"},
        422,
    ),
    try_("coordinator", "/supervision/topics/new", {"title": "长" * 81}, 422, "最多80个字"),
    try_("coordinator", "/supervision/topics/{topic}/close", {"result": "\x00"}, 422, "必填"),
    try_("coordinator", "/supervision/topics/{topic}/edit", {"revision": "0", "title": "改"}, 409),
    try_(
        "coordinator",
        "/supervision/topics/{topic}/problems/new",
        {"issue_ids": HUGE, "reason": "同类"},
        422,
    ),
    try_("coordinator", "/supervision/topics/{topic}/problems/new", {"reason": "同类"}, 422, "至少勾选"),
    try_(
        "coordinator",
        "/supervision/topics/{topic}/measures/new",
        {"text": "做", "due_on": "9999-99-99"},
        422,
    ),
    try_(
        "coordinator",
        "/supervision/topics/{topic}/measures/new",
        {"text": "做", "unit_id": "{unit}", "due_on": "2001-01-01"},
        422,
        "已过",
    ),
    try_(
        "coordinator",
        "/supervision/topics/{topic}/outputs/new",
        {"title": "法", "published_on": "9999-12-31"},
        422,
        "印发后",
    ),
    try_("supervisor", "/supervision/samples/draw", {"month": "2026-13"}, 422, "2026-10的格式"),
    try_("supervisor", "/supervision/samples/draw", {"month": "0000-00"}, 422, "2026-10的格式"),
    try_("supervisor", "/supervision/samples/draw", {"month": "9999-12"}, 422, "结束后"),
    try_("coordinator", "/supervision/samples/draw", {"month": "2026-01"}, 403),
    try_("supervisor", "/supervision/samples/items/{item}/check", {"result": "maybe", "how": "phone"}, 422),
    try_(
        "supervisor",
        "/supervision/samples/items/{item}/check",
        {"result": "untrue", "how": "phone", "note": ""},
        422,
        "不属实",
    ),
    try_(
        "supervisor",
        "/supervision/samples/items/{item}/check",
        {"result": "true", "how": "phone", "checked_on": "9999-12-31"},
        422,
        "更正日期",
    ),
    try_("supervisor", "/supervision/samples/items/999999/check", {"result": "true", "how": "phone"}, 404),
    try_("coordinator", "/supervision/samples/items/{item}/settle", {"note": "已处理"}, 422),
    # the inbox
    try_("coordinator", "/inbox/read-all", {}, 422, "没有标记任何消息"),
    try_("coordinator", "/inbox/read-all", {"last_id": HUGE}, 422, "没有标记任何消息"),
    try_("coordinator", "/inbox/read-all", {"last_id": "-1"}, 422, "没有标记任何消息"),
    try_("rival", "/inbox/{notice}/open", {}, 404),
    try_("rival", "/inbox/{notice}/read", {}, 404),
    try_("visitor", "/inbox/{notice}/read", {}, 401),
    try_("coordinator", "/inbox/999999/open", {}, 404),
    try_("coordinator", "/inbox/settings", {"kinds": ["flag"]}, 422),
    try_("coordinator", "/inbox/settings", {"kinds": ["gossip", "\x00"]}, 422),
    # the wrong person
    try_("visitor", "/enterprises/new", FIRM, 401, "登录"),
    try_("cadre", "/enterprises/new", FIRM, 403),
    try_("auditor", "/issues/{issue}/assign", {"lead_unit_id": "{unit}"}, 403),
    try_("handler", "/issues/{issue}/sign", {}, 404),
    try_("callback", "/visits/new", VISIT, 403),
    try_("coordinator", "/people/new", PERSON, 403),
    try_("admin", "/enterprises/import", file(b"x", "x.csv"), 403),
    # the wrong time or method
    try_("admin", "/set-up", PERSON, 404),
    try_("visitor", "/sign-in/demo", {"person_id": "1"}, 404),
    try_("coordinator", "/enterprises", FIRM, 405, "不支持"),
]
