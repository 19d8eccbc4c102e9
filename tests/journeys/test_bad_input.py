"""What is sent by mistake or by malice gets a plain sentence: no fault, nothing lost, nothing half done."""

import io
import re

import pytest
import sqlalchemy as sa

from tests.factories.accounts import PASSWORD
from tests.factories.enterprises import make_code
from tests.support.workbooks import cells, ole, xlsx
from visits.accounts.operations import end_sign_ins
from visits.core.db import db
from visits.enterprises.models import Enterprise

SENTENCE = re.compile(r"[\u4e00-\u9fff]{4,}.*[。！]", re.DOTALL)
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
ORDER = {"reason": "超期未办结", "demand": "立即办理", "workdays": "3", "colour": ""}
FAR = xlsx(cells(("A1", "企业名称"), ("XFD1048576", "远")))


def file(content, name):
    return lambda: {"file": (io.BytesIO(content), name)}


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


@pytest.mark.parametrize(("who", "path", "data", "answer", "says"), TRIES)
def test_it_is_refused_with_a_sentence_and_nothing_changes(world, contents, who, path, data, answer, says):
    browser = world.browsers[who]
    data = data() if callable(data) else {k: world.filled(v) for k, v in data.items()}
    form = browser.open(path.format(**world.ids))
    before = contents()
    page = browser.post(
        form.url, data, page=form if form.status == 200 else tokened(browser), status=answer
    )
    assert SENTENCE.search(page.main)
    assert says in page.main
    assert contents() == before


def tokened(browser):
    """A page that carries a token of this browser's."""
    signed_in = browser.open("/password")
    return signed_in if signed_in.status == 200 else browser.open("/sign-in")


def test_without_or_with_a_forged_token_nothing_is_done_and_the_text_comes_back(world, contents):
    browser, other = world.browsers["coordinator"], world.browsers["rival"]
    form = browser.get("enterprises.new")
    before = contents()
    for token in (None, "", "forged", other.token(other.get("enterprises.new"))):
        page = browser.post(form.url, FIRM | {"csrf_token": token}, page=form, status=400)
        assert FIRM["name"] in page.root.first("textarea").text
    assert contents() == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize("path", ["/enterprises/new", "/sign-in", "/language", "/sign-out"])
def test_a_post_from_another_site_is_refused(world, contents, headers, path):
    browser = world.browsers["coordinator"]
    before = contents()
    data = FIRM | {"csrf_token": browser.token(browser.get("accounts.change_password"))}
    page = browser.open(path, method="POST", data=data, headers=headers)
    assert (page.status, "来自其他网站" in page.main) == (400, True)
    assert contents() == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.test"},
        {"Host": "localhost:80@evil.test"},
        {"Host": "", "X-Forwarded-Host": "evil.test"},
    ],
)
def test_another_host_is_not_served(world, headers):
    response = world.browsers["coordinator"].client.get("/enterprises", headers=headers)
    assert response.status_code == 400
    assert "evil" not in response.text


def test_a_forwarded_host_changes_no_address(world):
    headers = {
        "X-Forwarded-Host": "evil.test",
        "X-Forwarded-For": "203.0.113.9",
        "Forwarded": "host=evil.test",
    }
    page = world.browsers["visitor"].open("/enterprises", headers=headers)
    assert (page.status, page.location) == (302, "/sign-in?next=/enterprises")


TARGETS = (
    "//evil.test",
    "/\\evil.test",
    "///evil.test",
    "https:evil.test",
    "https://evil.test/",
    "javascript:alert(1)",
    "@evil.test",
    "/\t/evil.test",
    "/\x00/evil.test",
    "/\r\nLocation: https://evil.test",
)


@pytest.mark.parametrize("target", TARGETS)
def test_after_signing_in_one_stays_here(world, target):
    visitor = world.browsers["visitor"]
    entry = {"username": "guanli", "password": PASSWORD, "next": target}
    assert visitor.post("accounts.sign_in", entry).location in {"/", "http://localhost/"}


NONSENSE = (
    "page=" + HUGE,
    "page=0&page=-1",
    "page=٣&size=1e9",
    "sort=password_hash&order=x",
    "sort=-&q=%25%5F%5C%27%22",
    "q=%00&street=%00&tag=%00&unit=%00&category=%00&programme=%00&group=%00&enterprise=%00&state=%00",
    "status=%00&light=%00&outcome=%00&person=%00&mode=%00&dimension=%00&key=%00",
    "street=%F0%90%80&q=%FF%FE&status=1%20OR%201=1",
    "q=" + "+".join(f"{number:x}" for number in range(1500)),
    "q=" + "%E9%95%BF" * 5000,
    "from=2026-13-99&to=0000-00-00&registered_from=x&closed_to=2026-02-30&from_on=x&to_on=9",
    "from=9999-12-31&to=0001-01-01&from_on=9999-12-31&to_on=0001-01-01&registered_from=0001-01-01",
    "view=" + HUGE + "&view=%00&row=" + HUGE + "&row=-1&row=%00&all=%00",
    "unit=" + HUGE + "&category=" + HUGE + "&programme=-1&group=x&enterprise=" + HUGE + "&person=" + HUGE,
)
LISTS = (
    "/",
    "/enterprises",
    "/enterprises/lookup",
    "/groups",
    "/programmes",
    "/visits",
    "/visits/enterprises",
    "/visits/new",
    "/issues",
    "/issues/new",
    "/issues/bulk/add-note",
    "/saved-views/issues",
    "/saved-views/issues/new",
    "/totals",
    "/totals/visit_count",
    "/people",
    "/units",
    "/sign-in",
    "/set-up",
)


