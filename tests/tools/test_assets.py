"""The front-end files that are served."""

import pytest

from tools.assets import FILES, VENDOR, symbol, unknown_icons


def test_every_file_is_built():
    assert {path.name for path in VENDOR.iterdir()} == {*FILES, "icons.svg"}


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".css")])
def test_offices_with_an_old_browser_see_the_colours(name):
    css = (VENDOR / name).read_text(encoding="utf-8")
    assert "light-dark(" not in css
    assert "oklch(" not in css


@pytest.mark.parametrize(
    ("name", "style"), [("star", 'fill="none"'), ("star-filled", 'fill="currentColor"')]
)
def test_an_icon_becomes_a_symbol(name, style):
    drawn = symbol(name)
    assert drawn.startswith(f'<symbol id="{name}" viewBox="0 0 24 24" {style}')
    assert "M0 0h24v24H0z" not in drawn


def test_an_unknown_icon_is_named_with_its_place():
    (sentence,) = unknown_icons({"plus": {"a.html"}, "plsu": {"b.html"}})
    assert "plsu" in sentence
    assert "b.html" in sentence
