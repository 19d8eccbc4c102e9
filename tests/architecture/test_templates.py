"""Pages are made of layouts and components, and hold nothing a browser's policy forbids."""

import ast
import re

from tests.support.source import modules, templates

MAILS = {name: text for name, text in templates().items() if name.startswith("email/")}
PAGES = {name: text for name, text in templates().items() if not name.startswith("_") and name not in MAILS}
WHOLE = {name: text for name, text in PAGES.items() if not name.split("/")[-1].startswith("_")}
FORBIDDEN = {
    "a style": re.compile(r"\sstyle\s*=|<style"),
    "a script in the page": re.compile(r"<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*[\"']|javascript:"),
    "text that is not escaped": re.compile(r"\|\s*safe\b|autoescape|Markup\("),
    "an address of another machine": re.compile(r"(src|href)\s*=\s*[\"'](https?:)?//"),
    "a fixed address": re.compile(r"(href|action)\s*=\s*[\"']/"),
}


def rendered():
    """The names of templates that views name."""
    names = set()
    for tree in modules("visits").values():
        strings = [
            n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)
        ]
        names |= {text for text in strings if text.endswith(".html")}
    return names


def referred():
    """The names of templates that templates name."""
    text = " ".join(templates().values())
    built = tuple(re.findall(r"[\"']([\w/]+/_)[\"'] ~", text))
    return set(re.findall(r"[\"']([\w/-]+\.html)[\"']", text)) | {n for n in PAGES if n.startswith(built)}


def test_nothing_forbidden_stands_in_a_template():
    found = [
        (name, what)
        for name, text in templates().items()
        for what, p in FORBIDDEN.items()
        if p.search(text) and not (name in MAILS and what == "a style")
    ]
    assert found == []


def test_mails_set_no_colours():
    """A mail has no stylesheet, and its colours are the reader's program's, dark or light."""
    assert MAILS
    assert [
        name for name, text in MAILS.items() if re.search(r"colou?r\s*:|#[0-9a-f]{3}|bgcolor", text)
    ] == []


def test_pages_extend_nothing_but_layouts():
    parents = {name: re.findall(r"{%-? extends (.+?) -?%}", text) for name, text in WHOLE.items()}
    assert [name for name, found in parents.items() if len(found) != 1] == []
    named = {part for found in parents.values() for part in re.findall(r"[\"']([^\"']+)[\"']", found[0])}
    assert {part for part in named if not part.startswith("_layouts/")} == set()


def test_every_page_says_its_heading():
    assert [name for name, text in WHOLE.items() if "{% block heading %}" not in text] == []


def test_only_layouts_write_the_frame():
    tags = re.compile(r"<(html|head|body|h1|main)\b")
    assert [name for name, text in PAGES.items() if tags.search(text)] == []


def test_every_template_is_used_and_exists():
    named = rendered() | referred()
    assert named - set(templates()) == set()
    assert set(PAGES) - named == set()


def test_text_goes_through_the_catalogues():
    chinese = re.compile(r"[\u4e00-\u9fff]")
    stray = {
        name
        for name, text in templates().items()
        if chinese.search(re.sub(r"{#.*?#}", "", text, flags=re.S))
    }
    assert stray <= {"_components/person_menu.html"}, "languages name themselves, all else is translated"
