"""What is sent by mistake or by malice gets a plain sentence: no fault, nothing lost, nothing half done."""

import re
from urllib.parse import unquote

import pytest
import sqlalchemy as sa

from tests.factories.accounts import PASSWORD
from tests.journeys.refusals import SENTENCE, assert_refused
from tests.journeys.tries import FIRM, HUGE, TRIES
from visits.accounts.operations import end_sign_ins
from visits.core.db import db
from visits.enterprises.models import Enterprise


def test_it_is_refused_with_a_sentence_and_nothing_changes(world, contents):
    assert_refused(world, contents, TRIES)


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
def test_a_post_from_another_site_is_refused(world, contents, headers):
    browser = world.browsers["coordinator"]
    before = contents()
    data = FIRM | {"csrf_token": browser.token(browser.get("accounts.change_password"))}
    for path in ("/enterprises/new", "/sign-in", "/language", "/sign-out"):
        page = browser.open(path, method="POST", data=data, headers=headers)
        assert (path, page.status, "来自其他网站" in page.main) == (path, 400, True)
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


def test_after_signing_in_one_stays_here(world, client_for):
    for target in TARGETS:
        entry = {"username": "guanli", "password": PASSWORD, "next": target}
        location = client_for(None).post("accounts.sign_in", entry).location
        assert location in {"/", "http://localhost/"}, target


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
    "period=" + HUGE + "&period=%00",
    "period=2026-13",
    "view=" + HUGE + "&view=%00&row=" + HUGE + "&row=-1&row=%00&all=%00",
    "unit=" + HUGE + "&category=" + HUGE + "&programme=-1&group=x&enterprise=" + HUGE + "&person=" + HUGE,
)
LISTS = (
    "/",
    "/enterprises",
    "/enterprises/lookup",
    "/groups",
    "/programmes",
    "/due",
    "/coverage",
    "/visits",
    "/visits/enterprises",
    "/visits/new",
    "/issues",
    "/issues/new",
    "/issues/bulk/add-note",
    "/saved-views/issues",
    "/saved-views/issues/new",
    "/overview",
    "/overview/screen",
    "/totals",
    "/totals/visit_count",
    "/people",
    "/units",
    "/sign-in",
    "/set-up",
)


@pytest.mark.parametrize("path", LISTS)
def test_nonsense_in_an_address_is_answered(world, contents, path):
    browser = world.browsers["admin" if path in ("/people", "/units") else "coordinator"]
    before = contents()
    for query in NONSENSE:
        page = browser.open(f"{path}?{query}")
        assert page.status in {200, 302, 400, 404, 422}, f"{query} answered {page.status}: {page.text}"
        assert page.status < 400 or SENTENCE.search(page.text)
    assert contents() == before


@pytest.mark.parametrize("number", ["9" * 23, "999999999", "0", "-1", "1e3", "%D9%A3", "1%00", "١"])
def test_an_id_nothing_has_is_not_found(world, app, number):
    rules = [rule.rule for rule in app.url_map.iter_rules() if "<int:" in rule.rule]
    paths = [re.sub(r"<[^>]+>", number, rule) for rule in rules]
    assert len(paths) > 20
    routes = app.url_map.bind("localhost")
    taken = [path for path in paths if routes.test(unquote(path))]
    for path in taken or paths[:1]:  # what no address takes gets one and the same answer
        page = world.browsers["coordinator"].open(path)
        assert page.status in {404, 403}, f"{path} answered {page.status}"


def test_methods_no_page_has(world, contents):
    client, before = world.browsers["coordinator"].client, contents()
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"):
        for path in ("/", "/enterprises", f"/enterprises/{world.ids['firm']}", "/sign-in"):
            assert client.open(path, method=method).status_code in {400, 405}, f"{method} {path}"
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
