"""Changes to the categories of problems."""

from dataclasses import dataclass
from secrets import token_hex

from visits.core import audit
from visits.core.authz import Actor, require
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.issues import queries
from visits.issues.models import Category
from visits.issues.rules import Complexity

OTHER = "other"
MOST = 12
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
    """What is entered about a category; `unit_id` is the unit usually in charge."""

    name: str
    unit_id: int | None = None
    complexity: Complexity = Complexity.ORDINARY
    position: int = 0
    is_closed: bool = False


def create_starter_categories(actor: Actor) -> None:
    """Create the categories an office begins with, those that are missing."""
    taken = queries.category_codes()
    for position, (code, name, complexity) in enumerate(STARTERS, 1):
        if code not in taken:
            db.session.add(Category(code=code, name=name, complexity=complexity, position=position * 10))
    audit.record(actor, "categories.started", codes=[code for code, _, _ in STARTERS if code not in taken])


def create_category(actor: Actor, entry: CategoryEntry) -> Category:
    """Create a category; an office has at most twelve in use besides 其他."""
    require(actor, Permission.ISSUES_ACCEPT)
    if len(queries.open_categories()) > MOST:
        raise Refused(
            N_("At most %(most)d categories and 其他 are in use at once. Close one first."),
            field="name",
            most=MOST,
        )
    _require_free_name(entry.name)
    category = Category(code=token_hex(6), name=entry.name)
    _fill(category, entry)
    db.session.add(category)
    audit.record(actor, "category.created", category, name=entry.name)
    return category


def update_category(actor: Actor, category: Category, entry: CategoryEntry, revision: int | None) -> None:
    """Change a category; a closed one stays with the problems that have it."""
    require(actor, Permission.ISSUES_ACCEPT)
    category.require_revision(revision)
    if entry.name != category.name:
        _require_free_name(entry.name)
    if entry.is_closed and category.code == OTHER:
        raise Refused(
            N_("The category 其他 cannot be closed: a problem must fit somewhere."), field="is_closed"
        )
    before = _reading(category)
    _fill(category, entry)
    audit.record(actor, "category.updated", category, **audit.difference(before, _reading(category)))


def _fill(category: Category, entry: CategoryEntry) -> None:
    category.name, category.unit_id, category.complexity = entry.name, entry.unit_id, entry.complexity
    category.position = entry.position
    category.closed_on = (category.closed_on or today()) if entry.is_closed else None


def _reading(category: Category) -> dict[str, object]:
    return {
        key: getattr(category, key) for key in ("name", "unit_id", "complexity", "position", "closed_on")
    }


def _require_free_name(name: str) -> None:
    if queries.category_named(name):
        raise Refused(N_("There is a category of this name already."), field="name")
