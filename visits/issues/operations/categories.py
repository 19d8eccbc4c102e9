"""Changes to the categories of problems."""

from dataclasses import dataclass
from secrets import token_hex

from visits.accounts.queries import get_unit
from visits.core import audit
from visits.core.authz import Actor, require
from visits.core.clock import today
from visits.core.db import db, lock_name
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.issues import categories, queries
from visits.issues.categories import OTHER
from visits.issues.models import Category
from visits.issues.rules import Complexity

MOST, MOST_FINER = 12, 60
STEP = 10
STARTERS = (
    ("talent", "用工人才", Complexity.ORDINARY),
    ("finance", "融资金融", Complexity.COMPLEX),
    ("land", "用地厂房", Complexity.COMPLEX),
    ("energy", "用能（水电气热）", Complexity.ORDINARY),
    ("approval", "项目审批建设", Complexity.COMPLEX),
    ("market", "市场订单", Complexity.ORDINARY),
    ("technology", "科技创新与知识产权", Complexity.ORDINARY),
    ("policy", "惠企政策兑现", Complexity.ORDINARY),
    ("environment", "环保安全", Complexity.COMPLEX),
    ("logistics", "物流交通与园区配套", Complexity.ORDINARY),
    ("enforcement", "执法监管与历史遗留", Complexity.COMPLEX),
    ("livelihood", "子女教育、住房等生活保障", Complexity.ORDINARY),
    (OTHER, "其他", Complexity.ORDINARY),
)


@dataclass(frozen=True)
class CategoryEntry:
    """What is entered about a category: a finer one has a parent; without a position it goes last."""

    name: str
    unit_id: int | None = None
    complexity: Complexity = Complexity.ORDINARY
    position: int | None = None
    is_closed: bool = False
    parent_id: int | None = None
    hint: str = ""


def create_starter_categories(actor: Actor) -> None:
    """Create the categories an office begins with, those that are missing."""
    taken = categories.category_codes()
    for position, (code, name, complexity) in enumerate(STARTERS, 1):
        if code not in taken:
            db.session.add(Category(code=code, name=name, complexity=complexity, position=position * STEP))
    audit.record(actor, "categories.started", codes=[code for code, _, _ in STARTERS if code not in taken])


def create_category(actor: Actor, entry: CategoryEntry) -> Category:
    """Create a category; an office has at most twelve in use besides 其他, and sixty finer ones."""
    require(actor, Permission.ISSUES_ACCEPT)
    _require_free_name(entry.name)
    _require_place(None, entry)
    category = Category(code=token_hex(6), name=entry.name)
    _fill(category, entry)
    db.session.add(category)
    db.session.flush()
    audit.record(actor, "category.created", category, **_reading(category))
    return category


def update_category(actor: Actor, category: Category, entry: CategoryEntry, revision: int | None) -> None:
    """Change a category; a closed one stays with the problems that have it."""
    require(actor, Permission.ISSUES_ACCEPT)
    category.require_revision(revision)
    if entry.name != category.name:
        _require_free_name(entry.name)
    _require_place(category, entry)
    if entry.is_closed:
        _require_closable(category)
    before = _reading(category)
    _fill(category, entry)
    audit.record(actor, "category.updated", category, **audit.difference(before, _reading(category)))


def move_category(actor: Actor, category: Category, *, up: bool) -> None:
    """Let a category change places with its neighbour above or below; at the end nothing happens."""
    require(actor, Permission.ISSUES_ACCEPT)
    lock_name("categories")
    rows = categories.siblings(category)
    here = rows.index(category)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rows):
        return
    rows[here], rows[there] = rows[there], rows[here]
    for place, row in enumerate(rows, 1):
        row.position = place * STEP
    audit.record(actor, "category.moved", category, place=there + 1)


def _require_place(category: Category | None, entry: CategoryEntry) -> None:
    """Refuse a parent that cannot be one, and more categories of a level than anybody can survey."""
    lock_name("categories")
    if entry.parent_id is not None:
        _require_parent(category, entry)
    is_finer = entry.parent_id is not None
    if entry.is_closed or (category is not None and category.code == OTHER):
        return
    most = MOST_FINER if is_finer else MOST
    if categories.count_open(finer=is_finer, but=category.id if category else None) >= most:
        raise Refused(
            N_("At most %(most)d finer categories are in use at once. Close one first.")
            if is_finer
            else N_("At most %(most)d categories and 其他 are in use at once. Close one first."),
            field="name",
            most=most,
        )


def _require_parent(category: Category | None, entry: CategoryEntry) -> None:
    parent = queries.get_category(entry.parent_id or 0)
    is_fit = parent is not None and parent.parent_id is None and parent.code != OTHER
    if not is_fit or (parent and parent.closed_on is not None and not entry.is_closed):
        raise Refused(
            N_("Choose a category of the first level that is in use, not 其他."), field="parent_id"
        )
    if category is None:
        return
    if category.code == OTHER or category.id == entry.parent_id:
        raise Refused(N_("This category cannot lie under another."), field="parent_id")
    if categories.has_children(category.id):
        raise Refused(
            N_("This category has finer ones and so cannot lie under another: there are two levels."),
            field="parent_id",
        )


def _require_closable(category: Category) -> None:
    if category.code == OTHER:
        raise Refused(
            N_("The category 其他 cannot be closed: a problem must fit somewhere."), field="is_closed"
        )
    if count := categories.open_children(category.id):
        raise Refused(
            N_("%(count)d finer categories under it are in use. Close them first."),
            field="is_closed",
            count=count,
        )


def _fill(category: Category, entry: CategoryEntry) -> None:
    if category.parent_id != entry.parent_id or category.position is None:
        category.parent_id = entry.parent_id
        category.position = categories.last_position(entry.parent_id) + STEP
    category.name, category.unit_id, category.complexity = entry.name, entry.unit_id, entry.complexity
    category.hint = entry.hint
    category.position = category.position if entry.position is None else entry.position
    category.closed_on = (category.closed_on or today()) if entry.is_closed else None


def _reading(category: Category) -> dict[str, object]:
    unit = get_unit(category.unit_id) if category.unit_id else None
    parent = queries.get_category(category.parent_id) if category.parent_id else None
    return {
        "name": category.name,
        "parent": parent.name if parent else "",
        "unit": unit.name if unit else "",
        "complexity": category.complexity.value,
        "hint": category.hint,
        "closed_on": category.closed_on.isoformat() if category.closed_on else None,
    }


def _require_free_name(name: str) -> None:
    if categories.category_named(name):
        raise Refused(N_("There is a category of this name already."), field="name")
