"""The ledger of enterprises (企业台账): the register with what a period brought each of them."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from visits.core.authz import Actor
from visits.core.clock import now, today
from visits.core.i18n import N_
from visits.core.listing import Column, Kind, Listing
from visits.core.periods import Span
from visits.coverage import facts
from visits.enterprises import listing as register
from visits.enterprises.listing import EnterpriseFilters
from visits.enterprises.models import Enterprise
from visits.issues.models import Issue, Outcome
from visits.issues.queries import visible_to as problems_visible_to
from visits.issues.states import EXCLUDED, OPEN, State
from visits.ledgers.filters import Wanted
from visits.outreach.models import Visit, VisitPair
from visits.outreach.queries import visible_to
from visits.programmes.scope import Known, scopes

WIDTHS = {
    "name": 18, "code": 10, "status": 6, "street": 8, "park": 10, "industry_code": 8, "tags": 16,
    "group": 10, "officer": 7, "liaison": 7, "phone": 11,
}  # fmt: skip
SHOWN = {"name", "status", "group", "officer"}  # beside what is counted there is room for little
KNOWN = {
    c.key: replace(c, width=WIDTHS.get(c.key, c.width), usual=c.key in SHOWN) for c in register.COLUMNS
}


def _number(key: str, heading: str) -> Column:
    return Column(key, heading, kind=Kind.NUMBER, width=7)


COUNTED = (
    _number("visits", N_("Visits in the period")),
    Column("last", N_("Last visit"), lambda row: row.last_on, Kind.DAY, look="nowrap", width=9),
    _number("registered", N_("Problems registered in the period")),
    _number("closed", N_("Of these closed")),
    _number("solved", N_("Of these solved")),
    _number("open", N_("Open problems now")),
)
OFFICE = (*(KNOWN[key] for key in WIDTHS), *COUNTED)
OTHERS = tuple(column for key, column in KNOWN.items() if key not in WIDTHS)


def _span(wanted: Wanted) -> Span:
    """The days asked for; without any, all up to today."""
    first, last = wanted.days.first, wanted.days.last
    return Span(first, max(last or today(), first or today()))


def _visits(actor: Actor, wanted: Wanted, programmes: list[Known]) -> tuple[Any, Any]:
    """How many counted visits there were, and the day of the last."""
    met = (
        facts.are_counted(programmes),
        VisitPair.enterprise_id == Enterprise.id,
        wanted.days.within(VisitPair.visited_on),
        visible_to(actor),
    )
    held = (
        sa.select(VisitPair).join(Visit, Visit.id == VisitPair.visit_id).where(*met).correlate(Enterprise)
    )
    counted = (sa.func.count(), sa.func.max(VisitPair.visited_on))
    visits, last = (held.with_only_columns(column).scalar_subquery() for column in counted)
    return visits, last


def _problems(actor: Actor, *where: sa.ColumnElement[bool]) -> Any:
    """How many problems of which this is true; one that asked not to be named would be named by a count."""
    stmt = sa.select(sa.func.count(Issue.id)).where(
        Issue.enterprise_id == Enterprise.id,
        Issue.confidential.is_(False),
        problems_visible_to(actor),
        *where,
    )
    return stmt.correlate(Enterprise).scalar_subquery()


def _counts(actor: Actor, wanted: Wanted, programmes: list[Known]) -> list[Any]:
    registered = (Issue.state.not_in(EXCLUDED), wanted.days.within(Issue.registered_on))
    closed = (*registered, Issue.state == State.CLOSED)
    visits, last = _visits(actor, wanted, programmes)
    return [
        visits.label("visits"),
        last.label("last_on"),
        _problems(actor, *registered).label("registered"),
        _problems(actor, *closed).label("closed"),
        _problems(actor, *closed, Issue.outcome == Outcome.SOLVED).label("solved"),
        _problems(actor, Issue.state.in_(OPEN)).label("open"),
    ]


def _in_scope(wanted: Wanted, programmes: list[Known]) -> list[sa.ColumnElement[bool]]:
    """Enterprises in the scope of one of the programmes on a day of the period."""
    if not wanted["programme"]:
        return []
    chosen = [known for known in programmes if known.programme_id in wanted["programme"].values]
    scoped = facts.scoped(chosen, _span(wanted)).subquery()
    return [Enterprise.id.in_(sa.select(scoped.c.enterprise_id))]


def of_enterprises(actor: Actor, wanted: Wanted) -> Listing:
    """The ledger of the register, with the visits and problems within the reader's reach."""
    parts: dict[str, Any] = {name: wanted[name] for name in ("status", "street", "park", "group", "tag")}
    base = register.of_enterprises(EnterpriseFilters(**parts))
    programmes = [scope.known_at(now()) for scope in scopes()]
    return Listing(
        "ledger.enterprises",
        N_("Ledger of enterprises"),
        base.stmt.add_columns(*_counts(actor, wanted, programmes)),
        {key: column for key, column in base.sorts.items() if key != "created"},
        base.default,
        (*OFFICE, *OTHERS),
        where=[*base.where, *_in_scope(wanted, programmes)],
    )
