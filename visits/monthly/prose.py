"""The texts a report begins with, written from its figures; always Chinese, whatever the reader reads."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext

from visits.core.catalogues import in_language
from visits.core.rounding import percent
from visits.issues.models import SOURCE_LABELS, IssueSource
from visits.monthly import ranking
from visits.monthly.content import Cell, Content, Row, Topic
from visits.monthly.rules import LEAST_CASES, Section, has_records
from visits.reports.rules import about

MOST_UNITS = 3
RATES = (
    *("solved_rate", "solved_rate_verified"),
    *("satisfaction_rate", "satisfaction_rate_strict", "rating_coverage"),
)
NUMERALS = "一二三四五六七八九"


Mark = Callable[..., str]  # of a number's words and the key of its figure; `of` a period, `part`, one part


def _unmarked(words: str, _key: str, **_asked: Any) -> str:
    return words


def texts_for(content: Content, mark: Mark = _unmarked) -> dict[Section, str]:
    """The generated text of each section; one about nothing is empty.

    Each number that a figure gives is written as `mark` says.
    """
    with in_language("zh"):
        return {section: "\n".join(write(content, mark)) for section, write in WRITERS.items()}


def _count(figures: Mapping[str, Cell], key: str) -> int:
    return int(figures[key].value or 0) if key in figures else 0


def _percent(cell: Cell | None) -> str:
    return "—" if cell is None or cell.value is None else percent(cell.value)


def _rate(mark: Mark, figures: Mapping[str, Cell], key: str, words: str, **asked: Any) -> str:
    """The words about a rate, which stands in them as %(rate)s; none where there is nothing to divide."""
    cell = figures.get(key)
    if cell is None or cell.value is None:
        return ""
    return words % {"rate": mark(percent(cell.value), key, **asked)}


def _values(mark: Mark, figures: Mapping[str, Cell], *keys: str, **asked: Any) -> dict[str, str]:
    """The numbers of a sentence."""
    return {key: mark(str(_count(figures, key)), key, **asked) for key in keys}


def _month(content: Content) -> int:
    return date.fromisoformat(content.from_on).month


def _compared(content: Content, key: str) -> str:
    """How a number stands to the month and to the year before, as far as there are records of them."""
    said = [
        _change(_count(content.figures, key), _count(figures, key), since)
        for figures, since in (
            (content.before, gettext("on the month before")),
            (content.year_before, gettext("on the year before")),
        )
        if has_records(figures)
    ]
    return gettext(", ").join(said)


def _change(now: int, before: int, since: str) -> str:
    if now == before:
        return gettext("as many %(since)s", since=since)
    if not before:
        return gettext("%(more)d more %(since)s", more=now, since=since)
    share = percent(abs(now - before) / before)
    if now > before:
        return gettext("up %(share)s %(since)s", share=share, since=since)
    return gettext("down %(share)s %(since)s", share=share, since=since)


def _basics(content: Content, mark: Mark) -> Iterator[str]:
    f, month = content.figures, _month(content)
    visits, problems = (_compared(content, key) for key in ("visit_count", "registered"))
    yield gettext(
        "In month %(month)d, %(visit_count)s visits were paid to %(enterprise_count)s enterprises with "
        "%(person_times)s attendances%(compared)s; %(contact_count)s contacts were made by phone or "
        "online%(coverage)s.",
        month=month,
        compared=gettext(" (visits %(compared)s)", compared=visits) if visits else "",
        coverage=_rate(mark, f, "coverage_rate", gettext("; coverage was %(rate)s")),
        **_values(mark, f, "visit_count", "enterprise_count", "person_times", "contact_count"),
    )
    yield gettext(
        "%(registered)s problems were validly registered%(compared)s, %(closed)s were closed, of them "
        "%(closed_on_spot)s on the spot.%(sources)s",
        compared=gettext(" (%(compared)s)", compared=problems) if problems else "",
        sources=_sources(content.sources),
        **_values(mark, f, "registered", "closed", "closed_on_spot"),
    )
    yield _to_date(content, month, mark)


def _sources(sources: Mapping[str, int]) -> str:
    if not sources:
        return ""
    named = [
        gettext("%(source)s %(count)d", source=gettext(SOURCE_LABELS[IssueSource(source)]), count=count)
        for source, count in sources.items()
    ]
    return gettext(" By source: %(named)s.", named=gettext(", ").join(named))


def _to_date(content: Content, month: int, mark: Mark) -> str:
    to_date, asked = content.to_date, {"of": "to_date"}
    numbers = _values(mark, to_date, "enterprise_count", "registered", "closed", **asked)
    numbers["rate"] = _rate(
        mark, to_date, "close_rate", gettext("; the closing rate was %(rate)s"), **asked
    )
    visits, solved = (mark(about(_count(to_date, key)), key, **asked) for key in ("visit_count", "solved"))
    if content.count_from and content.count_from <= content.to_on:
        since = date.fromisoformat(content.count_from)
        return gettext(
            "From %(year)d-%(first)d to the end of month %(month)d, %(visits)s visits were paid to "
            "%(enterprise_count)s enterprises, %(registered)s problems were registered and %(closed)s "
            "closed, %(solved)s of them solved%(rate)s.",
            year=since.year,
            first=since.month,
            month=month,
            visits=visits,
            solved=solved,
            **numbers,
        )
    return gettext(
        "By the end of month %(month)d, %(visits)s visits had been paid to %(enterprise_count)s "
        "enterprises, %(registered)s problems registered and %(closed)s closed, %(solved)s of them "
        "solved%(rate)s.",
        month=month,
        visits=visits,
        solved=solved,
        **numbers,
    )


def _handling(content: Content, mark: Mark) -> Iterator[str]:
    f = content.figures
    due = f["on_time_rate"]
    if due.denominator:
        yield gettext(
            "Of %(due)s assigned problems due in the month, %(kept)s were reported in time; the "
            "on-time rate was %(rate)s.",
            due=mark(str(due.denominator), "on_time_rate", part="denominator"),
            kept=mark(str(int(due.numerator or 0)), "on_time_rate"),
            rate=_percent(due),
        )
    if rates := [(key, percent(f[key].value)) for key in RATES if key in f and f[key].value is not None]:
        said = [
            gettext(
                "%(label)s %(rate)s", label=gettext(content.definitions[key].label), rate=mark(rate, key)
            )
            for key, rate in rates
        ]
        yield gettext("%(rates)s.", rates=gettext(", ").join(said))
    if good := _good_units(content, mark):
        yield gettext("Units that did well: %(units)s.", units=good)
    yield from _laggards(content, mark)


def _good_units(content: Content, mark: Mark) -> str:
    """The best units that kept at least nine limits of ten; without ranking none is named."""
    ranked = [row for row in ranking.ranked(content) if (row.figures["on_time_rate"].value or 0) >= 0.9]
    named = [
        gettext(
            "%(unit)s (on time %(rate)s)",
            unit=row.name,
            rate=mark(_percent(row.figures["on_time_rate"]), "on_time_rate", unit=row.id),
        )
        for row in ranked[:MOST_UNITS]
    ]
    return gettext(", ").join(named)


def _laggards(content: Content, mark: Mark) -> Iterator[str]:
    late: dict[str, int] = {}
    for case in content.overdue:
        late[case.unit] = late.get(case.unit, 0) + 1
    if late:
        yield gettext(
            "%(count)s problems were overdue at the end of the month: %(units)s.",
            count=mark(str(len(content.overdue)), "overdue_open"),
            units=_listed((unit, count, str(count)) for unit, count in late.items()),
        )
    if returned := _of_units(content, "return_rate", mark):
        yield gettext("Units that returned problems: %(units)s.", units=_listed(returned))
    if dissatisfied := _dissatisfied(content):
        yield gettext(
            "Units with ratings below “basically satisfied”: %(units)s.", units=_listed(dissatisfied)
        )


Counted = tuple[str, int, str]  # a unit, how many, and how that is written


def _of_units(content: Content, key: str, mark: Mark) -> list[Counted]:
    counts = [
        (row, int(row.figures[key].numerator or 0))
        for row in content.units
        if row.id and key in row.figures and row.figures[key].numerator
    ]
    return [(row.name, count, mark(str(count), key, unit=row.id)) for row, count in counts]


def _dissatisfied(content: Content) -> list[Counted]:
    """Units with bad ratings, of those with so many ratings that none can be told from the number."""

    def below(row: Row) -> int:
        cell = row.figures.get("satisfaction_rate")
        rated = int(cell.denominator or 0) if cell else 0
        return rated - int(cell.numerator or 0) if cell and rated >= LEAST_CASES else 0

    return [(row.name, below(row), str(below(row))) for row in content.units if row.id and below(row)]


def _listed(units: Iterable[Counted]) -> str:
    ordered = sorted(units, key=lambda unit: (-unit[1], unit[0]))
    return gettext(", ").join(gettext("%(unit)s %(count)s", unit=u, count=said) for u, _, said in ordered)


def _topics(content: Content, mark: Mark) -> Iterator[str]:
    ids = {row.name: row.id for row in content.categories}
    for nth, topic in enumerate(content.topics, start=1):
        line = gettext(
            "%(nth)d. %(category)s: %(count)s problems, %(share)s of all%(compared)s.",
            nth=nth,
            category=topic.category,
            count=mark(str(topic.count), "registered", category=ids.get(topic.category)),
            share=percent(topic.share),
            compared=_against_month_before(topic),
        )
        if topic.examples:
            said = gettext("; ").join(topic.examples)
            line += gettext(" Enterprises spoke of: %(examples)s.", examples=said)
        yield line


def _against_month_before(topic: Topic) -> str:
    if topic.count_before is None:
        return ""
    difference = topic.count - topic.count_before
    if not difference:
        return gettext(", as many as the month before")
    words = (
        gettext(", %(n)d more than the month before")
        if difference > 0
        else gettext(", %(n)d fewer than the month before")
    )
    return words % {"n": abs(difference)}


def _talks(content: Content, mark: Mark) -> Iterator[str]:
    if content.talks:
        yield gettext(
            "%(count)d coordination meetings were held on %(problems)d problems; of %(duties)d duties "
            "settled there, %(done)d are done.",
            count=len(content.talks),
            problems=sum(talk.problems for talk in content.talks),
            duties=sum(talk.duties for talk in content.talks),
            done=sum(talk.duties_done for talk in content.talks),
        )
    if content.suspended:
        yield gettext(
            "%(count)s problems were suspended at the end of the month; each has a day on which it is "
            "looked at again (annex 3).",
            count=mark(str(len(content.suspended)), "suspended"),
        )


def _next(content: Content, mark: Mark) -> Iterator[str]:
    for nth, demand in enumerate(_demands(content, mark)):
        yield gettext("Demand %(nth)s: %(demand)s", nth=NUMERALS[nth], demand=demand)


def _demands(content: Content, mark: Mark) -> Sequence[str]:
    f = content.figures
    demands = []
    if _count(f, "overdue_open"):
        demands.append(
            gettext(
                "settle the %(count)s overdue problems: the units named say by which day, and "
                "report what was done.",
                count=mark(str(_count(f, "overdue_open")), "overdue_open"),
            )
        )
    if _count(f, "suspended"):
        demands.append(
            gettext(
                "look at the %(count)s suspended problems again on their day, and take them up as "
                "soon as they can be solved.",
                count=mark(str(_count(f, "suspended")), "suspended"),
            )
        )
    coverage = f["coverage_rate"]
    if coverage.denominator and (coverage.value or 0) < 1:
        demands.append(
            gettext(
                "visit the %(count)d enterprises in scope that were not visited this month.",
                count=coverage.denominator - int(coverage.numerator or 0),
            )
        )
    rated = f["rating_coverage"]
    if rated.denominator and (rated.value or 0) < 1:
        demands.append(
            gettext(
                "ring up the enterprises of the %(count)d problems that have not been rated.",
                count=rated.denominator - int(rated.numerator or 0),
            )
        )
    demands.append(gettext("sign, contact and report within the limits, and be honest about results."))
    return demands


WRITERS = {
    Section.BASICS: _basics,
    Section.HANDLING: _handling,
    Section.TOPICS: _topics,
    Section.TALKS: _talks,
    Section.NEXT: _next,
}
