"""A state changes in one place of its slice."""

import ast

from tests.support.source import functions, modules


def targets(node):
    """What a statement assigns to, each part of a tuple by itself."""
    if isinstance(node, ast.Assign):
        return [part for target in node.targets for part in getattr(target, "elts", [target])]
    return [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []


def writers(tree):
    """The functions that assign to `.state`."""
    found = set()
    for function in functions(tree):
        for node in ast.walk(function):
            if any(isinstance(t, ast.Attribute) and t.attr == "state" for t in targets(node)):
                found.add(function.name)
    return found


def test_one_function_of_a_slice_writes_its_states():
    found = {}
    for path, tree in modules("visits").items():
        for name in writers(tree):
            found.setdefault(path.split("/")[1], []).append((path, name))
    assert {slice_name: names for slice_name, names in found.items() if len(names) > 1} == {}
    assert "issues" in found
