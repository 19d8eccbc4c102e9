"""Group robots and webhooks: what is posted to each, and what its answers mean."""

import json

import pytest

from tests.factories.inbox import make_delivery, make_point
from tests.inbox.test_delivery import tried
from tests.support.hook_server import HookDouble
from visits.core.outside import ROBOT_HOSTS, host_of
from visits.inbox.models import Channel, DeliveryState
from visits.inbox.ways import posting, robots
from visits.inbox.ways.posting import Answer
from visits.inbox.ways.robots import Robots

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=" + "ab12" * 16
FEISHU = "https://open.feishu.cn/open-apis/bot/v2/hook/0c1a2b3c-aaaa-bbbb-cccc-123456789abc"


class Listening:
    """A poster that keeps what it is to post and answers as told."""

    def __init__(self, status=200, body=b"{}"):
        self.answer, self.posted = Answer(status, body), []

    def post(self, url, body, headers, params):
        """Keep it."""
        host_of(url, ROBOT_HOSTS)
        self.posted.append((url, json.loads(body), headers, params))
        return self.answer


def sent(channel, address, poster, **message):
    """One message, tried by a robot."""
    make_delivery(make_point(channel=channel, address=address), **message)
    return tried(channel, Robots(poster))


@pytest.mark.parametrize(
    ("channel", "address", "expected"),
    [
        (Channel.WECOM, WECOM, {"msgtype": "text", "text": {"content": "红旗\r\n请处理"}}),
        (Channel.FEISHU, FEISHU, {"msg_type": "text", "content": {"text": "红旗\r\n请处理"}}),
    ],
)
def test_each_robot_gets_what_it_expects(database, channel, address, expected):
    poster = Listening()
    assert sent(channel, address, poster, text="请处理").state is DeliveryState.SENT
    ((url, body, headers, params),) = poster.posted
    assert (url.removesuffix("/"), body, params) == (address, expected, {})
    assert headers["Content-Type"].startswith("application/json")


@pytest.mark.parametrize("secret", ["", "#SEC0123456789abcdef"])
def test_a_robot_of_dingtalk_signs_where_it_has_a_secret(database, secret):
    poster = Listening()
    assert sent(Channel.DINGTALK, DINGTALK + secret, poster, text="请处理").state is DeliveryState.SENT
    ((url, body, _headers, params),) = poster.posted
    assert url == DINGTALK
    assert body["text"] == {"content": "红旗\r\n请处理"}
    assert set(params) == ({"timestamp", "sign"} if secret else set())
    assert "SEC" not in json.dumps([url, body, params])


def test_a_webhook_gets_an_id_to_know_repeats_by(database):
    with HookDouble() as host:
        row = sent(Channel.WEBHOOK, host.address, host.poster(), text="请处理")
    assert row.state is DeliveryState.SENT
    ((path, headers, _),) = host.posted
    assert path == "/hook?key=abc"
    assert headers["Host"] == f"127.0.0.1:{host.port}"
    (body,) = host.read
    assert body.pop("written_at").startswith("20")
    assert body == {"version": "1.0", "title": "红旗", "message": "请处理", "id": row.message_id}


@pytest.mark.parametrize(
    ("channel", "status", "body", "state", "kept"),
    [
        (Channel.WEBHOOK, 404, b"SECRET", DeliveryState.DEAD, f"{robots.REFUSED} [404]"),
        (Channel.WEBHOOK, 401, b"", DeliveryState.DEAD, f"{robots.REFUSED} [401]"),
        (Channel.WEBHOOK, 408, b"", DeliveryState.WAITING, f"{robots.NOT_TAKEN} [408]"),
        (Channel.WEBHOOK, 429, b"", DeliveryState.WAITING, f"{robots.NOT_TAKEN} [429]"),
        (Channel.WEBHOOK, 503, b"", DeliveryState.WAITING, f"{robots.NOT_TAKEN} [503]"),
        (Channel.WEBHOOK, 302, b"", DeliveryState.DEAD, f"{robots.REFUSED} [302]"),
        (Channel.WECOM, 200, b'{"errcode":93000,"errmsg":"SECRET"}', DeliveryState.DEAD, "[93000]"),
        (Channel.WECOM, 200, b'{"errcode":45009}', DeliveryState.WAITING, "[45009]"),
        (Channel.WECOM, 200, b'{"errcode":0}', DeliveryState.SENT, ""),
        (Channel.DINGTALK, 200, b'{"errcode":310000}', DeliveryState.DEAD, "[310000]"),
        (Channel.DINGTALK, 200, b'{"errcode":-1}', DeliveryState.WAITING, "[-1]"),
        (Channel.FEISHU, 200, b'{"code":19021,"msg":"SECRET"}', DeliveryState.DEAD, "[19021]"),
        (Channel.FEISHU, 200, b'{"code":11232}', DeliveryState.WAITING, "[11232]"),
        (Channel.FEISHU, 200, b"[" * 50_000, DeliveryState.SENT, ""),
    ],
)
def test_what_answers_mean(database, channel, status, body, state, kept):
    addresses = {Channel.WECOM: WECOM, Channel.DINGTALK: DINGTALK, Channel.FEISHU: FEISHU}
    address = addresses.get(channel, "https://qyapi.weixin.qq.com/x")
    row = sent(channel, address, Listening(status, body))
    assert row.state is state
    assert row.last_error.endswith(kept)
    assert "SECRET" not in row.last_error


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        (Channel.WECOM, "https://qyapi.weixin.qq.com/"),
        (Channel.DINGTALK, "https://oapi.dingtalk.com/x?access_token=!"),
    ],
)
def test_an_address_that_is_none_is_given_up(database, channel, address):
    poster = Listening()
    assert sent(channel, address, poster).last_error == robots.REFUSED
    assert poster.posted == []


def test_a_long_text_is_cut_to_what_the_robot_takes(database):
    poster = Listening()
    sent(Channel.WECOM, WECOM, poster, text="长" * 5000)
    content = poster.posted[0][1]["text"]["content"]
    assert content.endswith("长…")
    assert 1900 < len(content.encode()) <= 2048


def test_a_host_that_hangs_or_drips_is_left(database, monkeypatch):
    monkeypatch.setattr(posting, "READ_SECONDS", 0.3)
    monkeypatch.setattr(posting, "SECONDS_IN_ALL", 0.6)
    for conduct in ("hang", "drip"):
        with HookDouble(conduct=conduct) as host:
            make_delivery(make_point(channel=Channel.WEBHOOK, address=host.address), event=conduct)
            row = tried(Channel.WEBHOOK, Robots(host.poster()))
        assert len(host.posted) == 1
        if conduct == "hang":
            assert (row.state, row.last_error) == (DeliveryState.WAITING, posting.NO_ANSWER)


def test_of_a_long_answer_the_beginning_is_read():
    with HookDouble(body=b"x" * 1_000_000) as host:
        answer = host.poster().post(host.address, b"{}", {}, {})
    assert len(answer.content) == posting.MOST_READ
