"""What the bench asks for: pages by role, forms that are sent, and what each may take."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle
from typing import Any

import sqlalchemy as sa

from tools.bench_client import Answer, Visitor
from visits.accounts.models import Person
from visits.core.clock import today
from visits.core.db import db
from visits.enterprises.models import Enterprise
from visits.issues.models import Category, Issue, ProgressLink
from visits.issues.states import OPEN, State
from visits.meetings.models import Meeting
from visits.monthly.models import MonthlyReport
from visits.outreach.models import Visit, VisitPlan
from visits.supervision.models import Order

LIST, ROW = "list", "row"
FLOORS = {LIST: "/list", ROW: "/row/1"}
MOST_STATEMENTS, ANY = 10, 1000
SAMPLE = 20
NEW_IN_TIER = f"standing=entered&figure=output-{today().year - 1}"


@dataclass(frozen=True)
class Case:
    """One thing measured: who asks, for which addresses in turn, and the aim as a multiple of a floor."""

    name: str
    role: str
    addresses: Iterator[str]
    floor: str
    aim: float
    statements: int = MOST_STATEMENTS
    post: Callable[[Visitor, str], Answer] | None = None


def people() -> dict[str, int]:
    """The people who ask, by role."""
    wanted = ("coordinator", "cadre", "officer", "handler", "leader", "callback", "supervisor", "admin")
    rows = db.session.execute(sa.select(Person.username, Person.id).where(Person.username.like("%001")))
    found = {username.removesuffix("001"): key for username, key in rows}
    return {role: found[role] for role in wanted}


def _ids(stmt: Any, pattern: str) -> Iterator[str]:
    found = list(db.session.scalars(stmt.limit(SAMPLE)))
    return cycle([pattern.format(key) for key in found] or [pattern.format(1)])


def _lists() -> list[Case]:
    visits = db.session.scalar(sa.select(sa.func.count(Visit.id))) or 0
    issues = db.session.scalar(sa.select(sa.func.count(Issue.id))) or 0
    firms = db.session.scalar(sa.select(sa.func.count(Enterprise.id))) or 0
    category = db.session.scalar(sa.select(Category.id).where(Category.code == "talent"))
    since = today() - timedelta(days=365)
    wanted = [
        ("problems", "/issues"),
        ("problems, last page", f"/issues?page={issues // 50}"),
        ("problems, open", "/issues?state=open"),
        ("problems, one category", f"/issues?category={category}"),
        ("problems, overdue", "/issues?overdue=1"),
        ("problems by enterprise", "/issues?sort=enterprise"),
        ("visits", "/visits"),
        ("visits, last page", f"/visits?page={visits // 50}"),
        ("visits of a year by phone", f"/visits?mode=phone&from={since}"),
        ("visits, late entries", "/visits?late=y"),
        ("enterprises", "/enterprises"),
        ("enterprises, last page", f"/enterprises?page={firms // 50}"),
        ("enterprises of a street", "/enterprises?street=云溪街道"),
        ("groups", "/groups"),
        ("meetings", "/meetings"),
        ("meetings that are due", "/meetings/suggestions"),
        ("duties", "/meetings/duties"),
        ("duties done", "/meetings/duties?standing=done"),
        ("ledger of problems", "/ledgers/problems"),
        ("ledger of visits", "/ledgers/visits"),
        ("ledger of visits of a year", "/ledgers/visits?period=this_year"),
        ("ledger of enterprises", "/ledgers/enterprises?period=this_year"),
    ]
    cases = [Case(name, "coordinator", cycle([url]), LIST, 2) for name, url in wanted]
    for role in ("cadre", "handler"):
        cases += [
            Case(f"{name}, {role}", role, cycle([f"/{name}"]), LIST, 2) for name in ("issues", "visits")
        ]
    return cases


def _desks() -> list[Case]:
    wanted = [
        ("acceptance desk", "coordinator", "/desks/office"),
        ("acceptance desk, to review", "coordinator", "/desks/office?queue=review"),
        ("unit desk", "handler", "/desks/unit"),
        ("callback desk", "callback", "/desks/callback"),
        ("supervision board", "supervisor", "/desks/board"),
        ("supervision orders", "supervisor", "/supervision/orders"),
        ("supervision orders of a unit", "handler", "/supervision/orders"),
        ("problems without progress", "supervisor", "/issues?board=stalled"),
        ("problems rated badly", "supervisor", "/issues?board=rated_badly"),
    ]
    return [Case(name, role, cycle([url]), LIST, 2) for name, role, url in wanted]


def _homes() -> list[Case]:
    return [
        Case(f"my work, {role}", role, cycle(["/"]), LIST, 2)
        for role in ("coordinator", "cadre", "handler")
    ]


def _records() -> list[Case]:
    busy = sa.select(Issue.enterprise_id).group_by(Issue.enterprise_id).order_by(sa.func.count().desc())
    closed = (
        sa.select(Issue.id).where(Issue.state == State.CLOSED, Issue.round == 2).order_by(Issue.id.desc())
    )
    met = sa.select(Visit.id).order_by(Visit.id.desc())
    held = sa.select(Meeting.id).order_by(Meeting.meets_on.desc())
    ordered = sa.select(Order.id).order_by(Order.id.desc())
    linked = sa.select(Issue.id).join(ProgressLink, ProgressLink.issue_id == Issue.id)
    alive = linked.where(Issue.state.in_(OPEN)).order_by(Issue.id.desc())
    return [
        Case("a problem, two rounds", "coordinator", _ids(closed, "/issues/{}"), ROW, 4),
        Case("an enterprise", "coordinator", _ids(busy, "/enterprises/{}"), ROW, 4),
        Case("a visit", "coordinator", _ids(met, "/visits/{}"), ROW, 4),
        Case("a meeting", "coordinator", _ids(held, "/meetings/{}"), ROW, 4),
        Case("a supervision order", "supervisor", _ids(ordered, "/supervision/orders/{}"), ROW, 4),
        Case("a problem by its link", "coordinator", _ids(alive, "/r/load-{:027d}"), ROW, 4),
    ]


def _duties() -> list[Case]:
    """Who is to be visited, what was promised, what is asked about records."""
    busy = sa.select(VisitPlan.enterprise_id).order_by(VisitPlan.planned_on.desc())
    wanted = [
        ("tiers of enterprises", "coordinator", "/enterprises/tiers"),
        ("tiers by ownership and tax", "leader", "/enterprises/tiers?by=ownership&measure=tax"),
        ("enterprises new in a tier", "coordinator", f"/enterprises?{NEW_IN_TIER}"),
        ("coverage board", "coordinator", "/coverage"),
        ("enterprises due for a visit", "coordinator", "/due"),
        ("calendar of all plans", "coordinator", "/plans?who=all"),
        ("calendar of own plans", "officer", "/plans"),
        ("my plans", "officer", "/plans/mine"),
        ("questions about records", "coordinator", "/questions"),
        ("questions to answer", "officer", "/questions/mine"),
    ]
    cases = [Case(name, role, cycle([url]), LIST, 4) for name, role, url in wanted]
    crowded = _ids(busy, "/visits/crowding?enterprise_ids={}")
    form = _ids(busy, "/visits/new?enterprise={}")
    return [
        *cases,
        Case("brief before a visit", "officer", _ids(busy, "/enterprises/{}/brief"), ROW, 6),
        Case("visit form with one enterprise", "officer", form, ROW, 6),
        Case("visit form: who else goes there", "officer", crowded, ROW, 4),
    ]


def _searches() -> list[Case]:
    wanted = [
        ("problems, 贷款", "/issues?q=贷款"),
        ("problems, 招聘 (frequent)", "/issues?q=招聘"),
        ("problems, 变压器", "/issues?q=变压器"),
        ("problems, two words", "/issues?q=恒启 贷款"),
        ("visits, 技改", "/visits?q=技改"),
        ("visits, 机械 (names)", "/visits?q=机械"),
        ("enterprises, 机械", "/enterprises?q=机械"),
    ]
    return [Case(f"search {name}", "coordinator", cycle([url]), LIST, 2) for name, url in wanted]


def _totals() -> list[Case]:
    month = (today().replace(day=1) - timedelta(days=1)).replace(day=1)
    year = today().replace(month=1, day=1)
    spans = [
        ("this month", ""),
        ("last month", f"?from={month}&to={today().replace(day=1) - timedelta(days=1)}"),
        ("this year", f"?from={year}&to={today()}"),
        ("to date", f"?from=&to={today()}"),
    ]
    cases = [Case(f"totals, {name}", "coordinator", cycle([f"/totals{q}"]), LIST, 4) for name, q in spans]
    views = [
        ("this month", ""),
        ("this year", f"?period={year.year}"),
        ("last year", f"?period={year.year - 1}"),
        ("five years", f"?from={today() - timedelta(days=1800)}&to={today()}"),
        ("on the wall", "/screen"),
    ]
    cases += [Case(f"overview, {name}", "leader", cycle([f"/overview{q}"]), LIST, 40) for name, q in views]
    drafted = sa.select(MonthlyReport.id)
    cases.append(Case("monthly reports", "leader", cycle(["/monthly"]), LIST, 4))
    cases.append(Case("a monthly report", "coordinator", _ids(drafted, "/monthly/{}"), LIST, 4))
    rows_of_it = _ids(drafted, "/monthly/{}/rows/registered")
    cases.append(Case("rows behind a report's figure", "coordinator", rows_of_it, LIST, 4))
    cases.append(Case("totals, this month, handler", "handler", cycle(["/totals"]), LIST, 4))
    cases.append(Case("rows behind a figure", "coordinator", cycle(["/totals/close_rate"]), LIST, 4))
    return cases


def _notices() -> list[Case]:
    """What the system tells and sends by itself, and what people say of it."""
    wanted = [
        ("inbox", "coordinator", "/inbox"),
        ("morning digests", "coordinator", "/inbox/digests"),
        ("where to be told", "coordinator", "/contact-points"),
        ("outbox, given up", "admin", "/outbox"),
        ("outbox, sent", "admin", "/outbox?state=sent"),
        ("scheduled work", "admin", "/jobs"),
        ("suggestions", "admin", "/feedback"),
        ("own suggestions", "cadre", "/feedback/mine"),
        ("absences", "coordinator", "/absences"),
        ("superior's forms", "coordinator", "/superior-forms"),
        ("promises", "coordinator", "/promises"),
        ("topics", "supervisor", "/supervision/topics"),
        ("samples", "supervisor", "/supervision/samples"),
    ]
    return [Case(name, role, cycle([url]), LIST, 2) for name, role, url in wanted]


def _record_visit(visitor: Visitor, address: str) -> Answer:
    form = visitor.form(address, address)
    category = form.options("problems-0-category_id")[-1]
    problems = {
        f"problems-{n}-{key}": value
        for n, title in enumerate(("一线操作工缺口", "变压器增容"))
        for key, value in (("title", title), ("category_id", category), ("urgency", "normal"))
    }
    # Above the cap a reason is asked; the bench goes to one enterprise again and again.
    said = {"enterprises": "#1", "summary": "量测用的一次走访。", "frequency_reason": "量测"}
    return form.send({**said, **problems})


def _assign(visitor: Visitor, address: str) -> Answer:
    form = visitor.form(address, address)
    return form.send({"lead_unit_id": form.options("lead_unit_id")[1]})


def _note(visitor: Visitor, address: str) -> Answer:
    return visitor.form(address, address).send({"note": "量测用的一条备注。"})


def _moves() -> list[Case]:
    new = sa.select(Issue.id).where(Issue.state == State.REGISTERED, Issue.needs_info.is_(False))
    alive = sa.select(Issue.id).where(Issue.state.in_(OPEN - {State.SUSPENDED})).order_by(Issue.id.desc())
    return [
        Case(
            "record a visit with two problems", "cadre", cycle(["/visits/new"]), ROW, 6, ANY, _record_visit
        ),
        Case("assign a problem", "coordinator", _ids(new, "/issues/{}/assign"), ROW, 6, ANY, _assign),
        Case("add a note", "coordinator", _ids(alive, "/issues/{}/add-note"), ROW, 6, ANY, _note),
    ]


def all_cases() -> list[Case]:
    """Everything that is measured by request and answer."""
    pages = [*_lists(), *_homes(), *_desks(), *_records(), *_duties(), *_searches()]
    return [*pages, *_totals(), *_notices(), *_moves()]
