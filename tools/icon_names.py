"""Find the names of the icons that templates and Python tables use."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from jinja2 import Environment, nodes

ICON_COMPONENT = "_components/icon.html"
JINJA = Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"], autoescape=True)


def icons_in_use(root: Path) -> dict[str, set[str]]:
    """Map each icon name to the files that use it."""
    places: dict[str, set[str]] = defaultdict(set)
    for folder, suffix, names in (
        ("templates", "*.html", template_icons),
        ("visits", "*.py", python_icons),
    ):
        for path in sorted((root / folder).rglob(suffix)):
            for name in names(path.read_text(encoding="utf-8")):
                places[name].add(path.relative_to(root).as_posix())
    return dict(places)


def template_icons(source: str) -> Iterator[str]:
    """Yield the names in calls of the icon macro and in arguments, keys and defaults called icon."""
    tree = JINJA.parse(source)
    macros = set(macro_names(tree))
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in macros:
            yield from chain.from_iterable(map(template_values, call.args[:1]))
            yield from named_values(call, "name")
        yield from named_values(call, "icon")
    for pair in tree.find_all(nodes.Pair):
        if isinstance(pair.key, nodes.Const) and pair.key.value == "icon":
            yield from template_values(pair.value)
    for macro in tree.find_all(nodes.Macro):
        yield from default_values(macro)


def default_values(macro: nodes.Macro) -> Iterator[str]:
    """Yield the texts that a macro's argument called icon may have when it is not given."""
    for argument, default in zip(reversed(macro.args), reversed(macro.defaults), strict=False):
        if argument.name == "icon":
            yield from template_values(default)


def macro_names(tree: nodes.Template) -> Iterator[str]:
    """Yield the names under which a template imports the icon macro."""
    for imported in tree.find_all(nodes.FromImport):
        if isinstance(imported.template, nodes.Const) and imported.template.value == ICON_COMPONENT:
            for name in imported.names:
                yield name[1] if isinstance(name, tuple) else name


def named_values(call: nodes.Call, name: str) -> Iterator[str]:
    """Yield the texts that a call's keyword argument may have."""
    for argument in call.kwargs:
        if argument.key == name:
            yield from template_values(argument.value)


def template_values(node: nodes.Node) -> Iterator[str]:
    """Yield every text that a template expression may come out as."""
    if isinstance(node, nodes.Const):
        if isinstance(node.value, str):
            yield node.value
        return
    for part in value_parts(node):
        yield from template_values(part)


def value_parts(node: nodes.Node) -> list[nodes.Node]:
    """Return the parts of an expression that its value may come from, leaving out tests and keys."""
    match node:
        case nodes.CondExpr():
            return [part for part in (node.expr1, node.expr2) if part is not None]
        case nodes.And() | nodes.Or():
            return [node.left, node.right]
        case nodes.Dict():
            return [pair.value for pair in node.items]
        case nodes.Getitem():
            return [node.node]
        case nodes.Call(node=nodes.Getattr(node=table, attr="get")):
            return [table, *node.args[1:]]
    return []


def python_icons(source: str) -> Iterator[str]:
    """Yield the texts given to arguments and keys called icon, and those in tables called …ICON…."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.keyword(arg="icon", value=value):
                yield from python_values(value)
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "icon":
                        yield from python_values(value)
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if "ICON" in name:
                yield from python_values(value)


def python_values(node: ast.expr) -> Iterator[str]:
    """Yield every text that a Python expression may come out as."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=other):
            yield from python_values(body)
            yield from python_values(other)
        case ast.Dict(values=values):
            for value in values:
                yield from python_values(value)
