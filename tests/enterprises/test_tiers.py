"""The board of tiers: each number is the number of rows it opens; what the sentences say."""

import csv
import io
import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person
from tests.factories.enterprises import make_enterprise
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.permissions import Role
from visits.enterprises import operations, tiers
from visits.enterprises.models import (
    Enterprise,
    EnterpriseStatus,
    Measure,
    Ownership,
    StatusChange,
    Tag,
    TagGrant,
    TagLevel,
    YearlyFact,
)
from visits.enterprises.standing import FLOORS, REGISTERED
from visits.enterprises.tiers import Part, Wanted
from visits.enterprises.views import ENTERPRISES

TODAY = date(2026, 11, 28)
BEFORE = date(2025, 11, 28)
OLD = date(2010, 1, 1)


@pytest.fixture
def office(database, client_for, at):
    at("2026-11-28")
    operations.create_standard_tags(SYSTEM)
    db.session.flush()
    return client_for(make_person([Role.COORDINATOR]))


def tag_of(code):
    return db.session.scalars(sa.select(Tag).where(Tag.code == code)).one()


def grant(firm, code, level=None, granted_on=None, expires_on=None, **more):
    tag = tag_of(code)
    db.session.add(
        TagGrant(
            enterprise_id=firm.id,
            tag_id=tag.id,
            level=level,
            granted_on=granted_on,
            expires_on=expires_on,
            **more,
        )
    )


def fact(firm, value, year=2025, measure=Measure.OUTPUT, **more):
    unit, source = "万元", "统计局"
    db.session.add(
        YearlyFact(
            enterprise_id=firm.id,
            year=year,
            measure=measure,
            value=Decimal(value),
            unit=unit,
            source=source,
            **more,
        )
    )


def firms(many):
    return [make_enterprise(established_on=OLD, status_on=OLD, street="湖畔街道") for _ in range(many)]


def row_of(page, name):
    return next(row for row in page.rows if row[0] == name)


def test_a_tag_counts_while_it_holds_and_its_enterprise_is_on_the_register(office):
    one, two, gone, late = firms(4)
    for firm in (one, two, gone):
        grant(firm, "above_scale", granted_on=date(2020, 1, 1))
    grant(late, "above_scale", expires_on=TODAY - timedelta(days=1))
    grant(two, "above_scale", TagLevel.CITY, granted_on=date(2021, 1, 1))
    gone.status = EnterpriseStatus.MOVED
    db.session.add(StatusChange(enterprise_id=gone.id, status=gone.status, from_on=date(2026, 3, 1)))
    page = office.get("tiers.board")
    # 名称、企业、国家、省、市、区、无级别、新增、退出
    assert row_of(page, "规上企业") == ["规上企业", "2", "0", "0", "1", "0", "2", "0", "2"]
    earlier = office.get("/enterprises/tiers?on=2026-02-28")
    assert row_of(earlier, "规上企业")[1] == "4"


def test_three_measures_are_three_lists_of_their_year(office):
    rich, richer, poor, _ = firms(4)
    fact(rich, 10_000)
    fact(richer, 1_000_000)
    fact(poor, "9999.9999")
    fact(poor, 60_000, measure=Measure.TAX)
    fact(poor, 20_000, year=2024)
    fact(rich, 99_999, superseded_at=sa.func.current_timestamp())
    page = office.get("/enterprises/tiers?year=2025")
    # 指标、已填报、未填报、1亿、5亿、10亿、100亿、新增、退出、上年已填报
    assert row_of(page, "产值") == ["产值", "3 75.0%", "1", "2", "1", "1", "1", "2", "1", "1"]
    assert row_of(page, "营收") == ["营收", "0 0.0%", "4", *["0"] * 7]
    assert row_of(page, "税收")[1:5] == ["1 25.0%", "3", "1", "1"]


SENTENCE = (
    "截至2026年11月28日，全区在册企业5家，其中规上企业2家、高新技术企业1家、专精特新企业3家（其中国家级“小巨人”1家）、"
    "上市企业1家；2025年产值亿元以上企业2家（已填报产值的3家中）。"
)
ENGLISH = (
    "As of November 28, 2026, 5 enterprises are on the register of the zone, among them 2 above-scale, "
    "1 high-tech, 3 specialised and sophisticated (of them 1 national “little giants”), 1 listed; in 2025, "
    "2 enterprises reached 100 million yuan in output value (of the 3 whose output value is on record)."
)


@pytest.fixture
def quoted(office):
    made = firms(5)
    for number, codes in enumerate(
        (
            ["above_scale", "srdi"],
            ["above_scale", "srdi", "little_giant"],
            ["little_giant"],
            ["listed"],
            ["hitech"],
        )
    ):
        for code in codes:
            level = TagLevel.PROVINCIAL if number == 2 else None
            grant(made[number], code, level, granted_on=date(2026, 1, 1))
    for firm, value in zip(made, (10_000, 55_000, 100), strict=False):
        fact(firm, value)
    db.session.commit()
    return office


