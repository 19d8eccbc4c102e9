"""Names and first sentences: whole words, and every module says what it is for."""

import ast
import re

import pytest

from config import ROOT
from tests.support.source import classes, functions, modules
from visits.core.kept import PASSWORD_FIELDS

BANNED = frozenset(["util", "utils", "helper", "helpers", "common", "misc", "tmp", "manager", "obj"])
BANNED_FOR_FILES = BANNED | {"info", "data", "handler", "handlers", "services", "base"}
SPEAKING = ("core/", "operations", "queries", "rules", "states", "measures", "importing")
MARKS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
ELSEWHERE = re.compile(
    r"(?<![\w.:/])/(?:work|home|root|Users|mnt)/\w|\b[Ii]ssue #?\d+\b|\(#\d+\)|\b[Hh]elper [A-Z]\b"
)
OPENED = {
    "models",
    "operations",
    "queries",
    "forms",
    "moves",
}  # packages that hand out what their files hold
SHOWN = ("*.py", "*.md", "*.html", "*.js", "*.css", "*.toml", "*.ini", "*.yml", "Makefile")
SKIPPED = {
    ".venv",
    "node_modules",
    ".git",
    "instance",
    "vendor",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
}


def words(name):
    return set(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_"))


def test_files_are_named_for_what_they_hold():
    stems = {path: path.split("/")[-1].removesuffix(".py") for path in modules()}
    assert {path for path, stem in stems.items() if words(stem) & BANNED_FOR_FILES} == set()


@pytest.mark.parametrize("path", modules("visits"))
def test_functions_and_classes_have_whole_names(path):
    tree = modules("visits")[path]
    assert {n.name for n in functions(tree) + classes(tree) if words(n.name) & BANNED} == set()


@pytest.mark.parametrize("path", [p for p in modules() if not p.startswith("migrations/versions")])
def test_every_module_opens_with_one_sentence(path):
    said = ast.get_docstring(modules()[path])
    assert said, "no docstring"
    assert said.split("\n")[0].endswith((".", "…`.", "…."))


def is_speaking(path):
    return any(part in path.removeprefix("visits/") for part in SPEAKING)


@pytest.mark.parametrize("path", [p for p in modules("visits") if is_speaking(p)])
def test_public_functions_below_the_web_say_what_they_do(path):
    tree = modules("visits")[path]
    public = [f for f in tree.body if isinstance(f, ast.FunctionDef) and not f.name.startswith("_")]
    assert [f.name for f in public if not ast.get_docstring(f)] == []


def test_packages_hold_no_code():
    allowed = {"visits/cli/__init__.py"}
    code = {
        path
        for path, tree in modules("visits").items()
        if path.endswith("__init__.py") and len(tree.body) > 1 and path.split("/")[-2] not in OPENED
    }
    assert code <= allowed


def shown_files():
    for pattern in SHOWN:
        for file in ROOT.rglob(pattern):
            if not SKIPPED & set(file.relative_to(ROOT).parts) and file.name != "test_names.py":
                yield file


def test_the_project_speaks_of_itself_only():
    """No path of one machine, no number of somebody's list, no note for later."""
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for file in shown_files()
        for number, line in enumerate(file.read_text(errors="replace").splitlines(), 1)
        if ELSEWHERE.search(line) or MARKS.search(line)
    ]
    assert found == []


def test_every_field_for_a_password_is_known_as_one():
    """Error pages and kept forms leave these fields out, by their names."""
    named = {
        node.targets[0].id
        for path, tree in modules("visits").items()
        if path.endswith("forms.py")
        for form in classes(tree)
        for node in form.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        if getattr(node.value.func, "id", "") in {"secret", "PasswordField"}
    }
    assert named == PASSWORD_FIELDS
