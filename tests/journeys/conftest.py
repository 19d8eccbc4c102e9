"""An office at work: people of every kind, a firm, a group, a visit, a problem, a file on its way."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from tests.factories.accounts import PASSWORD, actor_for, make_person
from tests.factories.enterprises import make_code, make_enterprise
from tests.factories.inbox import make_notice
from tests.factories.issues import make_issue, make_office
from tests.factories.outreach import make_visit
from tests.factories.plans import make_plan
from tests.factories.programmes import make_group, make_programmes
from tests.factories.supervision import make_item, make_order, make_topic
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Role
from visits.enterprises.models import Cargo
from visits.enterprises.uploads import keep_upload
from visits.issues.states import State
from visits.outreach.entries import PromiseEntry
from visits.outreach.models import Promise
from visits.programmes.models import ENTERPRISE_VISIT
from visits.supervision.rules import Kind

# What every request may add to: who signed in, what was refused, which form was seen.
LOGS = {"audit_entries", "sign_in_attempts", "sign_ins", "submissions", "alembic_version"}


class World(SimpleNamespace):
    """Who and what there is."""

    def filled(self, value):
        """A value with the id in place of "{what}"."""
        return (
            value.format(**self.ids) if isinstance(value, str) and value.strip("{}") in self.ids else value
        )


class Browsers(dict):
    """Everybody's browser, opened when it is first used; the visitor's is nobody's."""

    def __init__(self, client_for, people):
        self.client_for, self.people = client_for, people

    def __missing__(self, who):
        self[who] = self.client_for(self.people.get(who))
        return self[who]


@pytest.fixture
def world(database, client_for):
    """The office: its people their browsers, and the ids of its records."""
    programmes, office = make_programmes(), make_office()
    people = office.people | {
        "admin": make_person([Role.ADMIN], username="guanli", password=PASSWORD),
        "auditor": make_person([Role.AUDITOR]),
        "rival": make_person([Role.COORDINATOR]),
        "supervisor": make_person([Role.SUPERVISOR]),
    }
    firm = make_enterprise("湖畔精密机械有限公司", code=make_code(601))
    issue = make_issue(office, enterprise=firm)
    handled = make_issue(office, State.IN_PROGRESS, enterprise=firm)
    order, topic = make_order(office), make_topic(office)
    visit = make_visit(firm, promises=[PromiseEntry(firm.id, "送政策上门")])
    promise_id = db.session.scalar(sa.select(Promise.id))
    item = make_item(Kind.VISIT, visit.id, month="2026-08")
    group, plan = make_group(unit=office.unit), make_plan(firm, owner=people["cadre"])
    files = files_on_their_way(people, firm)
    db.session.commit()
    return World(
        people=people,
        browsers=Browsers(client_for, people),
        ids={
            "firm": firm.id,
            "issue": issue.id,
            "handled": handled.id,
            "order": order.id,
            "topic": topic.id,
            "item": item.id,
            "visit": visit.id,
            "plan": plan.id,
            "tomorrow": (today() + timedelta(days=1)).isoformat(),
            "promise": promise_id,
            "group": group.id,
            "programme": programmes[ENTERPRISE_VISIT],
            "person": people["cadre"].id,
            "unit": office.unit.id,
            **files,
        },
    )


def files_on_their_way(people, firm):
    """A list of enterprises that another coordinator sent, this one's ledger of visits and a notice."""
    names = f"企业名称\n{firm.name}\n".encode()
    said = f"走访日期,企业名称,走访人员\n2025-11-3,{firm.name},张伟\n".encode()
    coordinator = actor_for(people["coordinator"])
    return {
        "notice": make_notice(people["coordinator"]).id,
        "upload": keep_upload(actor_for(people["rival"]), names, "名单.csv").id,
        "ledger": keep_upload(coordinator, said, "台账.csv", Cargo.VISITS).id,
    }


@pytest.fixture
def contents(database):
    """Read everything that people entered, table by table."""
    names = [table.name for table in db.metadata.sorted_tables if table.name not in LOGS]

    def read():
        db.session.rollback()
        rows = db.session.connection().exec_driver_sql
        return {name: sorted(map(repr, rows(f"SELECT * FROM {name}"))) for name in names}

    return read