def quotes(page):
    return [box.first("p").text for box in page.root.all("div", class_="quote")]


def test_the_sentences_say_exact_numbers_with_their_day_and_year(quoted):
    said = quotes(quoted.get("tiers.board"))
    assert said[0] == SENTENCE
    assert said[1] == (
        "2025年产值亿元以上企业2家（已填报产值的3家中），其中5亿元以上1家、10亿元以上0家、100亿元以上0家。"
    )
    assert said[2].startswith("与2025年11月28日相比：规上企业新增2家、退出0家；")
    quoted.post("accounts.choose_language", {"language": "en"}, status=None)
    assert quotes(quoted.get("tiers.board"))[0] == ENGLISH


def test_who_reached_a_hundred_million_anew_is_told_by_the_figures_and_not_by_the_tag(office):
    newly, lost, *tagged = firms(4)
    fact(newly, 20_000, year=2025)
    fact(newly, 100, year=2024)
    fact(lost, 100, year=2025)
    fact(lost, 20_000, year=2024)
    for firm in tagged:
        grant(firm, "hundred_million_output", granted_on=date(2026, 1, 1))
    db.session.commit()
    said = quotes(office.get("tiers.board"))
    assert "与2024年相比，2025年产值亿元以上企业新增1家、退出1家。" in said
    assert not [words for words in said if "亿元产值企业" in words]


def test_nobody_is_named_or_ranked(quoted):
    text = quoted.get("tiers.board").main
    assert not [name for name in db.session.scalars(sa.select(Enterprise.name)) if name in text]


def test_without_tags_and_figures_only_what_is_known_is_said(office):
    firms(2)
    assert quotes(office.get("tiers.board")) == ["截至2026年11月28日，全区在册企业2家。"]


def scatter(seed, many=40):
    """Enterprises of random statuses, tags and figures, with a history."""
    dice = random.Random(seed)
    days = [TODAY - timedelta(days=n) for n in (0, 1, 30, 364, 365, 366, 800)]
    codes = ["above_scale", "srdi", "little_giant", "listed"]
    for _ in range(many):
        firm = make_enterprise(
            established_on=dice.choice([None, date(2010, 1, 1), *days]),
            street=dice.choice(["", "云溪街道", "湖畔街道"]),
            park=dice.choice(["", "东园"]),
            ownership=dice.choice([None, *Ownership]),
            status_on=dice.choice(days),
            status=dice.choice([*EnterpriseStatus, *[EnterpriseStatus.NORMAL] * 5]),
        )
        if dice.random() < 0.4:
            firm.status = dice.choice(list(EnterpriseStatus))
            db.session.add(
                StatusChange(enterprise_id=firm.id, status=firm.status, from_on=dice.choice(days))
            )
        for code in dice.sample(codes, dice.choice([0, 1, 1, 2])):
            first, last = sorted(dice.choices(days, k=2))
            grant(
                firm,
                code,
                dice.choice([None, *TagLevel]),
                dice.choice([None, first]),
                dice.choice([None, last]),
            )
            if dice.random() < 0.3:
                grant(firm, code, TagLevel.CITY)
        for measure in Measure:
            for year in (2024, 2025):
                if dice.random() < 0.6:
                    fact(firm, dice.choice([9_999, 10_000, 50_000, 100_000, 1_000_000]), year, measure)
    gone = make_enterprise()
    grant(gone, "above_scale")
    gone.merged_into_id = firm.id
    db.session.commit()


@pytest.mark.parametrize(
    "asked",
    ["", "on=2025-11-28&year=2024&measure=tax&by=ownership", "on=2026-10-29&measure=revenue&by=park"],
)
def test_every_number_opens_as_many_rows(app, office, asked):
    scatter(3)
    page = office.get(f"/enterprises/tiers?{asked}")
    links = [a for a in page.root.first("main").all("a") if a["href"].startswith("/enterprises?")]
    queries = {number: link["href"].partition("?")[2] for number, link in enumerate(links)}
    with app.test_request_context():
        rows = ENTERPRISES.counts(SYSTEM, queries)
    assert [link.text for link in links] == [str(rows[number]) for number in queries]
    assert sum(rows.values()) > 100
    for link in links[::25]:  # and so the page says
        opened = office.get(link["href"])
        assert opened.main.count("未采用") == 0
        total = opened.root.first("span", class_="list-total")
        assert (total.text if total else "共 0 条").split()[1] == link.text


