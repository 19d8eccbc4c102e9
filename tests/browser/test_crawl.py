"""The demo zone full of hostile text, clicked through by everybody: nothing breaks or shuts people out.

Everybody asks for pages in Chinese; the first to come upon a kind of page opens it in the browser and looks
at it closely, in English at its width. Contrast, which takes four fifths of axe's time, is looked at in the
first rows of a table. CRAWL_CLOSELY=1 looks at English as closely, and at the contrast of every row.
"""

import re
from collections import Counter
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest

from config import env_bool
from tests.support.chromium import LAPTOP, PHONE, Watch, barriers, fits
from tests.support.html import parse
from tests.support.live_server import LiveServer
from visits.core import clock
from visits.core.permissions import Role
from visits.reports.measures import MEASURES

MOST_OF_A_KIND, MOST_MORE = 2, 20
CLOSELY = env_bool("CRAWL_CLOSELY", default=False)
LATER_ROWS = "" if CLOSELY else "tbody tr:nth-child(n+6)"
CONTRAST = {"runOnly": ["color-contrast"]}
ALL_ELSE = {"rules": {"color-contrast": {"enabled": False}}}
WORD = re.compile(r"[a-z][a-z_-]*")
LANGUAGES = {"zh": "简体中文", "en": "English"}
STICKING_OUT = """() => [...document.querySelectorAll("main *")]
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
  .map((element) => `${element.tagName}.${element.className} ${element.textContent.trim().slice(0, 40)}`)
  .slice(0, 8)"""
HOSTILE_LIST = (
    "企业名称,统一社会信用代码,地址,备注\n"
    f'<b>{"长" * 60}</b>有限公司,,{"endless" * 20},\u202e""\'--\n'
    f"{'坏' * 40}公司,{'9' * 40},=1+1,{'🏭' * 30}\n"
).encode()
LEAVING = re.compile(r"/(sign-out|static/|language/)|\.(csv|xlsx|docx|ics)\b|/(download|thumbnail)")


@pytest.fixture(scope="session")
def zone(tmp_path_factory):
    """A served demo zone in which every text is one a page must stand."""
    with LiveServer.of_demo(tmp_path_factory.mktemp("hostile"), "--months", "2", "--hostile") as running:
        yield running


def too_wide(page, kind):
    """At what size the words of a page run off its side, if at any."""
    for size in (PHONE, LAPTOP):
        page.set_viewport_size(size)
        if not fits(page):
            yield f"{kind} {page.url} is wider than {size['width']}: {page.evaluate(STICKING_OUT)}"


def look(page, kind):
    """What is wrong with a page whatever it says: too wide for a laptop or a phone, or a barrier."""
    yield from too_wide(page, kind)
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        found = barriers(page, CONTRAST, left_out=LATER_ROWS)
        yield from (f"{kind} {page.url} ({theme}): {fault}" for fault in found)
    yield from (f"{kind} {page.url}: {fault}" for fault in barriers(page, ALL_ELSE))


def links_of(page):
    """Where the page leads within the site."""
    found = page.eval_on_selector_all(
        "a[href]", "links => links.map(link => link.href.baseVal ?? link.href)"
    )
    return own_links(page.url, found)


def own_links(address, found):
    """Of the links a page carries, written or full, those that stay within the site."""
    host = urlsplit(address).netloc
    links = {urljoin(address, link).split("#")[0] for link in found}
    return sorted(link for link in links if urlsplit(link).netloc == host and not LEAVING.search(link))


def open_at(page, address, status=200):
    answer = page.goto(address)
    assert answer.status == status, f"{address} answered {answer.status}"


def links_unseen(page, address):
    """Where a page leads that is asked for without being shown; what is wrong with it fails the test."""
    answer = page.request.get(address)
    assert answer.status == 200, f"{address} answered {answer.status}"
    root, faults = parse(answer.text())
    assert not faults, f"{address}: {faults}"
    return own_links(answer.url, [link["href"] for link in root.all("a") if link["href"]])


