"""What the demo's register knows of its firms: tags for a time, figures of two years, some that left."""

from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select

from visits.cli.demo.office import Office
from visits.core.authz import SYSTEM
from visits.core.clock import today
from visits.core.db import db
from visits.enterprises import queries
from visits.enterprises.models import Enterprise, EnterpriseStatus, Measure, Tag, TagLevel
from visits.enterprises.operations import (
    EnterpriseEntry,
    FactEntry,
    GrantEntry,
    grant_tag,
    record_fact,
    update_enterprise,
)

if TYPE_CHECKING:
    from visits.cli.demo.year import Year

YEAR = timedelta(days=365)
# Code, level, the firms from one on in steps, for how many years, by which document.
GRANTS = (
    ("little_giant", TagLevel.NATIONAL, 0, 40, 3, "工信厅企业函〔2024〕12号"),
    ("srdi", TagLevel.PROVINCIAL, 5, 12, 3, "浙经信企业〔2024〕33号"),
    ("srdi", TagLevel.PROVINCIAL, 0, 40, 3, "浙经信企业〔2023〕20号"),
    ("listed", None, 20, 80, None, ""),
    ("chain_leader", TagLevel.CITY, 7, 60, 2, ""),
    ("hundred_million_output", TagLevel.DISTRICT, 10, 70, 2, ""),
)
# Of so many firms each measure is known, in 万元: small, middling and large ones in turn.
MEASURED = {Measure.OUTPUT: 150, Measure.REVENUE: 100, Measure.TAX: 60}
SIZES = (800, 2_600, 5_400, 9_300, 11_800, 3_100, 26_000, 1_900, 64_000, 7_200, 130_000, 4_400)
SHARES = {Measure.OUTPUT: Decimal("1"), Measure.REVENUE: Decimal("1.1"), Measure.TAX: Decimal("0.06")}
LEFT = {-1: EnterpriseStatus.MOVED, -2: EnterpriseStatus.HALTED, -3: EnterpriseStatus.LOST}


def plan_register(office: Office, year: "Year", last: date) -> None:
    """Put what becomes known of the firms on the timetable."""
    firms = [firm.id for firm in office.firms]
    year.on(last - 2 * YEAR, partial(_grant, firms, last - YEAR - timedelta(days=120)))
    for ago in (2, 1):
        reported = date(last.year - ago + 1, 3, 20)
        year.on(min(reported, last), partial(_report, firms, last.year - ago))
    for number, (place, status) in enumerate(LEFT.items()):
        year.on(last - timedelta(days=40 - number * 7), partial(_leave, firms[place], status))


def _grant(firms: list[int], granted_on: date) -> None:
    tags = {tag.code: tag.id for tag in db.session.scalars(select(Tag))}
    for code, level, first, step, years, document_no in GRANTS:
        for number, firm in enumerate(firms[first::step]):
            # Every fourth was granted within the last year, every fourth has run out meanwhile.
            since = granted_on + (YEAR if number % 4 == 1 else timedelta(0))
            until = None if years is None else since + (YEAR if number % 4 == 3 else years * YEAR)
            entry = GrantEntry(tags[code], level, since, until, document_no)
            grant_tag(SYSTEM, db.session.get_one(Enterprise, firm), entry)


def _report(firms: list[int], year: int) -> None:
    """The figures of a year: with each the firm grew or shrank a little, and some are missing."""
    for measure, many in MEASURED.items():
        for number, firm in enumerate(firms[:many]):
            if (number + year) % 9:
                grown = 100 + (year % 2) * (number % 5 * 12 - 20)
                value = SIZES[number % len(SIZES)] * SHARES[measure] * grown / 100
                entry = FactEntry(year, measure, value.quantize(Decimal(1)), "万元", "经济发展局年报")
                record_fact(SYSTEM, db.session.get_one(Enterprise, firm), entry)


def _leave(firm_id: int, status: EnterpriseStatus) -> None:
    firm = db.session.get_one(Enterprise, firm_id)
    same = {f.name: getattr(firm, f.name) for f in fields(EnterpriseEntry) if hasattr(firm, f.name)}
    same |= {"status": status, "status_on": today(), "tags": queries.tags_of(firm.id)}
    update_enterprise(SYSTEM, firm, EnterpriseEntry(**same), None)
