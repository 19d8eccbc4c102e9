"""What people say about the system: written from any page, answered, settled, taken up again."""

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person, make_unit
from tests.factories.feedback import make_suggestion
from visits.core.audit import AuditEntry
from visits.core.permissions import Role
from visits.feedback.models import Suggestion, SuggestionReply, SuggestionState
from visits.inbox.models import Notice

HOSTILE = "<script>alert(1)</script> 很慢"


@pytest.fixture
def people(db):
    unit = make_unit()
    made = {
        "cadre": make_person([Role.CADRE], unit, name="张走访"),
        "other": make_person([Role.HANDLER], unit),
        "admin": make_person([Role.ADMIN], name="李管理"),
        "second": make_person([Role.ADMIN]),
    }
    db.session.commit()
    return made


@pytest.fixture
def browser(client_for, people):
    return lambda name: client_for(people[name])


def told(person):
    stmt = sa.select(Notice.said).where(Notice.person_id == person.id).order_by(Notice.id)
    return list(sa.orm.object_session(person).scalars(stmt))


def the_one(db):
    db.session.rollback()
    return db.session.scalars(sa.select(Suggestion)).one()


def verbs(db):
    return list(
        db.session.scalars(
            sa.select(AuditEntry.action)
            .where(AuditEntry.subject_type == "suggestions")
            .order_by(AuditEntry.id)
        )
    )


def write(person, text=HOSTILE, start="issues.index", **more):
    """Follow the link at the foot of a page and say something."""
    page = person.get(start)
    foot = page.root.first("footer", class_="page-foot").first("a")["href"]
    form = person.open(foot)
    return person.post("/feedback/new", {"text": text} | more, page=form)


@pytest.mark.parametrize("role", Role)
def test_everybody_writes_from_the_foot_of_any_page(db, client_for, role):
    person = make_person([role])
    db.session.commit()
    browser = client_for(person)
    shown = browser.follow(write(browser, start="home.index"))
    made = the_one(db)
    assert (made.page, made.text, made.person_id) == ("/", HOSTILE, person.id)
    assert HOSTILE in shown.main
    assert "待答复" in shown.main
    assert [row[1] for row in browser.get("feedback.mine").rows] == [HOSTILE]


def test_the_administrators_are_told_and_reply_and_the_author_is_told(db, browser, people):
    cadre, admin = browser("cadre"), browser("admin")
    write(cadre)
    assert told(people["admin"]) == ["%(who)s has sent feedback about the system."]
    assert told(people["cadre"]) == told(people["other"]) == []
    page = admin.get("feedback.index")
    assert "张走访" in page.main
    show = admin.open(f"/feedback/{the_one(db).id}")
    admin.post(f"/feedback/{the_one(db).id}/reply", {"text": "下周改。", "settles": "y"}, page=show)
    made = the_one(db)
    assert (made.state, made.settled_at is not None) == (SuggestionState.SETTLED, True)
    assert told(people["cadre"]) == ["%(who)s has replied to your feedback."]
    assert len(told(people["second"])) == 1
    shown = cadre.open(f"/feedback/{made.id}")
    assert "下周改。" in shown.main
    assert "已了结" in shown.main
    assert verbs(db) == ["suggestion.sent", "suggestion.answered", "suggestion.settled"]


def test_the_author_writes_again_and_it_is_open_again(db, browser, people):
    cadre, admin = browser("cadre"), browser("admin")
    write(cadre)
    number = the_one(db).id
    admin.post(f"/feedback/{number}/settle")
    assert the_one(db).state is SuggestionState.SETTLED
    page = cadre.open(f"/feedback/{number}")
    cadre.post(f"/feedback/{number}/reply", {"text": "还是慢。", "settles": "y"}, page=page)
    made = the_one(db)
    assert (made.state, made.settled_at) == (SuggestionState.OPEN, None)
    assert told(people["second"])[-1] == "%(who)s has written again to feedback sent earlier."
    assert verbs(db)[-2:] == ["suggestion.answered", "suggestion.opened_again"]


def test_whoever_replies_at_once_sees_what_the_other_said(db, browser, people):
    made = make_suggestion(people["cadre"])
    first, second = browser("admin"), browser("second")
    pages = [person.open(f"/feedback/{made.id}") for person in (first, second)]
    first.post(f"/feedback/{made.id}/reply", {"text": "第一个回复"}, page=pages[0])
    late = second.post(f"/feedback/{made.id}/reply", {"text": "第二个回复"}, page=pages[1], status=409)
    assert "第二个回复" in late.main
    assert db.session.scalar(sa.select(sa.func.count(SuggestionReply.id))) == 1


def test_somebody_elses_answers_as_one_that_is_not_there(db, browser, people):
    made = make_suggestion(people["cadre"])
    other, admin = browser("other"), browser("admin")
    for method, path in (("GET", ""), ("POST", "/reply")):
        data = {"csrf_token": other.token(other.get("home.index")), "text": "看看"}
        real, none = (
            other.open(f"/feedback/{number}{path}", method=method, data=data) for number in (made.id, 999)
        )
        assert (real.status, real.main) == (404, none.main)
    assert other.open("/feedback").status == 403
    assert admin.open(f"/feedback/{made.id}").status == 200


def test_the_list_puts_first_what_waits(db, browser, people):
    for text in ("第一条", "第二条", "第三条"):
        made = make_suggestion(people["cadre"], text)
        if text == "第二条":
            browser("admin").post(f"/feedback/{made.id}/settle")
    page = browser("admin").get("feedback.index")
    assert [text for row in page.rows for text in row if "条" in text] == ["第三条", "第一条", "第二条"]
    narrowed = browser("admin").open("/feedback?state=settled&q=第")
    assert len(narrowed.rows) == 1


def test_a_page_of_another_site_is_not_kept(db, browser):
    cadre = browser("cadre")
    form = cadre.open("/feedback/new?page=//evil.test/x")
    assert "evil" not in form.text
    cadre.post("/feedback/new", {"text": "好", "page": "https://evil.test/"}, page=form)
    assert the_one(db).page == ""


def test_the_pages_cost_little_however_much_was_said(db, browser, people, statements):
    for _ in range(12):
        made = make_suggestion(people["cadre"])
    admin, cadre = browser("admin"), browser("cadre")
    for person, path in (
        (admin, "/feedback"),
        (admin, f"/feedback/{made.id}"),
        (cadre, "/feedback/mine"),
        (cadre, f"/feedback/{made.id}"),
    ):
        with statements() as seen:
            person.open(path)
        assert len(seen) <= 10, path
