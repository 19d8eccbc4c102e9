"""Addresses by which somebody would have the system talk to machines inside: none gets a connection."""

import socket

import pytest

from tests.support.hook_server import AUTHORITY, HookDouble
from visits.core import outside
from visits.core.machine import CannotStart
from visits.core.outside import (
    HookHost,
    NotReachable,
    certificates,
    hook_hosts,
    host_of,
    is_public,
    resolve,
)
from visits.inbox.ways import posting, robots
from visits.inbox.ways.parcels import Failed
from visits.inbox.ways.posting import Poster

HOSTS = hook_hosts("hook.example.org, http://10.1.2.3:8080")
HOST = "oapi.dingtalk.com"
FORGED = [
    "http://oapi.dingtalk.com/robot/send",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://127.0.0.1:443/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://0/",
    "https://0.0.0.0/",
    "https://localhost/",
    "https://LOCALHOST/",
    "https://[::]/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fd00::1]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.100.100.200/",
    "https://100.64.0.1/",
    "https://10.1.2.3/",
    "https://10.1.2.3:8080/",
    "http://10.1.2.3/",
    "http://10.1.2.3:8081/",
    "http://10.1.2.3:8080@127.0.0.1/",
    "https://192.168.1.1/",
    "https://172.16.0.1/",
    f"https://{HOST}:22/",
    f"https://{HOST}:5432/",
    f"https://{HOST}:80/",
    f"https://{HOST}:0443x/",
    f"https://{HOST}:99999/",
    f"https://{HOST}./robot/send",
    f"https://{HOST}.evil.example/",
    f"https://evil.example/{HOST}",
    f"https://evil.example?{HOST}",
    f"https://evil.example#{HOST}",
    f"https://evil.example#@{HOST}/",
    f"https://{HOST}#@evil.example/",
    f"https://{HOST}@evil.example/",
    f"https://user@{HOST}/",
    f"https://user:word@{HOST}/",
    f"https://@{HOST}/",
    f"https://{HOST}\\@evil.example/",
    f"https://evil.example\\{HOST}/",
    f"https://evil.example%2f{HOST}/",
    f"https://{HOST}%00.evil.example/",
    f"https://{HOST}%2eevil.example/",
    f"https://{HOST}\t/",
    f"https://{HOST}\n/",
    f"https://{HOST}/\r\nX-Forged: 1",
    f" https://{HOST}/",
    f"https://{HOST}/ HTTP/1.1",
    "https://oapi\u3002dingtalk\u3002com/",
    "https://oapi\uff0edingtalk\uff0ecom/",
    "https://\u043eapi.dingtalk.com/",
    f"https:{HOST}/",
    f"https:///{HOST}/",
    f"//{HOST}/",
    f"ftp://{HOST}/",
    f"gopher://{HOST}:70/_x",
    f"dict://{HOST}:11211/",
    "file:///etc/passwd",
    "unix:///run/docker.sock",
    "javascript:alert(1)",
    "https://",
    "https://[",
    "",
]


@pytest.mark.parametrize("url", FORGED)
def test_forged_addresses_get_no_connection(monkeypatch, url):
    asked = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *words, **_: asked.append(words))
    monkeypatch.setattr(socket, "create_connection", lambda *words, **_: asked.append(words))
    with pytest.raises(NotReachable):
        host_of(url, HOSTS)
    with pytest.raises(Failed) as failed:
        Poster(HOSTS, certificates("")).post(url, b"{}", {}, {})
    assert failed.value.is_final
    assert asked == []


@pytest.mark.parametrize(
    "url",
    [
        f"https://{HOST}/robot/send?access_token=1",
        f"https://{HOST}:443/robot/send",
        "https://OAPI.DingTalk.com/robot/send",
        "https://hook.example.org/a?b=c",
        "http://10.1.2.3:8080/a",
    ],
)
def test_addresses_that_are_named_pass(url):
    assert host_of(url, HOSTS)


INSIDE = [
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254"),
    *("100.64.0.1", "192.0.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fd00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
    *("64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1", "::127.0.0.1"),
]


@pytest.mark.parametrize("address", INSIDE)
def test_a_public_name_that_leads_inside_gets_no_connection(monkeypatch, address):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 443)) for a in ("203.0.114.1", address)]
    connected = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "create_connection", lambda *words, **_: connected.append(words))
    assert not is_public(address)
    with pytest.raises(Failed) as failed:
        Poster(HOSTS, certificates("")).post(f"https://{HOST}/", b"{}", {}, {})
    assert (failed.value.sentence, failed.value.is_final) == (outside.INSIDE, True)
    assert connected == []


