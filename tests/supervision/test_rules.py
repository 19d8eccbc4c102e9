"""The pure rules of supervision: numbers, colours, sizes of samples, draws that can be made again."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.core.workdays import Calendar
from visits.supervision import rules
from visits.supervision.rules import Colour, Drawable, Kind, Standing


@pytest.mark.parametrize(
    ("total", "size"),
    [(0, 0), (1, 1), (4, 4), (5, 5), (6, 5), (50, 5), (51, 6), (60, 6), (61, 7), (300, 30)],
)
def test_a_tenth_and_five_at_least(total, size):
    assert rules.sample_size(total) == size


def test_the_worst_problem_gives_the_colour():
    behind, bad = Standing(is_stalled=True), Standing(is_rated_badly=True)
    assert rules.colour_for([Standing()]) is Colour.BLUE
    assert rules.colour_for([Standing(returns=1)]) is Colour.BLUE
    assert {rules.colour_for([Standing(), one]) for one in (behind, bad, Standing(returns=2))} == {
        Colour.YELLOW
    }
    assert rules.colour_for([behind, Standing(is_overdue=True)]) is Colour.RED


def test_a_late_reply_says_so_in_words():
    late = rules.reply_light(date(2026, 11, 20), date(2026, 11, 24), Calendar())
    assert (late.text, late.params) == ("Reply %(days)d working days overdue", {"days": 2})
    assert rules.reply_light(date(2026, 11, 20), date(2026, 11, 21), Calendar()).text == "Reply overdue"
    assert rules.reply_light(date(2026, 11, 24), date(2026, 11, 24), Calendar()).text == "Due today"


def test_numbers_grow_beyond_three_digits():
    assert [rules.order_number(2026, n) for n in (1, 69, 1000)] == [
        "DB2026-001",
        "DB2026-069",
        "DB2026-1000",
    ]


populations = st.lists(
    st.builds(Drawable, st.just(Kind.ISSUE), st.integers(1, 10_000), st.sampled_from([1, 2])),
    unique_by=lambda one: one.key,
    max_size=120,
)


@given(populations, st.integers(0, 10**9), st.randoms())
def test_the_same_seed_draws_the_same_whatever_the_order(population, seed, chance):
    first = rules.drawn(population, seed)
    shuffled = list(population)
    chance.shuffle(shuffled)
    assert rules.drawn(shuffled, seed) == first
    assert len(set(first)) == len(first) == rules.sample_size(len(population))
    assert set(first) <= set(population)


def test_what_weighs_double_is_drawn_about_twice_as_often():
    population = [Drawable(Kind.ISSUE, key, 2 if key <= 100 else 1) for key in range(1, 201)]
    counts = Counter(one.weight for seed in range(300) for one in rules.drawn(population, seed))
    assert 1.7 < counts[2] / counts[1] < 2.2


KNOWN = [9, 53, 18, 13, 46, 20]


def test_a_known_draw_stays_what_it_was():
    """Numbers written down once, so that no later version draws otherwise for a seed that is kept."""
    population = [Drawable(Kind.VISIT, key) for key in range(1, 61)]
    assert [one.key for one in rules.drawn(population, 20261101)] == KNOWN
    assert rules.rate(3, 4) == 0.75
    assert rules.rate(0, 0) is None
