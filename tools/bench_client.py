"""The bench's browser: signs in, asks for pages, fills in forms, and takes the time."""

import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote, urlencode

HEADER = "X-Bench"
TIMEOUT = 900  # so that a size ten times the usual is measured too


@dataclass(frozen=True)
class Answer:
    """What came back, and what it took: milliseconds until here, statements, milliseconds of processor."""

    status: int
    body: bytes
    took: float
    statements: int = 0
    worked: float = 0.0


@dataclass
class _Control:
    kind: str
    values: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects the controls of the form with one action."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.inside = action, False
        self.in_template, self.sent_to = False, action
        self.controls: dict[str, _Control] = {}
        self.open: _Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            action = given.get("action", self.action).partition("?")[0]
            self.inside = action == self.action and given.get("method") == "post"
            self.sent_to = given.get("action", self.action) if self.inside else self.sent_to
        self.in_template = self.in_template or tag == "template"
        if not self.inside or self.in_template:
            return
        if tag in {"input", "select", "textarea"} and "name" in given:
            self._control(tag, given)
        elif tag == "option" and self.open:
            self.open.options.append(given.get("value", ""))
            if "selected" in given:
                self.open.values.append(given.get("value", ""))

    def _control(self, tag: str, given: dict[str, str]) -> None:
        kind = given.get("type", tag)
        control = self.controls.setdefault(given["name"], _Control(kind))
        if kind in {"checkbox", "radio"}:
            control.options.append(given.get("value", "on"))
            if "checked" in given:
                control.values.append(given.get("value", "on"))
        elif tag == "input" and kind not in {"submit", "file"}:
            control.values.append(given.get("value", ""))
        self.open = control if tag == "select" else None

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "template":
            self.in_template = False


class Form:
    """A form as its page gave it; what is not set is sent as it stands."""

    def __init__(self, visitor: "Visitor", action: str, controls: dict[str, _Control]) -> None:
        self.visitor, self.action, self.controls = visitor, action, controls

    def options(self, name: str) -> list[str]:
        """What may be chosen."""
        return self.controls[name].options if name in self.controls else []

    def send(self, values: Mapping[str, str | list[str]]) -> Answer:
        """Fill in and send; only the sending is timed."""
        filled: dict[str, Any] = {name: c.values for name, c in self.controls.items()} | dict(values)
        return self.visitor.ask("POST", self.action, urlencode(filled, doseq=True))


class Visitor:
    """One person's connection, kept open, with its cookies."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)

    def ask(self, method: str, address: str, body: str | None = None) -> Answer:
        """Send one request and take the time until the last byte is here."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        try:
            self.line.request(method, quote(address, safe="/?=&%+:-._"), body, headers)
            answer = self.line.getresponse()
        except (http.client.HTTPException, ConnectionError):  # the server had closed an idle connection
            self.line.close()
            began = time.perf_counter()
            self.line.request(method, quote(address, safe="/?=&%+:-._"), body, headers)
            answer = self.line.getresponse()
        content = answer.read()
        took = (time.perf_counter() - began) * 1000
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        statements, worked, _ = (answer.getheader(HEADER) or "0 0 0").split()
        return Answer(answer.status, content, took, int(statements), float(worked))

    def form(self, address: str, action: str) -> Form:
        """The form with an action on a page."""
        reader = _Reader(action)
        reader.feed(self.ask("GET", address).body.decode())
        return Form(self, reader.sent_to, reader.controls)

    def sign_in(self, person_id: int) -> None:
        """Become one of the invented people."""
        answer = self.form("/sign-in", "/sign-in/demo").send({"person_id": str(person_id)})
        if answer.status != 303:
            raise RuntimeError(f"signing in was answered by {answer.status}")
