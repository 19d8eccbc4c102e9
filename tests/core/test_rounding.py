"""How figures are rounded."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.core.rounding import in_percent, percent


@pytest.mark.parametrize(
    ("fraction", "said"),
    [
        (3 / 2000, "0.2%"),
        (5 / 2000, "0.3%"),
        (1 / 2000, "0.1%"),
        (0.0, "0.0%"),
        (1.0, "100.0%"),
        (2 / 3, "66.7%"),
        (1999 / 2000, "100.0%"),
        (None, "–"),
    ],
)
def test_a_percentage_is_rounded_as_people_do(fraction, said):
    assert percent(fraction) == said


@given(st.integers(0, 50_000), st.integers(1, 50_000))
def test_it_is_that_of_the_whole_numbers_it_was_made_of(part, whole):
    tenths = Fraction(part * 1000, whole)
    assert in_percent(part / whole) == Decimal(int(tenths + Fraction(1, 2))).scaleb(-1)


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_a_difference_is_not_moved_by_the_noise_of_floats(now, before):
    """Fractions of 2,000 end within the fifth digit, so that what is right can be said exactly."""
    exact = Decimal(now - before) / 20
    assert in_percent(now / 2000 - before / 2000) == exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


def test_a_nought_has_no_sign():
    assert f"{in_percent(-0.0001):+}" == "+0.0"
