"""What is typed is trimmed, checked, and a refusal stands beside its field."""

from datetime import date
from enum import StrEnum

import pytest

from visits.core import forms
from visits.core.errors import Refused


class Size(StrEnum):
    SMALL = "small"


class Sample(forms.BaseForm):
    class Meta(forms.BaseForm.Meta):
        csrf = False

    name = forms.text("Name", 5, required=True)
    note = forms.long_text("Note", 10)
    size = forms.choice("Size", coerce=forms.member(Size))
    from_on = forms.day("From", required=True)
    until_on = forms.day("Until")

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.size.choices = forms.choices({Size.SMALL: "Small"}, blank="–")


GOOD = {"name": "甲公司", "from_on": "2026-08-01", "size": "small"}


@pytest.fixture
def sent(app):
    def send(**fields):
        with app.test_request_context("/", method="POST", data=GOOD | fields):
            form = Sample()
            form.validate()
            return form

    return send


def test_text_is_trimmed_and_freed_of_control_characters(sent):
    form = sent(name="  甲\x00公司 ", note="一\r\n二\r三\x1b ")
    assert (form.name.data, form.note.data) == ("甲公司", "一\n二\n三")
    assert not form.errors


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, set()),
        ({"name": "   "}, {"name"}),
        ({"name": "甲公司甲公司"}, {"name"}),
        ({"note": "字" * 11}, {"note"}),
        ({"from_on": ""}, {"from_on"}),
        ({"from_on": "2026-02-30"}, {"from_on"}),
        ({"from_on": "昨天"}, {"from_on"}),
        ({"size": "huge"}, {"size"}),
        ({"size": ""}, set()),
        ({"revision": "x"}, {"revision"}),
    ],
)
def test_wrong_entries_are_told_at_their_field(sent, fields, wrong):
    assert set(sent(**fields).errors) == wrong


def test_values_come_in_their_types(sent):
    form = sent(until_on="2026-08-31", revision="3")
    assert (form.size.data, form.from_on.data, form.until_on.data) == (
        Size.SMALL,
        date(2026, 8, 1),
        date(2026, 8, 31),
    )
    assert form.revision.data == 3


def test_every_form_carries_its_own_id(app):
    with app.test_request_context("/"):
        first, second = Sample(), Sample()
        assert len(first.submission_id.data) == 36
        assert first.submission_id.data != second.submission_id.data


def test_a_refusal_stands_at_its_field_or_above(sent, app):
    form = sent()
    with app.test_request_context("/"):
        form.attach(Refused("The password needs at least %(least)d characters.", field="name", least=10))
        form.attach(Refused("Saved.", field="nowhere"))
    assert form.name.errors == ["密码至少需要10个字符。"]
    assert form.form_errors == ["已保存。"]


def test_an_end_before_the_start_is_refused(app):
    class Span(Sample):
        until_on = forms.DateField("Until", validators=[forms.NotBefore("from_on")])

    for until, wrong in (("2026-07-31", {"until_on"}), ("2026-08-01", set())):
        with app.test_request_context("/", method="POST", data=GOOD | {"until_on": until}):
            form = Span()
            form.validate()
            assert set(form.errors) == wrong


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("0", 0),
        ("", None),
        (None, None),
        ("x", None),
        ("-1", None),
        ("１２", None),
        ("9" * 12, None),
    ],
)
def test_ids_in_choices(text, value):
    assert forms.whole_number(text) == value
