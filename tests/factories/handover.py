"""People who hand over, with what they answer for."""

from datetime import timedelta

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_entry
from tests.factories.outreach import make_visit
from tests.factories.programmes import make_link, make_programmes
from visits.accounts.models import Delegation
from visits.core.authz import SYSTEM
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Role
from visits.handover import operations
from visits.handover.operations import HandoverEntry
from visits.issues import operations as issues
from visits.lists.models import SavedView
from visits.outreach.entries import PromiseEntry
from visits.outreach.models import VisitPlan


def make_leaver(enterprises=2, problems=2, promises=1, unit=None, name="钱离任"):
    """An officer who answers for so many enterprises, open problems and promises, and one plan."""
    person = make_person([Role.OFFICER], unit, name=name)
    actor = actor_for(person)
    make_programmes()
    firms = [make_enterprise() for _number in range(enterprises)]
    for firm in firms:
        make_link(firm, officer=person)
    for number in range(problems):
        issues.register_issue(actor, make_entry(firms[number % enterprises]))
    made = [PromiseEntry(firms[n % enterprises].id, f"承诺{n}", "") for n in range(promises)]
    if made:
        make_visit(*firms, author=person, promises=made)
    make_plan(person, firms[0])
    db.session.flush()
    return person, firms


def make_plan(person, firm, days=7):
    """A visit somebody means to make in some days."""
    plan = VisitPlan(enterprise_id=firm.id, owner_id=person.id, planned_on=today() + timedelta(days))
    db.session.add(plan)
    db.session.flush()
    return plan


def share_view(person, name="本组未办结"):
    """A view of a list that everybody sees."""
    view = SavedView(
        list_name="issues", owner_id=person.id, name=name, query="state=open", is_shared=True, position=1
    )
    db.session.add(view)
    db.session.flush()
    return view


def make_handover(leaver, receiver, actor=SYSTEM, from_on=None, reason="轮岗"):
    """A handover under way."""
    entry = HandoverEntry(leaver.id, receiver.id, from_on or today(), reason)
    return operations.open_handover(actor, entry)


def stand_in(deputy, first=0, days=10, name="吴请假"):
    """Somebody away for whom another stands in, since some days ago or from some days on."""
    absence = Delegation(
        person_id=make_person([Role.CADRE], name=name).id,
        deputy_id=deputy.id,
        from_on=today() + timedelta(first),
        until_on=today() + timedelta(first + days),
    )
    db.session.add(absence)
    db.session.flush()
    return absence
