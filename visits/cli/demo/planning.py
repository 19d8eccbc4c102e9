"""The plans of the demo office: what its people mean to visit in the days to come, and one that is over."""

from datetime import date, datetime, time, timedelta

from visits.cli.demo.office import Office
from visits.core.calendar import load_calendar
from visits.core.clock import at
from visits.core.errors import Refused
from visits.core.markup import SITE_ZONE
from visits.core.permissions import Role
from visits.core.workdays import add_workdays
from visits.outreach.operations import PlanEntry, cancel_plan, join_plan, move_plan, plan_visit
from visits.outreach.operations.planning import NewDay
from visits.programmes.models import ENTERPRISE_VISIT

MOST_EACH = 5
TIMES = (time(9, 30), time(14, 30), None)


def plan_visits(office: Office, last: date) -> None:
    """Let those who go to enterprises plan theirs, in the evening of the last day."""
    with at(datetime.combine(last - timedelta(days=1), time(17), SITE_ZONE)):
        for username in office.with_role(Role.OFFICER)[:2]:
            _plan(office, username, last)
    with at(datetime.combine(last, time(18), SITE_ZONE)):
        for username in office.with_role(Role.CADRE, Role.OFFICER, Role.GROUP_LEADER):
            for number in range(office.random.randint(2, MOST_EACH)):
                _plan(office, username, add_workdays(last, 1 + number * 3, load_calendar()))


def _plan(office: Office, username: str, day: date) -> None:
    firms = office.officer_firms.get(username) or [firm.id for firm in office.firms]
    entry = PlanEntry(
        enterprise_id=office.random.choice(firms),
        planned_on=day,
        start_time=office.random.choice(TIMES),
        programme_id=office.programmes[ENTERPRISE_VISIT],
        purpose=office.pick("purposes"),
        is_invited=office.random.random() < 0.1,
        frequency_reason="企业技改期间诉求较多，按约定跟进",
    )
    try:
        plan = plan_visit(office.actor(username), entry)
    except Refused:  # the same enterprise on the same day, drawn twice
        return
    fate = office.random.random()
    other = office.random.choice(office.with_role(Role.CADRE, Role.OFFICER))
    if fate < 0.3:
        join_plan(office.actor(other), plan.id)
    elif fate < 0.4:
        move_plan(office.actor(username), plan, NewDay(day + timedelta(days=1), None, "企业负责人临时外出"))
    elif fate < 0.5:
        cancel_plan(office.actor(username), plan, "企业停产检修，改为电话联系")
