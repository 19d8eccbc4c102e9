"""How figures are rounded: halves away from nought (四舍五入), as people and spreadsheets do."""

from decimal import ROUND_HALF_UP, Decimal

TENTH = Decimal("0.1")
NOISE = 12  # digits behind the point that hold when fractions were subtracted or divided


def in_percent(fraction: float) -> Decimal:
    """A fraction in percent, to one decimal: 0.0015 is 0.2, where a float's own format would say 0.1."""
    exact = Decimal(repr(round(float(fraction), NOISE))) * 100
    return exact.quantize(TENTH, ROUND_HALF_UP) + 0  # no sign before a nought


def percent(fraction: float | None) -> str:
    """Show a fraction as a percentage with one decimal."""
    return "–" if fraction is None else f"{in_percent(fraction)}%"
