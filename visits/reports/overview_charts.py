"""The charts of the overview: what each draws, and the rows behind its points."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from visits.core.charts import Chart, Layout, Series
from visits.core.markup import number
from visits.core.periods import Span
from visits.reports.addresses import rows_url
from visits.reports.assemble import Figure
from visits.reports.overview import Age, Overview

MOST_BARS = 10


def trend(found: Overview) -> Chart:
    """New and closed problems of each month as columns, those open at its end as a line."""
    months, wanted = found.months, found.wanted

    def series(name: str, key: str, look: int) -> Series:
        links = [rows_url(wanted.narrowed(span=month.span), key) for month in months]
        return Series(name, [getattr(month, key) for month in months], links, look)

    return Chart(
        "trend",
        _("Problems by month: newly registered, closed, open at the end of the month"),
        [format_date(_first(month.span), "LLL") for month in months],
        [series(_("Newly registered"), "new", 1), series(_("Closed"), "closed", 2)],
        [series(_("Open at the end"), "open", 3)],
        unit=_("problems"),
        below=[_year(month.span, index) for index, month in enumerate(months)],
        names=[f"{_first(month.span):%Y-%m}" for month in months],
    )


def _first(span: Span) -> date:
    return span.from_on or span.to_on


def _year(span: Span, index: int) -> str:
    first = _first(span)
    return _("%(year)s", year=first.year) if index == 0 or first.month == 1 else ""


def ages(found: Overview) -> Chart:
    """Open problems by the working days since they were registered, those past their limit apart."""
    parts = found.ages

    def links(key: str) -> list[str]:
        return [rows_url(found.wanted, key, registered=age.registered) for age in parts]

    return Chart(
        "ages",
        _("Open problems by working days since registration"),
        [age_name(age) for age in parts],
        [
            Series(_("Open"), [age.open for age in parts], links("open"), 1),
            Series(_("of which overdue"), [age.overdue for age in parts], links("overdue_open"), 4),
        ],
        unit=_("problems"),
        names=[_("%(days)s working days", days=age_name(age)) for age in parts],
        layout=Layout.WITHIN,
    )


def age_name(age: Age) -> str:
    """The working days of an age."""
    if age.up_to is None:
        return _("over %(days)s", days=age.over)
    return f"{age.over + 1}–{age.up_to}" if age.over else _("up to %(days)s", days=age.up_to)


def categories(found: Overview, most: int = MOST_BARS, *, is_brief: bool = False) -> Chart:
    """The categories with most new problems, against the period before: in bars, or briefly in words."""
    now, before = found.totals.by["category"], found.before.by["category"] if found.before else {}
    keys = [key for key in sorted(now, key=lambda key: (-_new(now, key), key)) if key and _new(now, key)]
    keys = keys[:most]
    names = [found.totals.named["category"][key].name for key in keys]
    series = [
        Series(
            _("This period"),
            [_new(now, key) for key in keys],
            [rows_url(found.wanted, "new", category=key) for key in keys],
            1,
        )
    ]
    if found.before and not is_brief:
        earlier = found.before.wanted
        links = [rows_url(earlier, "new", category=key) for key in keys]
        series.append(Series(_("Period before"), [_new(before, key) for key in keys], links, 2))
    return Chart(
        "categories",
        _("Newly registered problems by category"),
        names,
        series,
        unit=_("problems"),
        notes=[
            _("%(now)s (%(before)s before)", now=number(_new(now, key)), before=number(_new(before, key)))
            if found.before
            else number(_new(now, key))
            for key in keys
        ],
    )


def _new(parts: Mapping[int, Mapping[str, Figure]], key: int) -> int:
    figures = parts.get(key)
    return int(figures["new"].value or 0) if figures else 0


def units(found: Overview, most: int = MOST_BARS) -> Chart:
    """What each unit has open, those past their limit apart, the most overdue first."""
    rows = [unit for unit in found.units if unit.figures["open"].value]
    rows.sort(
        key=lambda unit: (-_value(unit.figures["overdue_open"]), -_value(unit.figures["open"]), unit.id)
    )
    rows = rows[:most]
    overdue = [_value(unit.figures["overdue_open"]) for unit in rows]
    standing = [_value(unit.figures["open"]) for unit in rows]

    def links(key: str) -> list[str]:
        return [rows_url(found.wanted, key, unit=unit.id) for unit in rows]

    return Chart(
        "units",
        _("Open problems by unit in charge"),
        [unit.name for unit in rows],
        [
            Series(_("Open"), standing, links("open"), 1),
            Series(_("of which overdue"), overdue, links("overdue_open"), 4),
        ],
        unit=_("problems"),
        notes=[
            _("%(open)s, %(overdue)s overdue", open=number(all_), overdue=number(late))
            if late
            else number(all_)
            for all_, late in zip(standing, overdue, strict=True)
        ],
        layout=Layout.WITHIN,
    )


def outcomes(found: Overview) -> Chart:
    """With which outcomes problems were closed, in the period and in those it is held against."""
    held = [
        (_("This period"), found.totals),
        (_("Period before"), found.before),
        (_("A year before"), None if found.year_before is found.before else found.year_before),
    ]
    shown = [(name, totals) for name, totals in held if totals]
    return Chart(
        "outcomes",
        _("Closed problems by outcome"),
        [name for name, _totals in shown],
        [
            Series(
                name,
                [_value(totals.figures[key]) for _name, totals in shown],
                [rows_url(totals.wanted, key) for _name, totals in shown],
                look,
            )
            for key, name, look in (
                ("outcome_a", _("A solved"), 1),
                ("outcome_b", _("B planned"), 2),
                ("outcome_c", _("C explained"), 3),
                ("outcome_d", _("D answered"), 5),
            )
        ],
        unit=_("problems"),
        notes=[number(_value(totals.figures["closed"])) for _name, totals in shown],
        layout=Layout.STACKED,
    )


def groups(found: Overview) -> Chart:
    """The visits of each service group, and last those of none."""
    parts = found.totals.by["group"]
    keys = _in_order(parts, ("visit_count",))
    values = [_value(parts[key]["visit_count"]) for key in keys]
    return Chart(
        "groups",
        _("Visits by service group"),
        [found.totals.named["group"][key].name if key else _("None named") for key in keys],
        [
            Series(
                _("Visits to enterprises"),
                values,
                [rows_url(found.wanted, "visit_count", group=key) for key in keys],
                1,
            )
        ],
        unit=_("visits to enterprises"),
        notes=[number(value) for value in values],
    )


def parks(found: Overview, most: int = MOST_BARS) -> Chart:
    """The parks whose enterprises raised most problems, last those of none, and how many are open."""
    parts = found.totals.by["park"]
    keys = _in_order(parts, ("new", "open"), most)

    def series(name: str, figure: str, look: int) -> Series:
        links = [rows_url(found.wanted, figure, park=key) for key in keys]
        return Series(name, [_value(parts[key][figure]) for key in keys], links, look)

    return Chart(
        "parks",
        _("Problems by park: newly registered and open"),
        [str(key) if key else _("None named") for key in keys],
        [series(_("Newly registered"), "new", 1), series(_("Open"), "open", 2)],
        unit=_("problems"),
        notes=[
            f"{number(_value(parts[key]['new']))} / {number(_value(parts[key]['open']))}" for key in keys
        ],
    )


def _in_order(
    parts: Mapping[Any, Mapping[str, Figure]], figures: Sequence[str], most: int | None = None
) -> list[Any]:
    """The parts that have any of the figures, the greatest first; beside named ones also the rest."""
    told = [key for key in parts if any(_value(parts[key][name]) for name in figures)]
    named = [key for key in told if key]
    named.sort(key=lambda key: (*(-_value(parts[key][name]) for name in figures), key))
    return [*named[:most], *(key for key in told if named and not key)]


def _value(figure: Figure) -> int:
    return int(figure.value or 0)