def test_a_name_is_asked_for_once_and_that_very_address_connected_to(monkeypatch):
    answers = iter(["203.0.114.1", "127.0.0.1", "127.0.0.1"])
    asked, connected = [], []

    def look_up(name, port, **_):
        asked.append(name)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    def connect(address, _seconds):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Failed, match=posting.NO_ANSWER):
        Poster(HOSTS, certificates("")).post(f"https://{HOST}/", b"{}", {}, {})
    assert (asked, connected) == ([HOST], [("203.0.114.1", 443)])


def test_a_name_nobody_knows_may_be_known_later(monkeypatch):
    def look_up(*_, **__):
        raise socket.gaierror("SECRET")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(Failed) as failed:
        Poster(HOSTS, certificates("")).post(f"https://{HOST}/", b"{}", {}, {})
    assert (failed.value.sentence, failed.value.is_final) == (outside.UNKNOWN_NAME, False)


def test_a_host_named_in_the_settings_may_lie_inside():
    assert resolve(HookHost("127.0.0.1", 8080, "http", is_named=True)) == ("127.0.0.1", 8080)
    with pytest.raises(NotReachable):
        resolve(HookHost("127.0.0.1", 8080, "http"))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status):
    with HookDouble() as inside:
        with HookDouble(status, headers=[("Location", inside.address)]) as host:
            answer = host.poster().post(host.address, b"{}", {}, {})
        with pytest.raises(Failed) as failed:
            robots.judge(robots.Channel.WEBHOOK, answer)
    assert failed.value.is_final
    assert (len(host.posted), len(inside.posted)) == (1, 0)


def test_no_proxy_of_the_environment_is_asked(monkeypatch):
    with HookDouble() as proxy, HookDouble() as host:
        monkeypatch.setenv("http_proxy", proxy.address)
        monkeypatch.setenv("HTTP_PROXY", proxy.address)
        assert host.poster().post(host.address, b"{}", {}, {}).status_code == 200
    assert proxy.posted == []


def secure(host, name, ca_file):
    """A poster that reaches the double under a name, whatever the name servers say."""
    named = [HookHost(name, host.port, is_named=True)]
    return Poster(named, certificates(ca_file), lambda _host: ("127.0.0.1", host.port))


@pytest.mark.parametrize(
    ("name", "is_known", "arrives"),
    [
        ("hook.example.org", True, True),
        ("hook.example.org", False, False),
        ("other.example.org", True, False),
    ],
)
def test_a_host_proves_that_it_is_the_one_named(name, is_known, arrives, tmp_path):
    authority = tmp_path / "authority.pem"
    AUTHORITY.cert_pem.write_to_path(authority)
    with HookDouble(is_secure=True) as host:
        poster = secure(host, name, str(authority) if is_known else "")
        if arrives:
            assert poster.post(f"https://{name}:{host.port}/a", b"{}", {}, {}).status_code == 200
        else:
            with pytest.raises(Failed):
                poster.post(f"https://{name}:{host.port}/a", b"{}", {}, {})
    assert len(host.posted) == arrives
    if arrives:
        assert host.posted[0][1]["Host"] == f"{name}:{host.port}"


@pytest.mark.parametrize(
    "text", ["https://a/b", "a b", "user@host", "ftp://a", "host:99999", "http://", "*"]
)
def test_settings_name_hosts_and_nothing_else(text):
    with pytest.raises(CannotStart, match="VISITS_HOOK_HOSTS"):
        hook_hosts(text)


@pytest.mark.parametrize(
    ("security", "sign_in", "sender", "said"),
    [
        ("ssl", ("", ""), "a@example.org", "VISITS_MAIL_SECURITY"),
        ("tls", ("user", ""), "a@example.org", "VISITS_MAIL_USER"),
        ("tls", ("", ""), "", "VISITS_MAIL_FROM"),
        ("tls", ("", ""), "nobody", "VISITS_MAIL_FROM"),
        ("tls", ("", ""), "a@example.org\r\nBcc: b@example.org", "VISITS_MAIL_FROM"),
    ],
)
def test_settings_of_mail_are_looked_at_when_the_program_starts(security, sign_in, sender, said):
    assert outside.mail_server("", 0, security, sign_in, sender) is None
    with pytest.raises(CannotStart, match=said):
        outside.mail_server("mail.example.org", 0, security, sign_in, sender)


def test_ports_follow_the_way_of_securing():
    server = outside.mail_server("mail.example.org", 0, "tls", ("u", "PASSWORD"), "办公室 <a@example.org>")
    assert (server.port, server.sender.display_name, server.sender.domain) == (465, "办公室", "example.org")
    assert "PASSWORD" not in repr(server)
    with pytest.raises(CannotStart, match="VISITS_CA_FILE"):
        certificates("/nowhere.pem")
