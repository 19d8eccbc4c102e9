"""The project's own files, as text and as syntax trees."""

import ast
from collections.abc import Mapping
from functools import cache

from config import ROOT

FOLDERS = ("visits", "tests", "tools", "migrations")


class Trees(Mapping):
    """Files by their paths in the project, each read when it is asked for: all trees together are large."""

    def __init__(self, files):
        self.files = {str(file.relative_to(ROOT)): file for file in files}

    def __getitem__(self, path):
        return ast.parse(self.files[path].read_text())

    def __iter__(self):
        return iter(self.files)

    def __len__(self):
        return len(self.files)


@cache
def modules(*folders):
    """All our Python files below these folders, by default everywhere, as {path in the project: tree}."""
    found = [file for folder in folders or FOLDERS for file in sorted((ROOT / folder).rglob("*.py"))]
    if not folders:
        found += [ROOT / "config.py", ROOT / "wsgi.py"]
    return Trees(found)


@cache
def templates():
    """All page templates, as {name: text}."""
    folder = ROOT / "templates"
    return {str(file.relative_to(folder)): file.read_text() for file in sorted(folder.rglob("*.html"))}


def functions(tree):
    """All functions of a module, methods included."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def classes(tree):
    """All classes of a module."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
