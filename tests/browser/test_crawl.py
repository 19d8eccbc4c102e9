"""The demo zone full of hostile text, clicked through by everybody: nothing breaks or shuts people out."""

import re
from urllib.parse import urlsplit

import pytest

from tests.support.chromium import DESK, PHONE, Watch, barriers
from tests.support.live_server import LiveServer
from visits.core.permissions import Role

MOST_OF_A_KIND, MOST_OF_A_ROLE = 2, 120
WIDEST = (
    Role.COORDINATOR,
    Role.ADMIN,
    Role.HANDLER,
    Role.CALLBACK,
    Role.AUDITOR,
)  # between them, all pages
LANGUAGES = {"zh": "简体中文", "en": "English"}
SETTLED = """() => new Promise((settle) => requestAnimationFrame(() => requestAnimationFrame(() =>
  Promise.all(document.getAnimations().map((change) => change.finished)).then(() => settle()))))"""
STICKING_OUT = """() => [...document.querySelectorAll("main *")]
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
  .map((element) => `${element.tagName}.${element.className} ${element.textContent.trim().slice(0, 40)}`)
  .slice(0, 8)"""
LEAVING = re.compile(r"/(sign-out|static/|language/)|\.(csv|xlsx|docx|ics)\b|/(download|thumbnail)")


@pytest.fixture(scope="session")
def zone(tmp_path_factory):
    """A served demo zone in which every text is one a page must stand."""
    zone = LiveServer(tmp_path_factory.mktemp("hostile"))
    zone.environment |= {"VISITS_DEMO": "1", "VISITS_ENV": "development"}
    zone.flask("db", "upgrade")
    zone.flask("seed", "demo", "--months", "1", "--hostile")
    with zone as running:
        yield running


@pytest.fixture(scope="session")
def looked_at():
    """The kinds of pages axe has seen, by language."""
    return set()


@pytest.fixture
def watch(chromium, zone):
    watch = Watch(chromium, zone.address)
    yield watch
    faults = watch.close() + zone.faults()
    assert not faults, "\n".join(faults)


def kind_of(address):
    """An address without its numbers, and of its query only the names."""
    parts = urlsplit(address)
    names = sorted({pair.split("=")[0] for pair in parts.query.split("&")} - {""})
    path = re.sub(r"^/totals/[a-z_]+", "/totals/*", re.sub(r"\d+", "#", parts.path))
    return path, tuple(names)


def links_of(page):
    """Where the page leads within the site."""
    found = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    own = {link.split("#")[0] for link in found if link.startswith(page.url.split("/", 3)[0])}
    host = urlsplit(page.url).netloc
    return sorted(link for link in own if urlsplit(link).netloc == host and not LEAVING.search(link))


def crawl(page, look):
    """Open what can be reached, at most two pages of a kind; `look` at each."""
    waiting, seen, kinds = ["/"], set(), {}
    while waiting and len(seen) < MOST_OF_A_ROLE:
        address = waiting.pop(0)
        kind = kind_of(address)
        if address in seen or kinds.get(kind, 0) >= MOST_OF_A_KIND:
            continue
        seen.add(address)
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = page.goto(address)
        assert answer.status == 200, f"{address} answered {answer.status}"
        look(kind[0])
        waiting += links_of(page)
    return kinds


def sign_in(watch, role, language):
    page = watch.open()
    page.on("dialog", lambda dialog: watch.faults.append(f"a script ran: {dialog.message}"))
    page.goto("/sign-in")
    button = page.get_by_role("button", name=LANGUAGES[language], exact=True)
    if button.count():
        button.first.click()
    page.locator(f"[data-role='{role}']").first.click()
    return page


def fits(page):
    """Whether nothing sticks out sideways, at a desk and on a phone."""
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            yield f"{page.url} is wider than {size['width']} pixels: {page.evaluate(STICKING_OUT)}"


@pytest.mark.parametrize(
    ("role", "language"), [*((role, "zh") for role in Role), *((role, "en") for role in WIDEST)]
)
def test_everybody_can_open_everything(watch, looked_at, role, language):
    page = sign_in(watch, role, language)
    faults = []

    def look(kind):
        if (language, kind) in looked_at:
            return
        looked_at.add((language, kind))
        faults.extend(fits(page))
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.evaluate(SETTLED)
            faults.extend(f"{page.url} ({theme}): {fault}" for fault in barriers(page))
        page.emulate_media(color_scheme="light")

    kinds = crawl(page, look)
    assert not faults, "\n".join(faults)
    assert len(kinds) >= 5
