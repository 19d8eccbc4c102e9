"""A real browser: it is watched on every page, and what it finds wrong fails the test."""

import os
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from config import ROOT, env_str
from tools.browser import ABSENT, find_browser

DESK = {"width": 1366, "height": 768}
LAPTOP = {"width": 1280, "height": 720}  # the narrowest at which a list is to stand in its card
PATIENCE = 15_000  # milliseconds until what is awaited counts as missing, also where much else is done
PHONE = {"width": 390, "height": 844}
SCREENSHOTS = env_str("SCREENSHOTS", "")
FONTS = ROOT / "node_modules" / "@embedpdf" / "fonts-sc" / "fonts"
FONTCONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""
TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} forbids ${event.blockedURI} in ${event.sourceFile}`));
"""
# A page that does not come to rest is looked at after a second as it is; a movement may also be broken off.
SETTLED = """() => new Promise((settle) => {
  setTimeout(settle, 1000);
  requestAnimationFrame(() => requestAnimationFrame(() =>
    Promise.allSettled(document.getAnimations().map((change) => change.finished)).then(() => settle())));
})"""
VIOLATIONS = """async ([options, left_out]) => {
  const where = left_out ? {exclude: [[left_out]]} : document;
  const found = await axe.run(where, {resultTypes: ["violations"], ...options});
  return found.violations.flatMap((fault) =>
    fault.nodes.map((node) => `${fault.id}: ${node.html.slice(0, 200)}`));
}"""


@contextmanager
def launched():
    """Start the browser, or fail with the one command that brings it."""
    found = find_browser()
    if found is None:
        pytest.fail(ABSENT, pytrace=False)
    program, needed = found
    environment = {**os.environ, **needed, "FONTCONFIG_FILE": str(font_configuration())}
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, env=environment)
        yield browser
        browser.close()


def font_configuration():
    """Have the browser use the Chinese font of the npm lock, so that screenshots are alike everywhere."""
    cache = ROOT / ".cache" / "fontconfig"
    cache.mkdir(parents=True, exist_ok=True)
    file = cache / f"fonts-{os.getpid()}.conf"
    file.write_text(FONTCONFIG.format(fonts=FONTS, cache=cache), encoding="utf-8")
    return file


class Watch:
    """The windows a test opens on one server, and what went wrong in them."""

    def __init__(self, browser, address):
        self.browser, self.address = browser, address
        self.contexts, self.faults = [], []

    def open(self, size=DESK, language="zh-CN", dark=False, javascript=True):
        """Open a window of its own, as another person on another machine would.

        The language is chosen by the button, for what a browser prefers counts for nothing here.
        """
        context = self.browser.new_context(
            base_url=self.address,
            viewport=size,
            locale=language,
            timezone_id="Asia/Shanghai",
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
        )
        context.set_default_timeout(PATIENCE)
        context.add_init_script(TELL_VIOLATIONS)
        context.on("console", self.note_message)
        context.on("weberror", self.note_script)
        context.on("response", self.note_response)
        self.contexts.append(context)
        page = context.new_page()
        if language == "en":
            page.goto("/sign-in")
            page.get_by_role("button", name="English", exact=True).first.click()
        return page

    def note_message(self, message):
        """Keep what the console shows in red; failed loads are judged by their answers."""
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def note_script(self, error):
        """Keep what a script stumbled over and nobody caught, and where."""
        self.faults.append(f"script: {error.error} on {error.page.url if error.page else 'a closed page'}")

    def note_response(self, response):
        """Keep server errors, and whatever a page asks for and does not get."""
        part_of_page = response.request.resource_type not in ("document", "fetch", "xhr")
        if response.status >= 500 or (part_of_page and response.status >= 400):
            self.faults.append(f"answer: {response.status} for {response.url}")

    def close(self):
        """Close all windows and return what went wrong in them."""
        for context in self.contexts:
            context.close()
        return self.faults


def hold_back(page, scripts):
    """Keep these scripts from a page, as a slow line would; return the function that lets them go."""
    held, is_quick = [], False

    def answer(script):
        if is_quick:
            script.continue_()
        else:
            held.append(script)

    def let_go():
        nonlocal is_quick
        is_quick = True
        for script in held:
            script.continue_()

    page.route(scripts, answer)
    return let_go


def barriers(page, options=None, left_out=""):
    """Say, a line each, what on the page keeps people with a disability out.

    `options` are axe's, say which rules; `left_out` is a selector of what need not be looked at.
    """
    page.wait_for_load_state()
    page.evaluate(SETTLED)
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    return page.evaluate(VIOLATIONS, [options or {}, left_out])


def screenshot(page, name):
    """Save the whole page as a picture in the folder SCREENSHOTS; without it none is taken."""
    if SCREENSHOTS:
        page.wait_for_load_state()
        page.screenshot(path=ROOT / SCREENSHOTS / f"{name}.png", full_page=True, animations="disabled")


def fits(page):
    """Nothing on the page runs off its side, once the page is there: a click waits only until it begins."""
    page.wait_for_load_state()
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def look(page, name):
    """On a phone and at a desk nothing runs off the side and nobody is shut out; pictures, if asked for."""
    for size, width in ((PHONE, "phone"), (DESK, "desk")):
        page.set_viewport_size(size)
        page.wait_for_load_state()
        page.evaluate("scrollTo(0, 0)")
        screenshot(page, f"{name}-{width}")
        assert fits(page), f"{name} on a {width}"
    assert barriers(page) == []
