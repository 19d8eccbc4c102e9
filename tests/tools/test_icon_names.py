"""Which names count as icons in use."""

import pytest

from tools.icon_names import python_icons, template_icons

IMPORT = '{% from "_components/icon.html" import icon as draw %}'


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ('{% from "_components/icon.html" import icon %}{{ icon("plus") }}', {"plus"}),
        ('{% from "_components/icon.html" import icon %}{{ icon(name="plus") }}', {"plus"}),
        (IMPORT + '{{ draw("plus") }}{{ icon("minus") }}', {"plus"}),
        ('{{ button(label="Save", icon="check") }}', {"check"}),
        ('{% set entry = {"label": "Save", "icon": "check"} %}', {"check"}),
        ('{% macro tile(label, icon="home") %}{% endmacro %}', {"home"}),
        (IMPORT + '{{ draw("up" if tone == "good" else "down") }}', {"up", "down"}),
        (IMPORT + '{{ draw({"good": "check"}.get(tone, "x")) }}', {"check", "x"}),
        (IMPORT + '{{ draw({"good": "check"}[tone]) }}', {"check"}),
        (IMPORT + "{{ draw(item.icon) }}{{ tile(icon=icon) }}", set()),
    ],
)
def test_names_in_a_template(source, names):
    assert set(template_icons(source)) == names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ('Entry("Home", icon="home")', {"home"}),
        ('Entry("Home", icon="plus" if new else "edit")', {"plus", "edit"}),
        ('{"icon": "home", "label": "Start"}', {"home"}),
        ('MOVE_ICONS = {"assign": "send", "sign": "signature"}', {"send", "signature"}),
        ('Entry("Home", icon=chosen)', set()),
    ],
)
def test_names_in_a_module(source, names):
    assert set(python_icons(source)) == names
