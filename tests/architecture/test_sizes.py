"""Nothing grows until nobody reads it."""

import pytest

from config import ROOT
from tests.support.source import functions, modules, templates

GENERATED = "migrations/versions/"
FUNCTION, FILE, TEMPLATE, CONFTEST = 40, 400, 200, 150


@pytest.mark.parametrize("path", [path for path in modules() if not path.startswith(GENERATED)])
def test_functions_and_files_stay_short(path):
    lines = len((ROOT / path).read_text().splitlines())
    assert lines <= (CONFTEST if path == "tests/conftest.py" else FILE)
    long = {f.name: f.end_lineno - f.lineno + 1 for f in functions(modules()[path])}
    assert {name: size for name, size in long.items() if size > FUNCTION} == {}


def test_templates_stay_short():
    sizes = {name: len(text.splitlines()) for name, text in templates().items()}
    assert {name: size for name, size in sizes.items() if size > TEMPLATE} == {}
