"""Whom the demo's programmes are about and how often they are due: rules, rounds, lists by name."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from sqlalchemy import select

from visits.cli.demo.handling import Timetable
from visits.cli.demo.office import Office
from visits.core.authz import SYSTEM
from visits.core.clock import today
from visits.core.db import db
from visits.enterprises.models import Measure, Tag
from visits.programmes.models import ENTERPRISE_VISIT, GROUP_LINKED, Period, Programme
from visits.programmes.operations import (
    ListingEntry,
    RoundEntry,
    ScopeEntry,
    TierEntry,
    list_enterprises,
    save_round,
    set_scope,
)

ROUNDS = ("第一轮", "第二轮", "第三轮", "第四轮")
REST = TierEntry("其他企业", 1, Period.HALF_YEAR)


def plan_scopes(office: Office, timetable: Timetable, first: date, last: date) -> None:
    """Put the programmes' rules on the timetable: as they began, and as the office changed them lately."""
    timetable.on(first, partial(_begin, office, first, last))
    timetable.on(last - timedelta(days=70), partial(_tighten, office))
    timetable.on(last - timedelta(days=50), partial(_list, office))


def _programme(office: Office, code: str) -> Programme:
    return db.session.get_one(Programme, office.programmes[code])


def _tags() -> dict[str | None, int]:
    return {tag.code: tag.id for tag in db.session.scalars(select(Tag))}


def _begin(office: Office, first: date, last: date) -> None:
    tags = _tags()
    above = TierEntry("规上企业", 1, Period.QUARTER, tag_id=tags["above_scale"])
    entry = ScopeEntry(first, "年度走访方案", {}, [above, REST])
    set_scope(SYSTEM, _programme(office, ENTERPRISE_VISIT), entry)
    linked = TierEntry("结对联系企业", 1, Period.QUARTER)
    entry = ScopeEntry(first, "组团联企工作方案", {"linked": True}, [linked])
    set_scope(SYSTEM, _programme(office, GROUP_LINKED), entry)
    for number, name in enumerate(ROUNDS):
        days = [
            date(last.year, number * 3 + 1, 1),
            date(last.year + number // 3, (number * 3 + 3) % 12 + 1, 1),
        ]
        save_round(
            SYSTEM, _programme(office, ENTERPRISE_VISIT), RoundEntry(f"{last.year}年{name}", *days), None
        )


def _tighten(office: Office) -> None:
    """Since then large and key enterprises are due every month."""
    tags = _tags()
    tiers = [
        TierEntry("重点企业", 1, Period.MONTH, tag_id=tags["key"]),
        TierEntry("亿元以上企业", 1, Period.MONTH, measure=Measure.OUTPUT, at_least=Decimal(10_000)),
        TierEntry("规上企业", 1, Period.QUARTER, tag_id=tags["above_scale"]),
        REST,
    ]
    why = "管委会专题会议要求，重点和亿元以上企业每月走访"
    set_scope(
        SYSTEM, _programme(office, ENTERPRISE_VISIT), ScopeEntry(today().replace(day=1), why, {}, tiers)
    )


def _list(office: Office) -> None:
    firms = [firm.id for firm in office.firms]
    named = ListingEntry(firms[150:154], False, today(), None, "招商引资新落地企业，列入结对联系")
    list_enterprises(SYSTEM, _programme(office, GROUP_LINKED), named)
    out = ListingEntry(
        firms[200:203], True, today(), today() + timedelta(days=180), "企业搬迁改造期间不安排走访"
    )
    list_enterprises(SYSTEM, _programme(office, ENTERPRISE_VISIT), out)
