"""The invented office before its first day: people, units, firms, groups, links."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from stdnum.cn import uscc

from visits.accounts import operations as accounts
from visits.accounts.models import Person, Unit
from visits.accounts.queries import actor_of
from visits.core.authz import SYSTEM, Actor
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Role
from visits.core.settings import set_setting
from visits.enterprises.models import ContactRole, Enterprise, Ownership
from visits.enterprises.operations import ContactEntry, EnterpriseEntry, add_contact, register_enterprise
from visits.home.operations import lay_foundation
from visits.issues.models import Category
from visits.issues.operations import CategoryEntry, update_category
from visits.programmes import operations as programmes
from visits.programmes.models import GROUP_LINKED, GroupRole
from visits.programmes.queries import group_ids_of, programme_ids_by_code

TEXTS = Path(__file__).parents[3] / "seeds" / "demo" / "texts.json"
FIRMS, LINKED = 240, 150
OWNERSHIPS = (*[Ownership.PRIVATE] * 7, Ownership.FOREIGN, Ownership.STATE, None, Ownership.REGIONAL)


@dataclass
class Office:
    """Everything the days to come draw from."""

    random: random.Random
    texts: dict[str, Any]
    people: dict[str, Person] = field(default_factory=dict)
    roles: dict[str, list[Role]] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    unit_people: dict[int, list[str]] = field(default_factory=dict)
    firms: list[Enterprise] = field(default_factory=list)
    officer_firms: dict[str, list[int]] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    programmes: dict[str, int] = field(default_factory=dict)

    def pick(self, key: str) -> str:
        """One of the texts under a key."""
        return self.random.choice(self.texts[key])

    def actor(self, username: str) -> Actor:
        """The actor a demo person is at the present moment."""
        person = self.people[username]
        return actor_of(person.id, person.name, group_ids_of(person.id, today()))

    def with_role(self, *roles: Role) -> list[str]:
        """The people who hold one of the roles."""
        return [name for name, held in self.roles.items() if set(held) & set(roles)]


def demo_texts() -> dict[str, Any]:
    """The texts the demo zone is made of."""
    return dict(json.loads(TEXTS.read_text(encoding="utf-8")))


def open_office(seed: int, texts: dict[str, Any]) -> Office:
    """Make the office as it stands on its first day."""
    office = Office(random.Random(seed), texts)
    set_setting("demo", True)
    set_setting("zone_name", office.texts["zone"])
    lay_foundation()
    db.session.flush()
    office.programmes = programme_ids_by_code()
    _employ(office)
    _route(office)
    _fill_register(office)
    _form_groups(office)
    return office


def _employ(office: Office) -> None:
    for name in office.texts["units"]:
        office.units[name] = accounts.create_unit(SYSTEM, name)
    db.session.flush()
    for row in office.texts["people"]:
        unit = office.units[row["unit"]]
        roles = [Role(role) for role in row["roles"]]
        entry = accounts.PersonEntry(row["username"], row["name"], roles, unit.id, row["post"])
        office.people[row["username"]] = accounts.create_person(SYSTEM, entry)
        office.roles[row["username"]] = roles
        office.unit_people.setdefault(unit.id, []).append(row["username"])
    db.session.flush()


def _route(office: Office) -> None:
    office.categories = {category.code: category for category in db.session.scalars(select(Category))}
    for code, unit in office.texts["categories"].items():
        category = office.categories[code]
        entry = CategoryEntry(category.name, office.units[unit].id, category.complexity, category.position)
        update_category(SYSTEM, category, entry, None)


def _fill_register(office: Office) -> None:
    chosen = office.random
    names = [
        f"{place}{word}{trade}有限公司"
        for place in office.texts["firm_places"]
        for word in office.texts["firm_words"]
        for trade in office.texts["firm_trades"]
    ]
    for number, name in enumerate(chosen.sample(names, FIRMS), 1):
        body = f"91999999MA{number:07d}"
        entry = EnterpriseEntry(
            name=name,
            code=body + uscc.calc_check_digit(body),
            district="湖畔区",
            street=chosen.choice(office.texts["streets"]),
            address=f"创业路{chosen.randint(1, 400)}号",
            legal_form="有限责任公司",
            established_on=date(chosen.randint(2001, 2024), chosen.randint(1, 12), chosen.randint(1, 28)),
            capital_text=f"{chosen.choice([100, 500, 1000, 2000, 5000])}万元人民币",
            park=office.texts["parks"][number % len(office.texts["parks"])],
            ownership=OWNERSHIPS[number % len(OWNERSHIPS)],
            tags=chosen.sample(office.texts["tags"], chosen.choice([0, 0, 1, 2])),
        )
        firm = register_enterprise(SYSTEM, entry)
        phone = f"1390000{number:04d}"
        add_contact(
            SYSTEM, firm, ContactEntry(ContactRole.LIAISON, _person_name(office), "办公室主任", phone)
        )
        office.firms.append(firm)


def _person_name(office: Office) -> str:
    return office.random.choice(office.texts["surnames"]) + office.random.choice(["女士", "先生"])


def _form_groups(office: Office) -> None:
    leaders = office.with_role(Role.GROUP_LEADER)
    officers = office.with_role(Role.OFFICER)
    cadres = office.with_role(Role.CADRE)
    shares = _shares(office.firms[:LINKED], len(office.texts["groups"]))
    for number, name in enumerate(office.texts["groups"]):
        leader, officer = leaders[number], officers[number]
        lead_unit = next(u for u, people in office.unit_people.items() if leader in people)
        group = programmes.form_group(SYSTEM, programmes.GroupEntry(name, lead_unit))
        db.session.flush()
        for username, role in (
            (leader, GroupRole.LEADER),
            (officer, GroupRole.OFFICER),
            (cadres[number], GroupRole.MEMBER),
        ):
            entry = programmes.MemberEntry(office.people[username].id, role)
            programmes.add_member(SYSTEM, group, entry)
        office.officer_firms[officer] = [firm.id for firm in shares[number]]
        for firm in shares[number]:
            _link(office, firm, group.id, officer)


def _link(office: Office, firm: Enterprise, group_id: int, officer: str) -> None:
    entry = programmes.LinkEntry(
        enterprise_id=firm.id,
        programme_id=office.programmes[GROUP_LINKED],
        group_id=group_id,
        officer_id=office.people[officer].id,
    )
    programmes.cover_enterprise(SYSTEM, entry)


def _shares(firms: Sequence[Enterprise], parts: int) -> list[list[Enterprise]]:
    return [list(firms[n::parts]) for n in range(parts)]
