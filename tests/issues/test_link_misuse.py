"""Links that are old, guessed, wrong or sent often: no rating, no trace, one neutral answer."""

import secrets

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.issues import make_entry, make_issue, make_office
from tests.support.browser import apart, side_by_side
from tests.support.links import BAD, GOOD, NO_RESULT, OVER, UNKNOWN, linked, moves, ratings, sent
from visits.accounts import rules as account_rules
from visits.accounts.models import LinkPurpose
from visits.accounts.operations import make_password_link, sign_in, use_password_link
from visits.core.audit import AuditEntry
from visits.core.authz import SYSTEM
from visits.core.db import db as handle
from visits.core.errors import Refused
from visits.core.permissions import Role
from visits.issues import operations as do
from visits.issues.models import ProgressLink
from visits.issues.states import State


@pytest.fixture
def office(db, at):
    at("2026-11-23")
    return make_office()


@pytest.fixture
def visitor(client_for, office):
    return client_for(None)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"solved": "solved"},
        {"level": "satisfied"},
        {"solved": "yes", "level": "satisfied"},
        {"solved": "solved", "level": "best"},
        {"solved": "solved", "level": "satisfied", "comment": "长" * 1001},
        {"solved": "solved\x00", "level": "satisfied"},
        {"solved": "", "level": ""},
    ],
)
def test_a_rating_that_is_not_whole_consumes_nothing(office, visitor, data):
    issue = make_issue(office, State.EVALUATING)
    address = linked(office, issue)
    page = sent(visitor, address, data, 422)
    assert page.errors
    if "comment" in data:
        assert data["comment"] in page.response.text
    assert ratings(issue) == []
    sent(visitor, address, GOOD, 303)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/r/", 404),
        ("/r/%00", 404),
        ("/r/" + "a" * 10_000, 404),
        ("/r/..%2f..%2fetc", 404),
        ("/r/" + "a" * 31, 404),
        ("/r/' OR 1=1 --", 404),
        ("/r/链接链接", 404),
        (f"/r/{UNKNOWN}", 410),
    ],
)
def test_codes_that_lead_nowhere(office, visitor, method, path, status):
    page = visitor.open(path, method=method, data=GOOD if method == "POST" else None)
    assert page.status in ({status} if path != "/r/" else {404, 405})


def test_expired_without_opening_the_page_first(at, office, visitor, db):
    issue = make_issue(office, State.EVALUATING)
    address = linked(office, issue)
    at("2026-12-07T23:30:00+08:00")
    assert "2026-12-07" in visitor.get(address, status=200).main
    at("2026-12-08")
    assert OVER in sent(visitor, address, GOOD, 410).main
    assert ratings(issue) == []
    assert "打电话听取您的意见" in visitor.get(address, status=200).main


def test_a_link_dies_thirty_days_after_the_closing(at, office, visitor):
    issue = make_issue(office, State.CLOSED)
    address = linked(office, issue)
    at("2026-12-23")
    visitor.get(address, status=200)
    at("2026-12-24")
    assert OVER in visitor.get(address, status=410).main
    sent(visitor, address, GOOD, 410)


@pytest.mark.parametrize("state", NO_RESULT)
def test_only_a_result_is_rated(office, visitor, state):
    issue = make_issue(office, state)
    sent(visitor, linked(office, issue), GOOD, 410)
    assert ratings(issue) == []


def everything_stored():
    """Every row of every table, as text."""
    handle.session.rollback()
    tables = sa.inspect(handle.engine).get_table_names()
    read = [sorted(map(str, handle.session.execute(sa.text(f'SELECT * FROM "{t}"')))) for t in tables]
    return dict(zip(tables, read, strict=True))


def test_reading_ten_times_writes_nothing(office, visitor):
    issue = make_issue(office, State.EVALUATING)
    address = linked(office, issue)
    before = everything_stored()
    for _ in range(10):
        visitor.get(address, status=200)
    assert everything_stored() == before
    sent(visitor, address, GOOD, 303)


def test_codes_of_other_purposes_are_refused(office, visitor, db):
    issue = make_issue(office, State.EVALUATING)
    person, admin = make_person([Role.CADRE]), actor_for(make_person([Role.ADMIN]))
    code = do.make_link(office.coordinator, issue)
    for purpose in LinkPurpose:
        with pytest.raises(Refused):
            use_password_link(purpose, code, "another 梧桐 lantern 58")
        other = make_password_link(admin, person, purpose)
        db.session.commit()
        for tried in (other, other[:32]):
            assert visitor.open(f"/r/{tried}").status in {404, 410}
            assert visitor.open(f"/r/{tried}", method="POST", data=GOOD).status in {404, 410}
    hashes = db.session.scalars(sa.select(ProgressLink.code_hash)).all()
    assert hashes == [account_rules.link_hash("progress", code)]
    assert ratings(issue) == []


def test_another_site_cannot_send_the_form(office, app):
    issue = make_issue(office, State.EVALUATING)
    address = linked(office, issue)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        answer = apart(lambda h=headers: app.test_client().post(address, data=GOOD, headers=h))
        assert answer.status_code == 400
    assert ratings(issue) == []


