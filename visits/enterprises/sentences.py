"""The sentences an office quotes from the board of tiers: exact numbers, their day and their year."""

from flask_babel import format_date, get_locale, gettext

from visits.core.i18n import N_
from visits.enterprises.models import MEASURE_LABELS
from visits.enterprises.standing import Amount, year_before
from visits.enterprises.tiers import Board, MeasureRow

# In the order in which offices say them; 专精特新 stands before the last.
QUOTED = {
    "above_scale": N_("%(count)s above-scale"),
    "hitech": N_("%(count)s high-tech"),
    "listed": N_("%(count)s listed"),
}
# Tags whose enterprises the figures on record name better: what is quoted is worked out from these.
COMPUTED = {"hundred_million_output"}
BEFORE_SOPHISTICATED = ("above_scale", "hitech")


def sentences(board: Board) -> list[str]:
    """What can be said of a day: the classes, each measure, what changed since a year before."""
    found = [_classes(board), *(_amounts(board, row) for row in board.measures.values() if row.filed)]
    return [*found, *_changes(board)]


def _classes(board: Board) -> str:
    said = gettext(
        "As of %(day)s, %(count)s enterprises are on the register of the zone",
        day=format_date(board.wanted.on, "long"),
        count=_number(board.registered),
    )
    if tags := _tags(board):
        said += gettext(", among them %(classes)s", classes=_listed(tags))
    if (row := board.chosen).filed:
        said += gettext("; %(fact)s", fact=_reached(board, row))
    return said + gettext(".")


def _tags(board: Board) -> list[str]:
    """The classes that everybody quotes, those that somebody is in."""
    held = {tag.code: tag.held for tag in board.tags}
    said = [gettext(words, count=_number(held[code])) for code, words in QUOTED.items() if held.get(code)]
    if board.sophisticated.count:
        said.insert(sum(bool(held.get(code)) for code in BEFORE_SOPHISTICATED), _sophisticated(board))
    return said


def _sophisticated(board: Board) -> str:
    said = gettext("%(count)s specialised and sophisticated", count=_number(board.sophisticated.count))
    if giants := board.little_giants.count:
        said += gettext(" (of them %(count)s national “little giants”)", count=_number(giants))
    return said


def _reached(board: Board, row: MeasureRow) -> str:
    measure = gettext(MEASURE_LABELS[row.measure])
    return gettext(
        "in %(year)d, %(count)s enterprises reached 100 million yuan in %(measure)s "
        "(of the %(filed)s whose %(measure)s is on record)",
        year=board.wanted.year,
        count=_number(row.reached[Amount.ONE]),
        measure=measure[:1].lower() + measure[1:],
        filed=_number(row.filed),
    )


def _amounts(board: Board, row: MeasureRow) -> str:
    return gettext(
        "%(fact)s; %(five)s of them reached 500 million, %(ten)s 1 billion, %(hundred)s 10 billion yuan.",
        fact=_begun(_reached(board, row)),
        five=_number(row.reached[Amount.FIVE]),
        ten=_number(row.reached[Amount.TEN]),
        hundred=_number(row.reached[Amount.HUNDRED]),
    )


def _changes(board: Board) -> list[str]:
    return [
        *_tags_changed(board),
        *(_reached_anew(board, row) for row in board.measures.values() if _moved(row)),
    ]


def _tags_changed(board: Board) -> list[str]:
    changed = [
        gettext(
            "%(tag)s: %(entered)s new, %(left)s gone",
            tag=tag.name,
            entered=_number(tag.entered),
            left=_number(tag.left),
        )
        for tag in board.tags
        if tag.code and tag.code not in COMPUTED and (tag.entered or tag.left)
    ]
    if not changed:
        return []
    day = format_date(year_before(board.wanted.on), "long")
    return [gettext("Against %(day)s: %(changes)s.", day=day, changes=gettext("; ").join(changed))]


def _moved(row: MeasureRow) -> bool:
    return bool(row.filed_before and (row.entered or row.left))


def _reached_anew(board: Board, row: MeasureRow) -> str:
    measure = gettext(MEASURE_LABELS[row.measure])
    return gettext(
        "Against %(before)d, %(entered)s enterprises newly reached 100 million yuan in %(measure)s "
        "in %(year)d, and %(left)s did no more.",
        before=board.wanted.year - 1,
        year=board.wanted.year,
        measure=measure[:1].lower() + measure[1:],
        entered=_number(row.entered),
        left=_number(row.left),
    )


def _begun(said: str) -> str:
    return said[:1].upper() + said[1:]


def _listed(parts: list[str]) -> str:
    return gettext(", ").join(parts)


def _number(count: int) -> str:
    """In Chinese without a separator, as documents write it; in English with commas."""
    return str(count) if str(get_locale()).startswith("zh") else f"{count:,}"
