"""What leaves the house about a confidential problem: its number and the way to it, no word of its own."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.inbox import make_point
from tests.factories.issues import make_issue, make_office
from tests.factories.meetings import make_meeting
from tests.factories.outreach import make_visit, problem_at
from tests.factories.supervision import make_item, make_order, make_supervisor
from visits.core.clock import now, today
from visits.core.permissions import Role
from visits.digest import operations, queries
from visits.digest.mail import message_for
from visits.inbox.models import Channel, Delivery, DeliveryState, Notice
from visits.inbox.words import sentence_of
from visits.issues import operations as issues
from visits.issues.models import RedFlag
from visits.issues.states import State
from visits.outreach.entries import PromiseEntry
from visits.supervision.rules import Kind

FIRM, TITLE, SITE = "晨星纺织有限公司", "晨星纺织厂区停电", "https://visits.example.gov.cn"
FLAGGED = {"zh": "预警：%s（企业要求保密）", "en": "Red flags: %s (confidential)"}
WITHHELD = {
    "zh": "本消息涉及的内容已转为保密。",
    "en": "Something this message told of has become confidential since.",
}
SECRETS = ("晨星", "停电")


@pytest.fixture
def office(db, at, app, monkeypatch):
    at("2026-11-23")
    monkeypatch.setitem(app.config, "PUBLIC_BASE_URL", SITE)
    return make_office()


@pytest.fixture
def firm(office):
    return make_enterprise(name=FIRM)


def flagged(office, firm, **values):
    """A new problem over which a red flag was raised."""
    issue = make_issue(office, State.IN_PROGRESS, title=TITLE, enterprise=firm, **values)
    issues.raise_flag(office.coordinator, issue, RedFlag.STOPPING, "停产三天")
    return issue


def letters(db):
    return db.session.scalars(sa.select(Delivery).order_by(Delivery.id)).all()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_red_flag_says_the_number_and_the_way_to_it(office, firm, db, language):
    leader = office.people["leader"]
    leader.language = language
    make_point(person=leader)
    issue = flagged(office, firm, confidential=True)
    (letter,) = letters(db)
    for text in (letter.subject, letter.text, letter.html):
        assert issue.number in text
        assert not [word for word in SECRETS if word in text]
    assert letter.text.startswith(FLAGGED[language] % issue.number)
    assert letter.text.endswith(f" {SITE}/issues/{issue.id}")
    assert f'href="{SITE}/issues/{issue.id}"' in letter.html
    notice = db.session.scalar(sa.select(Notice).where(Notice.person_id == leader.id))
    assert TITLE in sentence_of(notice)  # in the house, for whoever may read the problem


def test_the_robot_of_a_group_hears_no_more_of_it(office, firm, db):
    make_point(unit=office.unit, channel=Channel.WECOM, address="https://qyapi.weixin.qq.com/x")
    make_person([Role.LEADER], office.unit)
    kept = flagged(office, firm, confidential=True)
    told = flagged(office, firm)
    first, second = letters(db)
    assert first.text.startswith(f"预警：{kept.number}（企业要求保密）")
    assert (told.number in second.text, TITLE in second.text, FIRM in second.text) == (True, True, False)


@pytest.mark.parametrize(
    ("state", "is_withheld"),
    [(DeliveryState.WAITING, True), (DeliveryState.DEAD, True), (DeliveryState.SENT, False)],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_becomes_confidential_goes_out_of_what_is_not_sent(
    office, firm, db, language, state, is_withheld
):
    leader = office.people["leader"]
    leader.language = language
    make_point(person=leader)
    issue = flagged(office, firm)
    flagged(office, firm)
    (morning,) = (waiting for waiting in queries.gather() if waiting.person_id == leader.id)
    assert operations.send_digest(morning, today())
    of_issue, of_other, digest = letters(db)
    assert all(TITLE in letter.text for letter in (of_issue, of_other, digest))
    for letter in letters(db):
        letter.state, letter.ended_at = state, None if state is DeliveryState.WAITING else now()
    issues.hide_enterprise(office.coordinator, issue, "企业要求保密")
    for letter in (of_issue, digest):
        assert (TITLE in letter.text, TITLE in letter.html) == (not is_withheld, not is_withheld)
        assert (WITHHELD[language] in letter.text, WITHHELD[language] in letter.html) == (is_withheld,) * 2
        assert letter.text.endswith(f" {SITE}/inbox") is is_withheld
    assert issue.number in of_issue.subject
    assert TITLE in of_other.text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_digest_tells_nothing_written_about_them(office, firm, db, language):
    author, _ = office.people["cadre"], make_supervisor()
    visit = make_visit(
        firm,
        author=author,
        summary="晨星停电已三天",
        problems=(problem_at(firm, title=TITLE, confidential=True),),
        promises=(
            PromiseEntry(firm.id, "为晨星协调供电", author.name, date(2026, 11, 24), None, author.id),
        ),
    )
    issue = make_issue(office, State.IN_PROGRESS, title=TITLE, enterprise=firm, confidential=True)
    make_meeting(office.coordinator, [issue], meets_on=today(), title="晨星停电对接会")
    make_order(office, issue, reason="晨星停电久拖未决")
    make_item(Kind.VISIT, visit.id)
    make_item(Kind.ISSUE, issue.id)
    db.session.commit()
    kept = set()
    for waiting in queries.gather():
        waiting.language = language
        content = queries.content_of(waiting)
        message = message_for(waiting, content, today())
        for text in (message.subject, message.text, message.html):
            assert not [word for word in SECRETS if word in text], waiting.name
        kept |= {section["key"] for section in content["sections"] if any(i[-1] for i in section["items"])}
        assert (issue.number in str(content)) == (issue.number in message.text)
    assert kept >= {"accept", "promises", "meetings", "to_reply", "unchecked"}