def test_a_signed_in_person_s_forms_remember_nothing_of_it(client_for, office, db):
    issue = make_issue(office, State.EVALUATING)
    address = linked(office, issue)
    browser = client_for(office.people["coordinator"])
    data = {**GOOD, "submission_id": "5b0a8f5e-3b54-4d3c-9d3b-0b6f0f6f0001"}
    assert browser.open(address, method="POST", data=data).status == 303
    assert db.session.execute(sa.text("SELECT count(*) FROM submissions")).scalar() == 0


def test_a_thousand_guesses_are_stopped_before_sixty(office, visitor, app):
    address = linked(office, make_issue(office, State.EVALUATING))
    codes = [secrets.token_urlsafe(24) for _ in range(1000)]
    asked = app.test_client()

    def guess():
        return [asked.get(f"/r/{code}").status_code for code in codes]

    assert apart(guess) == [410] * 30 + [429] * 970
    page = visitor.get(f"/r/{UNKNOWN}", status=429)
    assert "15分钟" in page.main
    assert page.response.headers["Retry-After"] == "900"
    assert visitor.open(f"/r/{UNKNOWN}", method="POST", data=GOOD).status == 429
    sent(visitor, address, GOOD, 303)  # the enterprise behind the same address is not shut out


def test_guessing_shuts_out_nobody_else(at, office, visitor):
    issue = make_issue(office, State.EVALUATING)
    former, address = linked(office, issue), linked(office, issue)
    for number in range(31):
        visitor.open(f"/r/{number:032d}")
    visitor.get(f"/r/{UNKNOWN}", status=429)
    visitor.get(former, status=410)  # a link that was replaced is told so, from the same address too
    visitor.get(address, status=200)
    elsewhere = {"environ_overrides": {"REMOTE_ADDR": "203.0.113.9"}}
    assert visitor.open(f"/r/{UNKNOWN}", **elsewhere).status == 410
    with pytest.raises(Refused, match="account or the password"):  # not: too many attempts
        sign_in("somebody", "another 梧桐 lantern 58", "127.0.0.1")
    at("2026-11-23T12:15:01+08:00")
    visitor.get(f"/r/{UNKNOWN}", status=410)


def test_thirty_at_once_are_one_rating(office, app):
    issue = make_issue(office, State.EVALUATING)
    address = linked(office, issue)

    def send(_):
        return app.test_client().post(address, data=GOOD).status_code

    assert sorted(side_by_side(send, range(30))) == [303] + [410] * 29
    handle.session.expire_all()
    assert len(ratings(issue)) == 1
    assert moves(issue).count("record_evaluation") == 1


def test_the_code_is_written_down_nowhere(office, visitor, client_for, app, db, caplog):
    caplog.set_level("DEBUG")
    issue = make_issue(office, State.EVALUATING)
    page = client_for(office.people["coordinator"]).post(
        "issue_receipts.make", issue_id=issue.id, status=200
    )
    code = page.root.first("input", id="link")["value"].rpartition("/")[2]
    visitor.get(f"/r/{code}", status=200)
    sent(visitor, f"/r/{code}", {}, 422)
    sent(visitor, f"/r/{code}", GOOD, 303)
    app.logger.warning("refused %s", f"/r/{code}?lang=en")
    app.logger.warning(f"GET /r/{code} HTTP/1.1")
    assert "/r/***" in caplog.text
    assert code not in caplog.text
    written = str(everything_stored())
    assert account_rules.link_hash("progress", code) in written
    assert code not in written
    assert db.session.scalar(
        sa.select(sa.func.count(AuditEntry.id)).where(AuditEntry.action == "issue.link_made")
    )


def test_a_fault_is_logged_without_the_code(office, visitor, monkeypatch, caplog):
    address = linked(office, make_issue(office, State.EVALUATING))

    def break_down(_code):
        raise RuntimeError(f"broken at {address}")

    monkeypatch.setattr("visits.issues.progress.progress_of", break_down)
    assert visitor.open(address).status == 500
    assert "/r/***" in caplog.text
    assert address.removeprefix("/r/") not in caplog.text


def test_on_the_spot_is_rated_by_link_and_goes_to_the_office_when_bad(office, visitor, db):
    issue = do.close_on_spot(office.cadre, make_entry(), "现场协调打开通道")
    address = linked(office, issue)
    sent(visitor, address, BAD, 303)
    db.session.refresh(issue)
    assert (issue.state, issue.round) == (State.REGISTERED, 2)


def test_reopening_ends_the_right_to_change_one_s_mind(office, visitor, db):
    issue = make_issue(office, State.EVALUATING)
    address = linked(office, issue)
    sent(visitor, address, GOOD, 303)
    do.reopen(SYSTEM, issue, "抽查不属实")
    db.session.commit()
    for turn in ("1.1", "1.2", "2.1"):
        sent(visitor, address, BAD | {"turn": turn}, 410)
    assert len(ratings(issue)) == 1
