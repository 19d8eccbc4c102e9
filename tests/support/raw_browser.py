"""A signed-in browser of few lines, over connections of its own: for tests of many requests at once."""

import http.client
import re
from urllib.parse import urlencode, urlsplit

from tests.factories.accounts import PASSWORD

TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
HIDDEN = {
    name: re.compile(rf'name="{name}"[^>]*value="([^"]+)"'.encode())
    for name in ("revision", "submission_id")
}


class RawBrowser:
    """One person's browser, signed in when it is made."""

    def __init__(self, address, username):
        self.host, self.cookie = urlsplit(address).netloc, ""
        page = self.ask("GET", "/sign-in")[2]
        body = {"csrf_token": TOKEN.search(page)[1].decode(), "username": username, "password": PASSWORD}
        assert self.ask("POST", "/sign-in", body)[0] == 303
        self.token = TOKEN.search(self.ask("GET", "/password")[2])[1].decode()

    def ask(self, method, path, body=None):
        """One request on a new connection; return status, where it leads, and the page."""
        connection = http.client.HTTPConnection(self.host, timeout=30)
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, path, body and urlencode(body, doseq=True), headers)
            answer = connection.getresponse()
            page = answer.read()
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            self.cookie = cookie.partition(";")[0]
        return answer.status, answer.headers.get("Location"), page

    def open_form(self, path):
        """What a form sends besides what is typed: which revision it was made from, and its own id."""
        status, _, page = self.ask("GET", path)
        assert status == 200, page.decode()[:2000]
        return {name: found.search(page)[1].decode() for name, found in HIDDEN.items()}

    def submit(self, path, hidden, typed):
        """Send a form; return the status and the page."""
        status, _, page = self.ask("POST", path, hidden | typed | {"csrf_token": self.token})
        return status, page.decode()
