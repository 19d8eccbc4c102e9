"""The office of the load zone as it stands on its first day: people, units, firms, groups, links."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

import sqlalchemy as sa
from stdnum.cn import uscc

from visits.accounts.models import Person, PersonRole, Unit, UnitMembership
from visits.cli.load.store import Store
from visits.cli.load.texts import Texts
from visits.core.audit import AuditEntry
from visits.core.calendar import load_calendar
from visits.core.db import db
from visits.core.periods import SITE_ZONE
from visits.core.permissions import Role
from visits.core.settings import set_setting
from visits.core.workdays import Calendar
from visits.enterprises.models import Contact, Enterprise, StatusChange
from visits.enterprises.operations import capital_columns, derived
from visits.home.operations import lay_foundation
from visits.issues.models import Category
from visits.issues.rules import Complexity
from visits.programmes.models import GROUP_LINKED, Group, GroupMember, GroupRole, Link
from visits.programmes.queries import programme_ids_by_code

LEADING, SERVICE, WATCH = "管委会领导", "企业服务办公室", "督查室"
LINKED_SHARE = 0.4


@dataclass(frozen=True)
class Worker:
    """Somebody of the office."""

    id: int
    name: str
    unit_id: int
    unit_name: str


@dataclass(frozen=True)
class Tie:
    """The group that answers for a firm, and its officer."""

    group_id: int
    officer: Worker


@dataclass
class Office:
    """Everything the days to come draw from."""

    dice: Random
    texts: Texts
    store: Store
    first: date
    workers: dict[Role, list[Worker]] = field(default_factory=lambda: defaultdict(list))
    handlers: dict[int, list[Worker]] = field(default_factory=lambda: defaultdict(list))
    units: dict[str, int] = field(default_factory=dict)
    firms: list[int] = field(default_factory=list)
    ties: dict[int, Tie] = field(default_factory=dict)
    categories: dict[str, tuple[int, int, Complexity]] = field(default_factory=dict)
    programmes: dict[str, int] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=Calendar)

    def anyone(self, role: Role) -> Worker:
        """Somebody of a role."""
        return self.dice.choice(self.workers[role])

    @property
    def opened_at(self) -> datetime:
        """The moment at which the office opened."""
        return datetime.combine(self.first, time(8), SITE_ZONE)


def open_office(seed: int, enterprises: int, first: date) -> Office:
    """Make the office of an empty database; the database is marked as one of invented records."""
    set_setting("demo", True)
    lay_foundation()
    db.session.flush()
    dice = Random(seed)
    office = Office(dice, Texts(dice), Store(), first)
    set_setting("zone_name", office.texts.words["zone"])
    office.store.begin_after(AuditEntry)
    office.calendar = load_calendar()
    office.programmes = programme_ids_by_code()
    _employ(office, enterprises)
    _route(office)
    _fill_register(office, enterprises)
    _form_groups(office, enterprises)
    office.store.flush()
    return office


def _employ(office: Office, enterprises: int) -> None:
    for name in office.texts.words["units"]:
        office.units[name] = office.store.add(Unit, name=name, created_at=office.opened_at)["id"]
    for role, unit, many in (
        (Role.ADMIN, SERVICE, 1),
        (Role.COORDINATOR, SERVICE, 4),
        (Role.CALLBACK, SERVICE, 4),
        (Role.LEADER, LEADING, 3),
        (Role.SUPERVISOR, WATCH, 2),
        (Role.AUDITOR, WATCH, 1),
    ):
        for _ in range(many):
            _hire(office, role, unit)
    for unit in office.texts.words["units"]:
        for role in (Role.HANDLER, Role.HANDLER, Role.UNIT_HEAD):
            office.handlers[office.units[unit]].append(_hire(office, role, unit))
    everywhere = list(office.units)
    for role, share in (
        (Role.CADRE, 12),
        (Role.OFFICER, 75),
        (Role.SPECIALIST, 300),
        (Role.GROUP_LEADER, 150),
    ):
        for _ in range(max(2, enterprises // share)):
            _hire(office, role, office.dice.choice(everywhere))


def _hire(office: Office, role: Role, unit: str) -> Worker:
    number = len(office.workers[role]) + 1
    person = office.store.add(
        Person,
        username=f"{role.value}{number:03d}",
        name=office.texts.person(),
        post=office.texts.pick("posts"),
        created_at=office.opened_at,
    )
    worker = Worker(person["id"], person["name"], office.units[unit], unit)
    office.store.add(PersonRole, person_id=worker.id, role=role)
    office.store.add(UnitMembership, person_id=worker.id, unit_id=worker.unit_id, from_on=office.first)
    office.workers[role].append(worker)
    return worker


def _route(office: Office) -> None:
    for category in db.session.scalars(sa.select(Category)):
        unit_id = office.units[office.texts.words["categories"][category.code]]
        office.categories[category.code] = (category.id, unit_id, category.complexity)


def _fill_register(office: Office, enterprises: int) -> None:
    dice, words = office.dice, office.texts.words
    for number, name in enumerate(office.texts.firms(enterprises), 1):
        body = f"91999999MB{number:07d}"
        code = body + uscc.calc_check_digit(body)
        row = office.store.add(
            Enterprise,
            **derived(name, "", [], code),
            **capital_columns(f"{dice.choice([100, 500, 1000, 5000])}万元人民币"),
            name=name,
            code=code,
            district="湖畔区",
            street=dice.choice(words["streets"]),
            address=f"创业路{dice.randint(1, 400)}号",
            legal_form="有限责任公司",
            established_on=date(dice.randint(1998, office.first.year - 1), dice.randint(1, 12), 15),
            created_at=office.opened_at,
        )
        office.firms.append(row["id"])
        office.store.add(
            StatusChange,
            enterprise_id=row["id"],
            status=row["status"],
            from_on=office.first,
            recorded_at=office.opened_at,
        )
        office.store.add(
            Contact,
            enterprise_id=row["id"],
            name=office.texts.person(),
            post="办公室主任",
            phone=f"1390{number:07d}",
            created_at=office.opened_at,
        )


def _form_groups(office: Office, enterprises: int) -> None:
    leaders = office.workers[Role.GROUP_LEADER]
    office.dice.shuffle(office.firms)
    linked = office.firms[: int(enterprises * LINKED_SHARE)]
    for number, leader in enumerate(leaders):
        group = office.store.add(
            Group, name=f"第{number + 1}服务组", lead_unit_id=leader.unit_id, created_at=office.opened_at
        )
        officers = [office.workers[Role.OFFICER][number], office.anyone(Role.OFFICER)]
        members = [(leader, GroupRole.LEADER), (office.anyone(Role.CADRE), GroupRole.MEMBER)]
        for worker, role in (*members, *((officer, GroupRole.OFFICER) for officer in set(officers))):
            office.store.add(
                GroupMember, group_id=group["id"], person_id=worker.id, role=role, from_on=office.first
            )
        for firm in linked[number :: len(leaders)]:
            _link(office, firm, Tie(group["id"], office.dice.choice(officers)))


def _link(office: Office, firm: int, tie: Tie) -> None:
    office.ties[firm] = tie
    office.store.add(
        Link,
        enterprise_id=firm,
        programme_id=office.programmes[GROUP_LINKED],
        group_id=tie.group_id,
        officer_id=tie.officer.id,
        from_on=office.first,
    )


def days_before(day: date, years: int) -> date:
    """The day so many years of 365 days before."""
    return day - timedelta(days=365 * years)