class Plain:
    """The counts once more, row by row."""

    def __init__(self, wanted):
        self.day, self.earlier, self.year = wanted.on, tiers.year_before(wanted.on), wanted.year
        self.living = all_of(Enterprise, Enterprise.merged_into_id.is_(None))
        self.changes = sorted(all_of(StatusChange), key=lambda c: (c.from_on, c.id))
        self.grants, self.facts = all_of(TagGrant), all_of(YearlyFact)

    def status(self, firm, day):
        if firm.established_on and firm.established_on > day:
            return None
        changes = [c for c in self.changes if c.enterprise_id == firm.id]
        past = [c for c in changes if c.from_on <= day]
        return (past or changes[:1])[-1].status

    def registered(self, day):
        return [firm for firm in self.living if self.status(firm, day) in REGISTERED]

    def holders(self, tag, day):
        held = {
            g.enterprise_id
            for g in self.grants
            if g.tag_id == tag.id
            and (g.granted_on is None or g.granted_on <= day)
            and (g.expires_on is None or g.expires_on >= day)
        }
        return held & {firm.id for firm in self.registered(day)}

    def values(self, measure, year, day):
        known = {f.enterprise_id: f.value for f in self.facts if (f.measure, f.year) == (measure, year)}
        return {firm.id: known[firm.id] for firm in self.registered(day) if firm.id in known}

    def tag(self, tag):
        now, then = self.holders(tag, self.day), self.holders(tag, self.earlier)
        return len(now), len(now - then), len(then - now)

    def measure(self, measure):
        filed = self.values(measure, self.year, self.day)
        former = self.values(measure, self.year - 1, self.earlier)
        now, then = ({firm for firm, value in of.items() if value >= 10_000} for of in (filed, former))
        reached = [sum(value >= amount.least for value in filed.values()) for amount in FLOORS]
        return len(filed), len(now - then), len(then - now), reached


def all_of(model, *where):
    return db.session.scalars(sa.select(model).where(*where)).all()


@pytest.mark.parametrize("seed", range(4))
def test_the_counts_are_those_of_a_plain_count(office, seed):
    scatter(seed, 30)
    for wanted in (Wanted(TODAY, 2025), Wanted(BEFORE, 2024, by=Part.PARK)):
        board = tiers.get_board(wanted)
        plain = Plain(wanted)
        statuses = [plain.status(firm, wanted.on) for firm in plain.living]
        assert board.statuses == {one: statuses.count(one) for one in EnterpriseStatus}
        tags = {tag.id: plain.tag(tag) for tag in all_of(Tag, Tag.code.is_not(None))}
        assert {row.id: (row.held, row.entered, row.left) for row in board.tags} == tags
        found = board.measures.items()
        assert {m: (r.filed, r.entered, r.left, list(r.reached.values())) for m, r in found} == {
            measure: plain.measure(measure) for measure in tiers.MEASURES
        }
        assert sum(row.registered for row in board.parts) == board.registered
        assert sum(row.reached for row in board.parts) == board.chosen.reached[FLOORS[0]]


def test_it_costs_few_statements_however_many_there_are(office, statements):
    firms(2)
    db.session.commit()
    with statements() as few:
        office.get("tiers.board")
    scatter(5)
    with statements() as many:
        office.get("tiers.board")
    assert len(few) <= len(many) <= 10


def test_it_is_taken_home_with_its_sentences(quoted):
    taken = quoted.post("/enterprises/tiers/export.csv?by=street", status=200)
    rows = list(csv.reader(io.StringIO(taken.response.data.decode("utf-8-sig"))))
    assert rows[0] == [
        "表",
        "类别",
        "级别、额度或范围",
        "企业",
        "其中总数",
        "较上年同日新增",
        "较上年同日退出",
    ]
    assert ["标签", "规上企业", "", "2", "5", "2", "0"] in rows
    assert ["年度指标", "2025 产值", "5亿元以上", "1", "3", "", ""] in rows
    assert ["街道", "规上企业", "湖畔街道", "2", "5", "", ""] in rows
    book = quoted.post("/enterprises/tiers/export.xlsx", status=200)
    assert book.response.data.startswith(b"PK")


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("on=2026-02-30", "2026-11-23"),
        ("on=9999-12-31", "请选择"),
        ("on=0001-01-01", "请选择"),
        ("year=1", "有效"),
        ("year=abc", ""),
        ("measure=staff", "有效"),
        ("measure=what", ""),
        ("by=name", ""),
        ("on=&year=&measure=&by=", ""),
        ("on=\x00&year=" + "9" * 30, ""),
    ],
)
def test_what_cannot_be_asked_is_said_and_today_is_shown(office, asked, says):
    firms(1)
    page = office.get(f"/enterprises/tiers?{asked}")
    assert "截至2026年11月28日" in page.main
    assert says in " ".join(page.errors)


@pytest.mark.parametrize("role", [Role.CADRE, Role.OFFICER, Role.HANDLER, Role.AUDITOR, Role.LEADER])
def test_whoever_reads_the_register_reads_the_board(database, client_for, role):
    person = client_for(make_person([role]))
    assert person.get("tiers.board").heading == "企业分层"


def test_an_odd_day_in_a_list_is_left_out(office):
    firms(1)
    for day in ("0001-01-01", "1899-12-31", "2026-02-30"):
        page = office.get(f"/enterprises?on={day}&standing=entered")
        assert "（无法识别，未采用）" in page.main