class Crawler:
    """Clicks through the zone in Chinese, once for each role; knows which kinds of pages were looked at."""

    def __init__(self, chromium, zone, addresses):
        self.chromium, self.zone, self.addresses = chromium, zone, addresses
        self.found, self.kinds = set(), {}

    def kind_of(self, address):
        """Which function draws a page, and the words in its address; of rows behind figures, their kind."""
        path = urlsplit(address).path or "/"
        if path not in self.kinds:
            endpoint, parts = self.addresses.match(path)
            if endpoint == "reports.rows":
                parts = {"fact": MEASURES[parts["key"]].sets[0].fact}
            self.kinds[path] = endpoint, *(word for word in parts.values() if WORD.fullmatch(str(word)))
        return self.kinds[path]

    def visit(self, language):
        """A window of somebody who has not signed in yet."""
        watch = Watch(self.chromium, self.zone.address)
        page = watch.open()
        page.on("dialog", lambda dialog: watch.faults.append(f"a script ran: {dialog.message}"))
        page.goto("/sign-in")
        button = page.get_by_role("button", name=LANGUAGES[language], exact=True)
        if button.count():
            button.first.click()
        return watch, page

    def sign_in(self, role, language):
        """A window of somebody of this role."""
        watch, page = self.visit(language)
        page.locator(f"[data-role='{role}']").first.click()
        return watch, page

    def of(self, role):
        """The kinds of pages a role can open, and the faults."""
        (watch, page), (second, english) = self.sign_in(role, "zh"), self.sign_in(role, "en")
        faults = []
        kinds = {self.kind_of(address) for address in self._through(page, english, faults)}
        return kinds, faults + watch.close() + second.close() + self.zone.faults()

    def _through(self, page, english, faults):
        """Open each kind of page within reach, then some more, few with the same names in the query."""
        waiting, seen, often, known = ["/"], set(), Counter(), set()
        while waiting and len(seen) < len(known) + MOST_MORE:
            address = waiting.pop(0)
            kind = self.kind_of(address)
            names = frozenset(parse_qs(urlsplit(address).query))
            if address in seen or often[kind, names] >= MOST_OF_A_KIND:
                continue
            seen.add(address)
            known.add(kind)
            often[kind, names] += 1
            waiting = [*dict.fromkeys([*waiting, *self._links_behind(page, english, address, faults)])]
            waiting.sort(key=lambda link: self.kind_of(link) in known)
            yield address

    def _links_behind(self, page, english, address, faults):
        """Where a page leads, which is looked at when nobody came upon its kind yet."""
        kind = self.kind_of(address)
        if kind in self.found:
            return links_unseen(page, address)
        self.found.add(kind)
        open_at(page, address)
        faults.extend(look(page, kind))
        open_at(english, address)
        faults.extend(look(english, kind) if CLOSELY else too_wide(english, kind))
        return links_of(page)


@pytest.fixture(scope="session")
def crawler(chromium, zone, installation):
    """The crawler, which remembers from test to test what it saw."""
    return Crawler(chromium, zone, installation[0].url_map.bind("localhost"))


@pytest.mark.parametrize("role", Role)
def test_everybody_can_open_everything(crawler, role):
    kinds, faults = crawler.of(role)
    assert not faults, "\n".join(faults)
    assert len(kinds) >= 5


def looked_at(page, *addresses, status=200):
    """What is wrong with the pages at these addresses."""
    for address in addresses:
        open_at(page, address, status)
        yield from look(page, address)


def import_steps(page):
    """What is wrong with the steps of an import: the columns, and what it would do."""
    page.goto("/enterprises/import")
    page.set_input_files(
        "[name='file']", {"name": "册.csv", "mimeType": "text/csv", "buffer": HOSTILE_LIST}
    )
    for step in ("columns", "import/[0-9]+$"):
        page.locator("main form .btn-primary").first.click()
        page.wait_for_url(re.compile(step))
        yield from look(page, step)


def sent_back(page, address):
    """What is wrong with a form that comes back with its errors."""
    page.goto(address)
    page.evaluate("document.querySelectorAll('main form').forEach((form) => { form.noValidate = true; })")
    page.locator("main form .btn-primary").first.click()
    page.locator(".field-error").first.wait_for()
    yield from look(page, f"{address} with errors")


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_that_no_link_leads_to_can_be_read_too(crawler, language):
    faults = []
    watch, page = crawler.visit(language)
    faults += [*looked_at(page, "/sign-in", "/password/reset", "/password/invite"), *watch.close()]
    watch, page = crawler.sign_in(Role.COORDINATOR, language)
    year = f"/calendar/{clock.today().year}"
    faults += [*looked_at(page, year, f"{year}/import"), *looked_at(page, "/nowhere", status=404)]
    faults += [*import_steps(page), *sent_back(page, "/enterprises/new"), *sent_back(page, "/visits/new")]
    faults += watch.close()
    assert not faults + crawler.zone.faults(), "\n".join(faults)
