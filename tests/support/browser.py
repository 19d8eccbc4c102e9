"""A person at the pages: opens addresses, fills in forms as a browser would, checks what is shown."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import Context, copy_context
from threading import Barrier
from urllib.parse import urljoin, urlsplit

from flask import has_app_context
from werkzeug.datastructures import MultiDict

from tests.support.checks import faults_of
from tests.support.html import parse
from visits.core.db import db

FLASK_CONTEXTS = frozenset({"flask.app_ctx", "flask.request_ctx"})


def _own_context():
    """What the caller's context holds, the stopped clock above all, without Flask's."""
    own = Context()
    for variable, value in copy_context().items():
        if variable.name not in FLASK_CONTEXTS:
            own.run(variable.set, value)
    return own


@contextmanager
def _kept():
    """Commit the test's own work before, read anew after; in a context without Flask's there is none."""
    is_open = has_app_context()
    if is_open:
        db.session.commit()
    try:
        yield
    finally:
        if is_open:
            db.session.expire_all()


def apart(action):
    """Run `action` as a request runs: after the test's own work was committed, in its own context.

    Flask 3.1 would reuse an open application context and its session: the test would not see what happens
    in a real request.
    """
    with _kept():
        return _own_context().run(action)


def side_by_side(action, *columns):
    """`map`, but all at the same moment in threads, each as a request runs; the answers in their order."""
    calls = list(zip(*columns, strict=True))
    contexts, start = [_own_context() for _ in calls], Barrier(len(calls))

    def run(context, call):
        start.wait(timeout=60)
        return context.run(action, *call)

    with _kept(), ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, contexts, calls))


class Page:
    """An answer: its status, where it leads, and for HTML what one reads on it."""

    def __init__(self, response, url):
        self.response, self.url = response, url
        self.status, self.location = response.status_code, response.headers.get("Location")
        is_file = "attachment" in response.headers.get("Content-Disposition", "")
        is_shown = response.status_code not in range(300, 400) and not is_file
        self.is_html = response.mimetype == "text/html" and is_shown
        self.root, self.faults = parse(response.text) if self.is_html else (None, [])

    @property
    def text(self):
        """All that one reads, of other types than HTML the raw text."""
        return self.root.first("body").text if self.is_html else self.response.text

    @property
    def main(self):
        """What one reads in the page itself, without the frame."""
        return self.root.first("main").text

    @property
    def heading(self):
        return self.root.first("h1").text

    @property
    def errors(self):
        """The sentences beside fields."""
        return [element.text for element in self.root.all(class_="field-error")]

    @property
    def summary(self):
        """The box that says above a form what is wrong; empty when nothing is."""
        box = self.root.first(class_="error-summary")
        return box.text if box else ""

    @property
    def rows(self):
        """The rows of all tables, each as the list of its cells, without the boxes to tick."""
        rows = [row for body in self.root.all("tbody") for row in body.all("tr")]
        return [[cell.text for cell in row.all("td", "th") if cell["class"] != "tick"] for row in rows]

    @property
    def links(self):
        """Where the page leads, as {text: address}."""
        return {link.text: link["href"] for link in self.root.all("a")}

    def posts_to(self, path):
        """The form that sends to this path, or None."""
        for form in self.root.all("form") if self.is_html else ():
            if form["method"] == "post" and urlsplit(urljoin(self.url, form["action"] or "")).path == path:
                return form
        return None


def entries_of(form):
    """What a browser would send of a form nobody has touched."""
    entries = MultiDict()
    for control in form.all("input", "select", "textarea"):
        name = control["name"]
        if not name or "disabled" in control or control["type"] in {"submit", "button", "file", "image"}:
            continue
        if control.tag == "textarea":
            entries.add(name, control.verbatim)
        elif control.tag == "select":
            options = control.all("option")
            chosen = [o for o in options if "selected" in o]
            chosen = chosen or ([] if "multiple" in control else options[:1])
            entries.setlist(name, [o.attrs.get("value", o.text) for o in chosen])
        elif control["type"] not in {"checkbox", "radio"} or "checked" in control:
            entries.add(name, control.attrs.get("value", "on"))
    return entries


class Browser:
    """One person's browser, signed in with a session's token, or nobody's."""

    def __init__(self, app, token=None):
        self.client = app.test_client()
        self.routes = app.url_map.bind("localhost")
        if token:
            with self.client.session_transaction() as session:
                session.update(_user_id=token, _fresh=True, _permanent=True)

    def url(self, endpoint, **values):
        """The address of an endpoint; an address stays what it is."""
        return endpoint if endpoint.startswith("/") else self.routes.build(endpoint, values)

    def open(self, url, method="GET", **kwargs):
        """Send one request and check the page that comes back."""
        page = Page(apart(lambda: self._sent(url, method, **kwargs)), url)
        if page.is_html:
            faults = faults_of(page, self.routes)
            assert not faults, f"{method} {url}: " + "; ".join(faults)
        return page

    def status(self, url, method="GET", **kwargs):
        """The status of an answer that nobody reads."""
        return apart(lambda: self._sent(url, method, **kwargs)).status_code

    def _sent(self, url, method, **kwargs):
        """One answer, read to its end; files behind it and behind what was sent are closed."""
        response = self.client.open(url, method=method, **kwargs)
        response.get_data()
        response.close()
        response.request.environ["wsgi.input"].close()
        return response

    def get(self, endpoint, *, status=200, **values):
        """Open a page; `status` None takes any answer."""
        return self._expect(self.open(self.url(endpoint, **values)), status)

    def post(self, endpoint, data=None, *, status=303, page=None, **values):
        """Fill in a form and send it.

        The form is looked for on `page`, else on the page of the same address; what `data` does not name is
        sent as the page shows it, a value None is left out. An address without a page gets the token only.
        """
        url = self.url(endpoint, **values)
        path = urlsplit(url).path
        page = page or self.open(
            url if self.routes.test(path, "GET") else self.url("accounts.change_password")
        )
        form = page.posts_to(path)
        entries = entries_of(form) if form else MultiDict({"csrf_token": self.token(page)})
        for name, value in (data or {}).items():
            entries.poplist(name)
            if value is not None:
                entries.setlist(name, value if isinstance(value, list) else [value])
        return self._expect(self.open(url, method="POST", data=entries), status)

    def token(self, page):
        """The form token a page carries."""
        found = page.root.first("input", name="csrf_token") if page.is_html else None
        return found["value"] if found else ""

    def follow(self, page, status=200):
        """Go where an answer leads."""
        return self._expect(
            self.open(urlsplit(page.location)._replace(scheme="", netloc="").geturl()), status
        )

    def _expect(self, page, status):
        if status is None:
            return page
        said = page.main if page.is_html and page.root.first("main") else page.location
        assert page.status == status, f"{page.url} answered {page.status}, not {status}: {said}"
        return page
