"""The pages of attached files: added, shown, handed out, removed, by those who may and by the parent."""

import gc
import io
import re

import pytest
import sqlalchemy as sa
from werkzeug.test import EnvironBuilder

from tests.support.files import PDF, office, opened, picture
from visits.attachments import rules
from visits.attachments.examining import examine
from visits.attachments.models import Attachment
from visits.attachments.operations import attach
from visits.core.calendar import fill_calendar
from visits.core.clock import today
from visits.core.submissions import Submission
from visits.issues import operations as issues

BIG_PDF = b"%PDF-" + bytes(400_000) + b"%%EOF"


def sent(*files):
    return {"files": [(io.BytesIO(content), name) for name, content in files]}


def address(parent, *rest):
    return "/".join(map(str, (f"/{type(parent).__tablename__}", parent.id, "attachments", *rest)))


@pytest.fixture(params=["visit", "issue"])
def place(request, world):
    """A visit or a problem, and the name of one who may add to it."""
    parent = getattr(world, request.param)
    return parent, {"visit": "author", "issue": "handler"}[request.param]


@pytest.fixture
def one(world, store, database, place):
    """A photo there."""
    parent, who = place
    stored = attach(world.actors[who], store, parent, examine(picture(), "现场 1.jpg"))
    database.session.commit()
    return stored


def card(page):
    return page.root.first("section", id="attachments").text


def test_files_are_added_and_stand_on_the_page(place, browser, world):
    parent, who = place
    me = browser(who)
    page = me.follow(me.post(address(parent), sent(("现场.jpg", picture()), ("清单.docx", office()))))
    assert "已添加2个文件" in page.main
    assert "现场.jpg" in card(page)
    assert "清单.docx" in card(page)
    assert world.people[who].name in card(page)


def test_one_bad_file_does_not_lose_the_good_ones(place, browser):
    parent, who = place
    me = browser(who)
    page = me.follow(
        me.post(address(parent), sent(("a.jpg", picture()), ("<b>.svg", b"<svg onload=alert(1)>")))
    )
    assert "a.jpg" in card(page)
    assert "<b>.svg" in page.main
    assert "打印为PDF" in page.main
    assert "<b>.svg" not in card(page)


def test_nothing_good_is_an_answer_with_the_sentences(place, browser, store):
    parent, who = place
    me = browser(who)
    page = me.post(address(parent), sent(("a.svg", b"<svg/>"), ("b.zip", b"PK\x05\x06")), status=422)
    assert page.summary.count("：") >= 2
    page = me.post(address(parent), {}, status=422)
    assert "选择" in page.summary
    assert not store.folder.exists()


def test_the_same_form_twice_stores_once(place, browser, database):
    parent, who = place
    me = browser(who)
    page = me.get(address(parent))
    for _ in range(2):
        me.post(address(parent), sent(("a.pdf", PDF)), page=page)
    assert database.session.scalar(sa.select(sa.func.count(Attachment.id))) == 1
    assert database.session.scalar(sa.select(sa.func.count(Submission.id))) == 1


def test_a_picture_is_shown_and_a_document_downloaded(place, one, browser, world, store, database):
    parent, who = place
    document = attach(world.actors[who], store, parent, examine(PDF, "清单\u202e.pdf"))
    database.session.commit()
    shown = browser(who).get(address(parent, one.id)).response
    assert shown.mimetype == "image/jpeg"
    assert shown.headers["Content-Disposition"] == "inline; filename*=UTF-8''%E7%8E%B0%E5%9C%BA%201.jpg"
    assert opened(shown.data).size == (64, 48)
    small = browser(who).get(address(parent, one.id, "thumbnail")).response
    assert (small.mimetype, opened(small.data).format) == ("image/webp", "WEBP")
    loaded = browser(who).get(address(parent, document.id)).response
    assert (loaded.mimetype, loaded.data) == ("application/pdf", PDF)
    assert loaded.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%E6%B8%85%E5%8D%95.pdf"
    for answer in (shown, small, loaded):
        headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "private, no-store"
    browser(who).get(address(parent, document.id, "thumbnail"), status=404)


VISIT_READERS = {"author", "companion", "colleague", "coordinator", "leader", "supervisor"}
ISSUE_READERS = {"cadre", "handler", "coordinator", "leader", "supervisor", "callback"}
ADDERS = {"visits": {"author", "companion", "coordinator"}, "issues": {"cadre", "handler", "coordinator"}}
# Roles without the right to read any such record at all.
BARRED = {"visits": {"callback", "admin"}, "issues": {"admin"}}


def test_every_address_answers_as_the_parent_does(place, one, browser, world):
    parent, who = place
    table = type(parent).__tablename__
    readers = {"visits": VISIT_READERS, "issues": ISSUE_READERS}[table]
    for name in world.people:
        me = browser(name)
        expected = 200 if name in readers else 403 if name in BARRED[table] else 404
        assert me.get(address(parent, one.id), status=expected)
        assert me.get(address(parent, one.id, "thumbnail"), status=expected)
        adds = 200 if name in ADDERS[table] else 403 if name in readers else expected
        me.get(address(parent), status=adds)
        removes = 200 if name in {who, "coordinator"} else 403 if name in readers else expected
        me.get(address(parent, one.id, "remove"), status=removes)
        me.post(
            address(parent, one.id, "remove"), {"reason": ""}, status=422 if removes == 200 else removes
        )
        if name not in ADDERS[table]:
            me.post(address(parent), sent(("a.pdf", PDF)), status=adds)


