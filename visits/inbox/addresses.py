"""Where messages may go: what an address of each channel looks like."""

import re
from collections.abc import Sequence
from email.errors import HeaderParseError
from email.headerregistry import Address

from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.outside import HookHost, NotReachable, host_of
from visits.inbox.models import Channel

MOST_MAIL = 254
MAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
ROBOTS = {
    Channel.WECOM: re.compile(
        r"https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=[A-Za-z0-9_-]{8,100}"
    ),
    Channel.DINGTALK: re.compile(
        r"https://oapi\.dingtalk\.com/robot/send\?access_token=[A-Za-z0-9]{8,200}"
    ),
    Channel.FEISHU: re.compile(r"https://open\.feishu\.cn/open-apis/bot/v2/hook/[A-Za-z0-9_-]{8,100}"),
}
EXAMPLES = {
    Channel.MAIL: "wang@example.gov.cn",
    Channel.WECOM: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…",
    Channel.DINGTALK: "https://oapi.dingtalk.com/robot/send?access_token=…",
    Channel.FEISHU: "https://open.feishu.cn/open-apis/bot/v2/hook/…",
    Channel.WEBHOOK: "https://…",
}
SECRET = re.compile(r"[A-Za-z0-9]{8,100}")

NO_MAIL_ADDRESS = N_("This is no e-mail address. Write it like wang@example.gov.cn, in Latin letters.")
NO_ROBOT = N_("This is not the address of such a robot. Copy it whole; it looks like %(example)s")
NO_SECRET = N_("The signing secret consists of letters and digits, and begins with SEC.")


def checked(channel: Channel, address: str, secret: str, hosts: Sequence[HookHost]) -> str:
    """The address as it is kept, a signing secret behind its #; Refused where it is none of its channel."""
    if channel is Channel.MAIL:
        return _mail(address)
    if channel is Channel.WEBHOOK:
        try:
            host_of(address, hosts)
        except NotReachable as refusal:
            raise Refused(refusal.sentence, field="address") from None
    elif not ROBOTS[channel].fullmatch(address):
        raise Refused(NO_ROBOT, field="address", example=EXAMPLES[channel])
    if secret and not SECRET.fullmatch(secret):
        raise Refused(NO_SECRET, field="secret")
    return f"{address}#{secret}" if secret else address


def _mail(address: str) -> str:
    try:
        if not MAIL.fullmatch(address) or len(address) > MOST_MAIL:
            raise ValueError(address)
        return Address(addr_spec=address).addr_spec
    except (ValueError, IndexError, HeaderParseError):
        raise Refused(NO_MAIL_ADDRESS, field="address") from None
