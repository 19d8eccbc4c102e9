"""Posting to a webhook that can lead nowhere else: one address, no redirect, no proxy, a short answer."""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ssl import SSLContext
from typing import Any
from urllib.parse import urlencode, urlsplit

from visits.core.i18n import N_
from visits.core.outside import UNKNOWN_NAME, HookHost, NotReachable, host_of, resolve
from visits.inbox.ways.parcels import Failed, cut_off

CONNECT_SECONDS, READ_SECONDS, SECONDS_IN_ALL = 3, 5, 15
MOST_READ = 64 * 1024

NO_ANSWER = N_("The host does not answer.")
Resolve = Callable[[HookHost], tuple[str, int]]


@dataclass(frozen=True)
class Answer:
    """What a host said, as far as it was read."""

    status_code: int
    content: bytes


class Poster:
    """Posts to allowed hosts only."""

    def __init__(
        self, hosts: Sequence[HookHost], certificates: SSLContext, look_up: Resolve = resolve
    ) -> None:
        self.hosts, self.certificates, self.look_up = hosts, certificates, look_up

    def post(self, url: str, body: bytes, headers: dict[str, str], params: dict[str, str]) -> Answer:
        """Post once; Failed where the address is not allowed or nobody answers.

        The name is looked up once and the connection made to the very address that was judged.
        """
        try:
            host = host_of(url, self.hosts)
            address = self.look_up(host)
        except NotReachable as refusal:
            raise Failed(refusal.sentence, is_final=refusal.sentence != UNKNOWN_NAME) from None
        parts = urlsplit(url)
        query = "&".join(filter(None, (parts.query, urlencode(params))))
        path = (parts.path or "/") + (f"?{query}" if query else "")
        try:
            return self._spoken(host, address, path, body, headers)
        except (OSError, HTTPException):
            raise Failed(NO_ANSWER) from None

    def _spoken(
        self, host: HookHost, address: tuple[str, int], path: str, body: bytes, headers: dict[str, str]
    ) -> Answer:
        client = (HTTPSConnection if host.scheme == "https" else HTTPConnection)(host.host, host.port)
        line: Any = socket.create_connection(address, CONNECT_SECONDS)
        lines = [line]  # the client forgets its own while an answer is still being read
        with cut_off(SECONDS_IN_ALL, lambda: lines[-1]):
            try:
                line.settimeout(READ_SECONDS)
                if host.scheme == "https":
                    lines.append(self.certificates.wrap_socket(line, server_hostname=host.host))
                client.sock = lines[-1]
                client.request("POST", path, body, headers)
                answer = client.getresponse()
                return Answer(answer.status, answer.read(MOST_READ))
            finally:
                client.close()
                line.close()
