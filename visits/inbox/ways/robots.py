"""Sending a message to a group robot or a webhook: apprise writes what each expects, we post it."""

import json
import logging
from collections.abc import Callable
from contextvars import ContextVar
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from visits.core.i18n import N_
from visits.inbox.models import Channel
from visits.inbox.ways.parcels import Failed, Parcel
from visits.inbox.ways.posting import Answer, Poster

TRY_AGAIN_STATUS = frozenset({408, 429})
FIRST_OF_SERVER = 500
# What robots answer with status 200 when they refuse for good: an unknown robot, a wrong signature, a word
# or an address their rules do not let pass. All else may pass: they are busy, or called too often.
FINAL_CODES = {
    Channel.WECOM: frozenset({40008, 40058, 93000, 93008, 93017}),
    Channel.DINGTALK: frozenset({300001, 300005, 310000, 400013, 400101, 400102, 400105, 430101, 430102}),
    Channel.FEISHU: frozenset({9499, 19001, 19002, 19021, 19022, 19024}),
}
# Longest text in bytes, of which each robot takes the whole or nothing.
ROOM = {Channel.WECOM: 2000, Channel.DINGTALK: 15_000, Channel.FEISHU: 15_000, Channel.WEBHOOK: 100_000}
NOT_TAKEN = N_("The host does not take the message at present.")
REFUSED = N_("The host refuses the message: the address or its key is not, or no longer, right.")


class Robots:
    """Group robots and webhooks as ways of sending."""

    def __init__(self, poster: Poster) -> None:
        self.poster = poster

    def send(self, parcel: Parcel) -> None:
        """Post one message; Failed unless the other side has taken it."""
        exchange = Exchange(self.poster)
        _present.set(exchange)
        plugin_of(parcel).notify(title=parcel.subject, body=shortened(parcel), body_format="text")
        if exchange.failure:
            raise exchange.failure
        if exchange.answer is None:
            raise Failed(REFUSED, is_final=True)  # apprise could make nothing of it
        judge(parcel.channel, exchange.answer)


class Exchange:
    """One post and what came of it."""

    def __init__(self, poster: Poster) -> None:
        self.poster = poster
        self.answer: Answer | None = None
        self.failure: Failed | None = None

    def post(self, url: str, body: bytes, headers: dict[str, str], params: dict[str, str]) -> Answer:
        """Post once, and keep what came of it."""
        try:
            self.answer = self.poster.post(url, body, headers, params)
        except Failed as failure:
            self.failure = failure
            raise NotPosted() from failure
        return Answer(self.answer.status_code, b"{}")  # what a stranger said is judged by us alone


class NotPosted(Exception):
    """What apprise sees of a failed post."""


_present: ContextVar[Exchange] = ContextVar("present")


class Requests:
    """Stands in apprise's modules where they expect the library `requests`: all posts go by our rules."""

    RequestException = NotPosted
    codes = SimpleNamespace(ok=200)

    @staticmethod
    def post(
        url: str, *, data: str | bytes, headers: dict[str, str], params: Any = None, **_: Any
    ) -> Answer:
        """Post as `requests.post` does."""
        body = data.encode() if isinstance(data, str) else data
        return _present.get().post(url, body, headers, params or {})

    @classmethod
    def request(cls, _method: str, url: str, **kwargs: Any) -> Answer:
        """Post as `requests.request` does."""
        return cls.post(url, **kwargs)


def plugin_of(parcel: Parcel) -> Any:
    """The writer of apprise for one message; Failed where the address is none of its robot's."""
    module_name, class_name, arguments = PLUGINS[parcel.channel]
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it would log answers
    module: Any = import_module(f"apprise.plugins.{module_name}")  # late: half a second, and memory
    module.requests = Requests
    try:
        return getattr(module, class_name)(**arguments(parcel))
    except (TypeError, KeyError):  # what apprise raises of an address it does not understand is a TypeError
        raise Failed(REFUSED, is_final=True) from None


def _wecom(parcel: Parcel) -> dict[str, Any]:
    return {"key": _asked(parcel.address)["key"]}


def _dingtalk(parcel: Parcel) -> dict[str, Any]:
    address, _, secret = parcel.address.partition("#")
    return {"token": _asked(address)["access_token"], "secret": secret or None}


def _feishu(parcel: Parcel) -> dict[str, Any]:
    return {"token": urlsplit(parcel.address).path.rpartition("/")[2]}


def _webhook(parcel: Parcel) -> dict[str, Any]:
    parts = urlsplit(parcel.address)
    return {
        "secure": parts.scheme == "https",
        "host": parts.netloc.rpartition(":")[0] if parts.port else parts.netloc,
        "port": parts.port,
        "fullpath": (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        # an empty name leaves a field of apprise's out; the id lets the other side drop what comes twice
        "payload": {
            "attachments": "",
            "type": "",
            "id": parcel.message_id,
            "written_at": parcel.written_at.isoformat(),
        },
    }


def _asked(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


PLUGINS: dict[Channel, tuple[str, str, Callable[[Parcel], dict[str, Any]]]] = {
    Channel.WECOM: ("wecombot", "NotifyWeComBot", _wecom),
    Channel.DINGTALK: ("dingtalk", "NotifyDingTalk", _dingtalk),
    Channel.FEISHU: ("feishu", "NotifyFeishu", _feishu),
    Channel.WEBHOOK: ("custom_json", "NotifyJSON", _webhook),
}


def shortened(parcel: Parcel) -> str:
    """As much of the text as the other side takes in one message."""
    text, room = parcel.text.encode(), ROOM[parcel.channel] - len(parcel.subject.encode())
    return parcel.text if len(text) <= room else text[: room - 3].decode(errors="ignore") + "…"


def judge(channel: Channel, answer: Answer) -> None:
    """Raise Failed unless an answer says that the message was taken; of its text only a number is read."""
    status = answer.status_code
    if status in TRY_AGAIN_STATUS or status >= FIRST_OF_SERVER:
        raise Failed(NOT_TAKEN, status)
    if not 200 <= status < 300:
        raise Failed(REFUSED, status, is_final=True)
    if channel is not Channel.WEBHOOK and (code := _code_in(answer.content)):
        is_final = code in FINAL_CODES[channel]
        raise Failed(REFUSED if is_final else NOT_TAKEN, code, is_final=is_final)


def _code_in(content: bytes) -> int:
    try:
        said = json.loads(content)
        return int(said.get("errcode") or said.get("code") or 0)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return 0  # no sentence of a robot: the status alone counts
