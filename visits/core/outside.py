"""Machines outside that the program talks to: the mail server and the hosts of robots in the settings."""

import ipaddress
import re
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from visits.core.i18n import N_
from visits.core.machine import CannotStart

PORT_OF = {"starttls": 587, "tls": 465, "none": 25}
SAME_MACHINE = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
PORT_OF_SCHEME = {"https": 443, "http": 80}
ENTRY = re.compile(r"(?:(https?)://)?([a-z0-9.-]+|\[[0-9a-f:]+\])(?::([0-9]{1,5}))?")
PLAIN_URL = re.compile(r"[!-~]+")
WRAPPING = tuple(map(ipaddress.IPv6Network, ("::/96", "64:ff9b::/96", "64:ff9b:1::/48")))


class NotReachable(Exception):
    """An address the program must not or cannot talk to; the sentence says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


NO_ADDRESS = N_("This is no address of a webhook: it must begin with https:// and hold no blanks.")
NOT_NAMED = N_("Messages may not be sent to this host. Further hosts are named in the server's settings.")
INSIDE = N_("The host's name leads into an internal network, so nothing was sent.")
UNKNOWN_NAME = N_("The host's name is not known.")


@dataclass(frozen=True)
class MailServer:
    """The office's mail server and who the mails come from."""

    host: str
    port: int
    security: str
    sender: Address
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def is_overheard(self) -> bool:
        """Whether mails go through a network in the clear."""
        return self.security == "none" and self.host not in SAME_MACHINE


@dataclass(frozen=True)
class HookHost:
    """A host that webhooks may lead to; one `is_named` in the settings may lie inside the own network."""

    host: str
    port: int = 443
    scheme: str = "https"
    is_named: bool = False


ROBOT_HOSTS = (
    HookHost("qyapi.weixin.qq.com"),
    HookHost("oapi.dingtalk.com"),
    HookHost("open.feishu.cn"),
)


def mail_server(
    host: str, port: int, security: str, sign_in: tuple[str, str], sender: str
) -> MailServer | None:
    """The mail server of the settings; None where they name none, CannotStart when they are wrong."""
    if not host:
        return None
    if security not in PORT_OF:
        raise CannotStart(
            N_("VISITS_MAIL_SECURITY must be one of %(names)s, not “%(text)s”."),
            names=", ".join(PORT_OF),
            text=security[:40],
        )
    user, password = sign_in
    if bool(user) != bool(password):
        raise CannotStart(N_("VISITS_MAIL_USER and VISITS_MAIL_PASSWORD are set together or not at all."))
    if not (user + password).isascii() or not (user + password).isprintable():
        raise CannotStart(N_("VISITS_MAIL_USER and VISITS_MAIL_PASSWORD must consist of Latin characters."))
    server = MailServer(host, port or PORT_OF[security], security, _sender(sender), user, password)
    if user and server.is_overheard:
        raise CannotStart(
            N_(
                "VISITS_MAIL_SECURITY is none, so VISITS_MAIL_PASSWORD would go to %(host)s in the clear. "
                "Set it to starttls or tls."
            ),
            host=host,
        )
    return server


def _sender(text: str) -> Address:
    name, address = parseaddr(text)
    try:
        if "@" not in address or not (address.isascii() and text.isprintable()):
            raise ValueError(address)
        return Address(display_name=name, addr_spec=address)
    except (ValueError, IndexError, HeaderParseError) as error:
        raise CannotStart(
            N_("VISITS_MAIL_FROM must be an e-mail address, e.g. 企业服务办 <visits@example.gov.cn>.")
        ) from error


def hook_hosts(text: str) -> tuple[HookHost, ...]:
    """The hosts of the robots and those that the settings name, as host, host:port or http://host:port."""
    named = []
    for entry in filter(None, (part.strip().lower() for part in text.split(","))):
        match = ENTRY.fullmatch(entry)
        scheme, host, port = match.groups() if match else ("", "", "")
        number = int(port) if port else PORT_OF_SCHEME[scheme or "https"]
        if not match or not 0 < number < 1 << 16:
            raise CannotStart(
                N_(
                    "VISITS_HOOK_HOSTS must name hosts, separated by commas, not “%(text)s”: e.g. "
                    "hook.example.gov.cn"
                ),
                text=entry[:60],
            )
        named.append(HookHost(host, number, scheme or "https", is_named=True))
    return (*named, *ROBOT_HOSTS)


def certificates(file: str) -> ssl.SSLContext:
    """Whose word is taken for who a server is: the machine's authorities, and those in a file."""
    context = ssl.create_default_context()
    if file:
        try:
            context.load_verify_locations(Path(file))
        except (OSError, ssl.SSLError) as error:
            raise CannotStart(
                N_("VISITS_CA_FILE %(file)s is no readable file of certificates."), file=file
            ) from error
    return context


def host_of(url: str, hosts: Sequence[HookHost]) -> HookHost:
    """The allowed host that an address leads to; NotReachable for every other and for unusual spellings.

    What is allowed is compared letter by letter, so no other spelling of an address ever passes.
    """
    if not PLAIN_URL.fullmatch(url) or "\\" in url:
        raise NotReachable(NO_ADDRESS)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotReachable(NO_ADDRESS) from None
    if parts.scheme not in PORT_OF_SCHEME or not parts.netloc or parts.fragment or "#" in url:
        raise NotReachable(NO_ADDRESS)
    wanted = parts.netloc.lower(), port or PORT_OF_SCHEME[parts.scheme], parts.scheme
    for host in hosts:
        names = (host.host, f"{host.host}:{host.port}")
        if wanted[0] in names and wanted[1:] == (host.port, host.scheme):
            return host
    raise NotReachable(NOT_NAMED)


def resolve(host: HookHost) -> tuple[str, int]:
    """The address to connect to, asked for once; NotReachable when a public name leads inside."""
    try:
        found = socket.getaddrinfo(host.host.strip("[]"), host.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotReachable(UNKNOWN_NAME) from None
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses:
        raise NotReachable(UNKNOWN_NAME)
    if not host.is_named and not all(is_public(address) for address in addresses):
        raise NotReachable(INSIDE)
    return addresses[0], host.port


def is_public(text: str) -> bool:
    """Say whether an address lies in the internet proper; one that wraps another address does not."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        wraps = address.ipv4_mapped or address.sixtofour or address.teredo
        if wraps or any(address in network for network in WRAPPING):
            return False
    return address.is_global and not address.is_multicast
