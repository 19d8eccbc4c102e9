"""Who is away, who hands over what, and the ledger the demo office kept before: the last evening's work."""

import csv
import io
import random
from datetime import date, datetime, time, timedelta

from visits.accounts.operations import AbsenceEntry, name_deputy
from visits.cli.demo.office import Office
from visits.core.calendar import load_calendar
from visits.core.clock import at
from visits.core.db import db
from visits.core.markup import SITE_ZONE
from visits.core.permissions import Role
from visits.core.workdays import add_workdays
from visits.handover import operations as handover
from visits.handover import queries as handovers
from visits.handover.operations import HandoverEntry
from visits.outreach.ledger.carrying import VISITS, usual_programmes
from visits.programmes.models import VisitMode

LEDGER = "走访台账（启用前）.csv"
HEADINGS = ("走访日期", "企业名称", "统一社会信用代码", "走访人员", "走访方式", "走访情况")
LEDGER_ROWS = 24


def take_turns(office: Office, first: date, last: date) -> None:
    """One officer is on leave soon, another changes posts, and the old ledger comes in."""
    officers = list(office.officer_firms)
    with at(datetime.combine(last, time(17, 30), SITE_ZONE)):
        _go_on_leave(office, officers[2], officers[3], last)
        _rotate(office, officers[3], officers[2], last)
        db.session.commit()
        _take_in_ledger(office, first)


def _go_on_leave(office: Office, away: str, deputy: str, last: date) -> None:
    from_on = add_workdays(last, 6, load_calendar())
    entry = AbsenceEntry(from_on, from_on + timedelta(days=4), office.people[deputy].id, "年休假")
    name_deputy(office.actor(away), entry)


def _rotate(office: Office, leaver: str, receiver: str, last: date) -> None:
    """A handover under way: some is accepted, one thing declined, the rest waits."""
    coordinator = office.actor(office.with_role(Role.COORDINATOR)[0])
    opened = handover.open_handover(
        coordinator,
        HandoverEntry(
            from_id=office.people[leaver].id,
            to_id=office.people[receiver].id,
            from_on=add_workdays(last, 10, load_calendar()),
            reason="轮岗至其他服务组",
        ),
    )
    db.session.flush()
    offered = [item.id for item in handovers.items_of(opened.id)]
    actor, half = office.actor(receiver), len(offered) // 2
    handover.accept(actor, opened, offered[:half])
    db.session.flush()
    handover.decline(
        actor, opened, offered[half : half + 1], "该事项一直由其他同志对接，请另行指定接收人。"
    )


def _take_in_ledger(office: Office, first: date) -> None:
    """The visits of the months before the office worked with the system; two rows do not fit."""
    dice = random.Random(f"ledger {first}")
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(HEADINGS)
    for number in range(LEDGER_ROWS):
        firm, day = dice.choice(office.firms), first - timedelta(days=10 + 3 * number)
        officer = office.people[dice.choice(list(office.officer_firms))]
        words = dice.choice(office.texts["summaries"]) + dice.choice(office.texts["said_last"])
        rows.writerow([day.isoformat(), firm.name, firm.code, officer.name, "实地走访", words])
    rows.writerow([first.isoformat(), "尚未入库的企业有限公司", "", "李老师", "实地走访", "了解企业情况。"])
    rows.writerow(["当年春天", office.firms[0].name, office.firms[0].code, "李老师", "实地走访", "座谈。"])
    author_id = office.people[office.with_role(Role.COORDINATOR)[0]].id
    chosen = {"mode": VisitMode.ON_SITE.value, "programme_ids": usual_programmes()}
    content = text.getvalue().encode("utf-8-sig")
    actor = office.actor(office.with_role(Role.COORDINATOR)[0])
    VISITS.import_file(actor, author_id, content, LEDGER, chosen)
    db.session.commit()
