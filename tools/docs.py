"""Write the pages of docs/ that are made from the code, or with --check say which are out of date."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from config import ROOT
from visits.core.permissions import GRID, ROLE_LABELS, Reach, Role
from visits.core.states import Machine, Move
from visits.inbox.models import ALWAYS
from visits.issues.notifications import TOLD
from visits.reports.filters import DIMENSIONS
from visits.reports.measures import TABLES
from visits.reports.shapes import Measure, Shape

MADE = "<!-- Made from the code by `make docs`. -->"
# page: the module that holds the table, and its name there
LIVES = {
    "issues": ("issues", "LIFE"),
    "supervision-orders": ("supervision", "ORDER_LIFE"),
    "meetings": ("meetings", "LIFE"),
    "handovers": ("handover", "HANDOVER_LIFE"),
    "handover-items": ("handover", "ITEM_LIFE"),
    "topics": ("supervision", "TOPIC_LIFE"),
}


def table(head: list[str], rows: list[list[str]]) -> Iterator[str]:
    """Yield a Markdown table."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def permissions_page() -> str:
    """Show the permission grid: one line per permission, one column per role."""
    head = ["permission", *(ROLE_LABELS[role] for role in Role)]
    rows = [
        [f"`{permission}`", *("" if reach is Reach.NONE else reach.value for reach in cells)]
        for permission, cells in GRID.items()
    ]
    words = (
        "How far a permission goes: `own` – rows the person answers for, `group` – of the person's groups, "
        "`unit` – of the person's unit, `all` – every row; an empty cell – none. "
        "Whoever holds several roles may do what any of them permits."
    )
    return "\n".join(["# Who may do what", MADE, "", words, "", *table(head, rows), ""])


def move_row(move: Move) -> list[str]:
    """Show one move of a state table."""
    guard = getattr(move.guard, "__name__", "") if move.guard else ""
    return [
        move.label,
        f"`{move.name}`",
        ", ".join(f"`{state}`" for state in sorted(move.origin)) or "(new)",
        f"`{move.target}`" if move.target else "(back)" if move.goes_back else "(stays)",
        "the system" if move.system else f"`{move.permission}`" if move.permission else "",
        f"`{guard}`" if guard else "",
        ", ".join(f"`{field}`" for field in move.asks_for),
    ]


def states_page(name: str, slice_name: str, life: Machine) -> str:
    """Show a state table as it stands."""
    head = ["move", "verb", "from", "to", "permission", "only if", "asks for"]
    rows = [move_row(move) for move in life.moves.values()]
    title = f"# States of {name}"
    source = f"The table is `visits/{slice_name}/states.py`."
    return "\n".join([title, MADE, "", source, "", *table(head, rows), ""])


def notices_page() -> str:
    """Show who is told of which move of a problem."""
    words = (
        "Nobody is told of what they did themselves, or twice of one move; a kind that its reader "
        "switched off tells "
        f"nobody, but for {', '.join(f'`{kind}`' for kind in sorted(ALWAYS))}. "
        "Whoever is away is told, and the deputy too. "
        "Of a confidential problem only the number leaves the house. "
        "The table is `visits/issues/notifications.py`."
    )
    rows = [
        [f"`{move}`", f"`{line.kind}`", (line.audience.__doc__ or "").rstrip("."), line.said]
        for move, lines in TOLD.items()
        for line in lines
    ]
    nobody = ", ".join(f"`{move}`" for move, lines in TOLD.items() if not lines)
    head = ["move", "kind", "who", "what is said"]
    parts = ["# Who is told of what happens to a problem", MADE, "", words, "", *table(head, rows)]
    return "\n".join([*parts, "", f"Of these moves nobody is told: {nobody}.", ""])


FIGURES_WORDS = """What pages, monthly reports, workbooks and `reports totals --format json` count, and how.
Chinese names and definitions stand beside each figure on the page 数据总览 (`/totals`).

```
{"period": {"from": DAY or null, "to": DAY, "as_of": DAY},
 "figures": {KEY: number or null},
 "of": {KEY: {"numerator": number, "denominator": number or null}},
 "by": {PART: {CODE: {KEY: number or null}}},
 "names": {PART: {CODE: name}},
 "sentence": text}
```

Days are written 2026-11-30 and belong to the site's calendar (Beijing time). `from` is null for the very
beginning; what was recorded after the end of `as_of` does not count. Rates are fractions from 0 to 1, null
where there is nothing to divide by. PART is one of PARTS; CODE is the code of a programme or category, the
id of another part, or "none". A part has the figures that can be divided that way. New keys may be added;
those here keep their meaning.
"""


def figure_row(measure: Measure) -> list[str]:
    """Show one figure."""
    kind = "fraction of two sets" if measure.shape is Shape.RATE else measure.shape.value
    return [f"`{measure.key}`", measure.label, measure.unit, kind, measure.definition]


def figures_page() -> str:
    """Show every figure: its key, its words, what it counts in, and how."""
    words = FIGURES_WORDS.replace("PARTS", ", ".join(f"`{name}`" for name in DIMENSIONS))
    head = ["key", "figure", "counted in", "kind", "how it is counted"]
    lines = ["# Figures", MADE, "", words]
    for heading, measures in TABLES:
        lines += [f"## {heading}", "", *table(head, [figure_row(measure) for measure in measures]), ""]
    return "\n".join(lines)


def pages() -> Iterator[tuple[Path, str]]:
    """Yield each page with what should stand in it."""
    yield ROOT / "docs" / "permissions.md", permissions_page()
    yield ROOT / "docs" / "notices.md", notices_page()
    yield ROOT / "docs" / "figures.md", figures_page()
    for name, (slice_name, table_name) in LIVES.items():
        life = getattr(import_module(f"visits.{slice_name}.states"), table_name)
        yield ROOT / "docs" / "states" / f"{name}.md", states_page(name, slice_name, life)


def main() -> int:
    """Write what differs, or name it."""
    stale = [
        (path, text)
        for path, text in pages()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    if "--check" in sys.argv[1:]:
        for path, _ in stale:
            print(f"{path.relative_to(ROOT)} is out of date: run `make docs`.", file=sys.stderr)
        return 1 if stale else 0
    for path, text in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"Written: {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