def test_a_file_is_found_through_its_own_parent_only(world, one, place, browser):
    parent, _ = place
    other = world.issue if parent is world.visit else world.visit
    me = browser("coordinator")
    nothing = me.get(address(parent, 999_999), status=404).main
    for wrong in (
        address(other, one.id),
        address(other, one.id, "thumbnail"),
        address(other, one.id, "remove"),
    ):
        assert re.sub(r"[0-9a-f]{8}", "", me.get(wrong, status=404).main) == re.sub(
            r"[0-9a-f]{8}", "", nothing
        )
        me.post(wrong, {"reason": "x"}, status=None)
    assert one.removed_at is None


def test_a_removed_file_stays_listed_and_opens_no_more(place, one, browser, database):
    parent, who = place
    me = browser(who)
    page = me.follow(me.post(address(parent, one.id, "remove"), {"reason": "放错了"}))
    assert "放错了" in card(page)
    assert "现场 1.jpg" in card(page)
    for rest in ((), ("thumbnail",), ("remove",)):
        browser("coordinator").get(address(parent, one.id, *rest), status=404)


def test_a_file_missing_on_disk_is_said(place, one, browser, store):
    parent, who = place
    store.erase(one.storage_key)
    page = browser(who).get(address(parent).removesuffix("/attachments"))
    assert "附件缺失" in card(page)
    said = browser(who).get(address(parent, one.id), status=404).main
    assert "管理员" in said


def test_what_is_void_takes_no_more_files(world, browser, database):
    issues.void(world.actors["coordinator"], world.issue, "重复登记")
    database.session.commit()
    me = browser("coordinator")
    assert me.get(f"/issues/{world.issue.id}").posts_to(address(world.issue)) is None
    assert "作废" in me.post(address(world.issue), sent(("a.pdf", PDF)), status=422).summary


def test_adding_and_removing_stand_in_what_happened(world, browser):
    me = browser("handler")
    me.post(address(world.issue), sent(("甲.pdf", PDF), ("乙.pdf", PDF)))
    page = me.get(f"/issues/{world.issue.id}")
    [added] = [row.text for row in page.root.all("li", class_="history-row") if "添加附件" in row.text]
    assert "甲.pdf、乙.pdf" in added
    [link] = [a["href"] for a in page.root.all("a") if a["href"].endswith("/remove")][:1]
    me.post(link, {"reason": "放错了"})
    page = me.get(f"/issues/{world.issue.id}")
    [removed] = [row.text for row in page.root.all("li", class_="history-row") if "移除附件" in row.text]
    assert "放错了" in removed


def test_names_of_files_cannot_break_out(world, browser):
    me = browser("author")
    name = "'><img src=x onerror=alert(1)>%0d%0aSet-Cookie: a=b.pdf"
    me.post(address(world.visit), sent((name, PDF)))
    page = me.get(f"/visits/{world.visit.id}")
    assert not [image for image in page.root.all("img") if "onerror" in image]
    [link] = [a["href"] for a in page.root.all("a") if re.search(r"attachments/\d+$", a["href"] or "")][:1]
    cookies = me.get(link).response.headers.getlist("Set-Cookie")
    assert [cookie for cookie in cookies if cookie.startswith("a=")] == []


def test_a_body_over_the_limit_is_a_sentence(world, browser, app, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 10_000)
    assert browser("author").post(address(world.visit), sent(("a.pdf", BIG_PDF)), status=413).heading


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_a_broken_off_upload_leaves_nothing(world, browser, store, database, part):
    me = browser("author")
    token = me.token(me.get(address(world.visit)))
    body = EnvironBuilder(method="POST", data=sent(("a.pdf", BIG_PDF)) | {"csrf_token": token})
    whole = body.get_environ()
    content = whole["wsgi.input"].read()
    page = me.open(
        address(world.visit),
        method="POST",
        input_stream=io.BytesIO(content[: int(len(content) * part)]),
        content_length=len(content),
        content_type=whole["CONTENT_TYPE"],
    )
    gc.collect()  # the form's reader leaves its nameless temporary file to the collector
    assert page.status == 400
    assert not store.folder.exists()
    assert database.session.scalar(sa.select(sa.func.count(Attachment.id))) == 0


def test_more_files_take_no_more_statements(world, browser, store, database, statements):
    fill_calendar([today().year])  # as the set-up does; only then is it kept between requests
    counts, me = [], browser("coordinator")
    for parent in (world.visit, world.issue):
        me.get(address(parent).removesuffix("/attachments"))
    for _ in range(2):
        for _ in range(3):
            for parent, who in ((world.visit, "author"), (world.issue, "handler")):
                attach(world.actors[who], store, parent, examine(PDF, "a.pdf"))
        database.session.commit()
        for parent in (world.visit, world.issue):
            with statements() as seen:
                me.get(address(parent).removesuffix("/attachments"))
            counts.append(len(seen))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 10


def test_the_limits_a_page_names_are_the_rules(world, browser):
    page = browser("author").get(f"/visits/{world.visit.id}")
    form = page.posts_to(address(world.visit))
    assert form["data-max-bytes"] == str(rules.MAX_FILE_BYTES)
    assert "10 MB" in card(page)