@pytest.mark.parametrize("query", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_in_an_address_is_answered(world, contents, query):
    before = contents()
    for path in LISTS:
        browser = world.browsers["admin" if path in ("/people", "/units") else "coordinator"]
        page = browser.open(f"{path}?{query}")
        assert page.status in {200, 302, 400, 404, 422}, f"{path} answered {page.status}: {page.text}"
        assert page.status < 400 or SENTENCE.search(page.text)
    assert contents() == before


@pytest.mark.parametrize("number", ["9" * 23, "999999999", "0", "-1", "1e3", "%D9%A3", "1%00", "١"])
def test_an_id_nothing_has_is_not_found(world, app, number):
    rules = [rule for rule in app.url_map.iter_rules() if "<int:" in rule.rule]
    assert len(rules) > 20
    for rule in rules:
        path = re.sub(r"<[^>]+>", number, rule.rule)
        page = world.browsers["coordinator"].open(path)
        allowed = {404, 403} if "GET" in rule.methods else {404, 405}
        assert page.status in allowed, f"{path} answered {page.status}"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_methods_no_page_has(world, contents, method):
    before = contents()
    for path in ("/", "/enterprises", f"/enterprises/{world.ids['firm']}", "/sign-in"):
        assert world.browsers["coordinator"].client.open(path, method=method).status_code in {400, 405}
    assert contents() == before


def test_a_body_too_large_says_the_limit(world, contents):
    browser = world.browsers["coordinator"]
    token = browser.token(browser.get("enterprises.new"))
    before = contents()
    for body, kind in (
        (b"name=" + b"x" * 26_000_000, "application/x-www-form-urlencoded"),
        (b"x" * 26_000_000, "multipart/form-data; boundary=x"),
    ):
        page = browser.open(
            "/enterprises/new", method="POST", data=body, content_type=kind, headers={"X-CSRFToken": token}
        )
        assert (page.status, "过大" in page.main) == (413, True)
    assert contents() == before


@pytest.mark.parametrize(
    "body", [b"--x\r\n" * 10_000, b"--x\r\nContent-Disposition: form-data; name=a", b"\r\n\r\n"]
)
def test_a_broken_multipart_body_is_refused(world, contents, body):
    before = contents()
    page = world.browsers["coordinator"].open(
        "/enterprises/import", method="POST", data=body, content_type="multipart/form-data; boundary=x"
    )
    assert page.status in {400, 413}
    assert SENTENCE.search(page.main)
    assert contents() == before


def test_the_same_form_twice_makes_one_record_and_leads_to_it(world):
    browser = world.browsers["coordinator"]
    form = browser.get("enterprises.new")
    first, second = (browser.post(form.url, FIRM, page=form) for _ in range(2))
    assert first.location == second.location
    assert db.session.scalar(sa.select(sa.func.count()).where(Enterprise.name == FIRM["name"])) == 1


def test_a_form_id_seen_with_somebody_else_gives_nothing_away(world):
    browser, rival = world.browsers["coordinator"], world.browsers["rival"]
    form = browser.get("enterprises.new")
    made = browser.post(form.url, FIRM, page=form)
    seen = form.root.first("input", name="submission_id")["value"]
    page = rival.post("enterprises.new", {"name": "", "submission_id": seen}, status=422)
    assert made.location not in page.response.text


@pytest.mark.parametrize(
    "submission_id", ["", "x" * 1_000_000, "\x00" * 36, "<b>" * 12, "56E05AA9-538D-48D7-AA19-C942338D84C8"]
)
def test_a_form_id_of_any_shape_saves_once(world, submission_id):
    browser = world.browsers["coordinator"]
    form = browser.get("enterprises.new")
    browser.post(form.url, FIRM | {"submission_id": submission_id}, page=form)
    assert db.session.scalar(sa.select(sa.func.count()).where(Enterprise.name == FIRM["name"])) == 1


def test_what_was_typed_outlives_the_sign_in_and_goes_to_its_owner_only(world, contents):
    admin, name = world.browsers["admin"], "后勤科"
    form = admin.get("accounts.new_unit")
    end_sign_ins(world.people["admin"].id)
    db.session.commit()
    before = contents()
    page = admin.post(form.url, {"name": name}, page=form, status=401)
    page = admin.post(
        "accounts.sign_in", {"username": "guanli", "password": PASSWORD}, page=page, status=200
    )
    assert name in page.main
    assert contents() == before
    admin.follow(admin.post("/units/new", page=page))
    assert name in admin.get("accounts.units").main
