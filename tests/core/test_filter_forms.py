"""Filters of a list: what the address says is read, shown as chips, and never a fault."""

from datetime import date

import pytest
from wtforms import BooleanField, HiddenField

from visits.core.filter_forms import FilterForm, period, several, with_nothing
from visits.core.filters import Days, Picked
from visits.core.forms import day, options, text, whole_number


class Sample(FilterForm):
    q = text("Find", 60)
    unit = several("Unit", whole_number)
    due = period("Due on", nothing="No due date")
    due_from = day("Due from")
    due_to = day("Due until")
    late = BooleanField("Late")
    firm = HiddenField("Enterprise", filters=[whole_number])

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.unit.choices = with_nothing(options([(1, "甲局"), (2, "乙局")]), "没有单位")


@pytest.fixture
def asked(app, at):
    at("2026-11-23")

    def ask(query, read):
        with app.test_request_context(f"/?{query}"):
            return read(Sample())

    return ask


@pytest.mark.parametrize(
    ("query", "picked"),
    [
        ("", Picked()),
        ("unit=1&unit=2", Picked((1, 2))),
        ("unit=2&unit=2", Picked((2,))),
        ("unit=none", Picked((), True)),
        ("unit=none&unit=1", Picked((1,), True)),
        ("unit=x&unit=-1&unit=%00&unit=99999999999999", Picked()),
        ("unit=&unit=77", Picked((77,))),
    ],
)
def test_several_values_are_read(asked, query, picked):
    assert asked(query, lambda form: form.unit.picked) == picked


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("", Days()),
        ("due=this_week", Days(date(2026, 11, 23), date(2026, 11, 29))),
        ("due_from=2026-11-25", Days(date(2026, 11, 25))),
        ("due=this_week&due_from=2026-11-25", Days(date(2026, 11, 25), date(2026, 11, 29))),
        ("due=this_week&due_to=2026-11-24", Days(date(2026, 11, 23), date(2026, 11, 24))),
        ("due=none", Days(nothing=True)),
        ("due=someday&due_to=2026-02-30", Days()),
    ],
)
def test_days_are_read_from_a_period_and_two_days(asked, query, days):
    assert asked(query, lambda form: form.days("due")) == days


@pytest.mark.parametrize(
    ("query", "chips"),
    [
        ("page=3&sort=-name&columns=a&other=1", []),
        ("unit=1&unit=none&page=2", [("Unit", "甲局", "unit=none"), ("Unit", "没有单位", "unit=1")]),
        ("unit=77", [("Unit", "77", "view=all")]),
        ("due=none&sort=name", [("Due on", "No due date", "sort=name")]),
        ("late=y&q=+", [("Late", "", "q=+")]),
        ("firm=7", [("Enterprise", "7", "view=all")]),
    ],
)
def test_what_is_in_force_is_shown_and_taken_away_one_by_one(asked, query, chips):
    found = asked(query, lambda form: [(c.label, c.words, c.query) for c in form.chips])
    assert found == chips
    assert not asked(query, lambda form: any(c.is_odd for c in form.chips))


@pytest.mark.parametrize("query", ["unit=x", "due=someday", "due_from=2026-02-30", "firm=x", "late=false"])
def test_what_means_nothing_is_shown_as_left_out(asked, query):
    chips = asked(query, lambda form: form.chips)
    assert [chip.is_odd for chip in chips] == [True]
    assert asked(query, lambda form: (form.said, bool(form.unit.picked), bool(form.days("due")))) == (
        [],
        False,
        False,
    )


def test_a_search_keeps_the_order_and_the_columns_but_no_page(asked):
    query = "sort=-name&columns=a,b&page=4&unit=1"
    assert asked(query, lambda form: form.kept) == [("sort", "-name"), ("columns", "a,b")]
    assert asked(query, lambda form: form.cleared) == "sort=-name&columns=a%2Cb"
    assert asked("view=7&unit=1", lambda form: form.cleared) == "view=7"
    assert asked("unit=1", lambda form: form.cleared) == "view=all"


def test_an_address_of_thousands_of_values_is_answered(asked):
    query = "&".join(f"unit={n}" for n in range(900))
    assert len(asked(query, lambda form: form.chips)) == 30
    assert len(asked(query, lambda form: form.unit.picked.values)) == 900
