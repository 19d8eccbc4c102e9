"""Rows of a ledger laid beside the office: which visits they bring, why they stay out."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.enterprises import make_code, make_enterprise
from tests.factories.outreach import make_visit
from tests.factories.programmes import join, make_group, make_link, make_programmes
from tests.support.browser import apart
from tests.support.visit_ledgers import HEADER, book, ledger
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Role
from visits.enterprises.models import FormerName
from visits.outreach.ledger.carrying import VISITS
from visits.outreach.models import Attendance, PairProgramme, Promise, Visit, VisitPair, VisitText
from visits.outreach.operations import voiding
from visits.programmes.models import VisitMode

FIRM, OTHER = "湖畔精密机械有限公司", "湖畔第二纺织有限公司"
SHAPED = (
    "client_id",
    "import_run_id",
    "timely_until",
    "id",
    "recorded_at",
    "author_id",
    "visit_id",
    "pair_id",
)


@pytest.fixture
def office(database):
    """A coordinator, two cadres of one name in two units, two enterprises, the programmes."""
    ids = make_programmes()
    unit, second = make_unit("经济发展局"), make_unit("科技局")
    people = {
        "coordinator": make_person([Role.COORDINATOR]),
        "zhang": make_person([Role.CADRE], name="张伟", unit=unit),
        "li": make_person([Role.CADRE], name="李芳", unit=second),
        "wang": make_person([Role.CADRE], name="王强", unit=unit),
        "other_wang": make_person([Role.CADRE], name="王强", unit=second),
    }
    firms = [make_enterprise(FIRM, code=make_code(701)), make_enterprise(OTHER, code=make_code(702))]
    db.session.commit()
    return {"programmes": ids, "firms": firms, **people}


@pytest.fixture
def take_in(app, office):
    """Take a ledger in; return its plan."""

    def run(content, filename="台账.csv", **options):
        actor = actor_for(office["coordinator"])
        mode = options.pop("mode", VisitMode.ON_SITE)
        chosen = {"mode": mode, "programme_ids": list(office["programmes"].values())}

        def work():
            with app.app_context():
                return written()

        def written():
            found = VISITS.import_file(actor, actor.person_id, content, filename, chosen, **options)
            db.session.commit()
            return found.plan

        return apart(work)

    return run


def fates(plan):
    counts = plan.counts()
    return tuple(counts[key] for key in ("rows", "created", "unchanged", "skipped", "rejected", "visits"))


def reasons(plan):
    return [error.reason % error.params for error in plan.errors()]


def warnings(plan):
    return [warning.reason % warning.params for warning in plan.warnings]


def visits():
    db.session.rollback()
    return db.session.scalars(sa.select(Visit).order_by(Visit.visited_on, Visit.id)).all()


def people_of(visit):
    wanted = sa.select(Attendance).where(Attendance.visit_id == visit.id).order_by(Attendance.id)
    return [(row.name, row.unit_name, row.person_id) for row in db.session.scalars(wanted)]


def row(day="2025-11-3", firm=FIRM, code="", mode="实地", people="张伟", unit="", note="看了车间。"):
    return ("1", day, firm, code, mode, people, unit, note)


def test_a_row_is_the_visit_that_its_words_say(take_in, office):
    plan = take_in(ledger(row(people="张伟、李芳、赵敏（税务局）")))
    assert fates(plan) == (1, 1, 0, 0, 0, 1)
    (visit,) = visits()
    assert (visit.visited_on, visit.mode, visit.summary) == (
        date(2025, 11, 3),
        VisitMode.ON_SITE,
        "看了车间。",
    )
    assert (visit.import_run_id, visit.recorded_on) == (plan.run_id, today())
    assert visit.author_id == office["coordinator"].id
    assert people_of(visit) == [
        ("张伟", "经济发展局", office["zhang"].id),
        ("李芳", "科技局", office["li"].id),
        ("赵敏", "税务局", None),
    ]


def shape(model, visit_id):
    """The rows of a visit without what must differ: who wrote it by what means, and when."""
    key = Visit.id if model is Visit else model.visit_id
    found = db.session.execute(sa.select(model.__table__).where(key == visit_id)).mappings()
    return sorted(str(sorted((k, str(v)) for k, v in row.items() if k not in SHAPED)) for row in found)


def programmes_of(visit_id):
    stmt = sa.select(VisitPair.enterprise_id, PairProgramme.programme_id).where(
        VisitPair.visit_id == visit_id
    )
    return sorted(
        map(tuple, db.session.execute(stmt.join(PairProgramme, PairProgramme.pair_id == VisitPair.id)))
    )


@pytest.fixture
def by_hand(office):
    """What is stored of a visit of yesterday to both enterprises, recorded by hand and void since."""
    group = make_group(name="第一服务组")
    join(group, office["zhang"], from_on=date(2020, 1, 1))
    make_link(office["firms"][0], group=group, from_on=date(2020, 1, 1))
    visit = make_visit(
        *office["firms"],
        author=office["coordinator"],
        people=[office["zhang"], office["li"]],
        programmes=tuple(office["programmes"]),
        visited_on=today() - timedelta(days=1),
        summary="看了车间。",
        place="一号车间",
    )
    stored = {model: shape(model, visit.id) for model in (Visit, VisitPair, Attendance, VisitText)}
    found = programmes_of(visit.id)
    voiding.void_visit(actor_for(office["coordinator"]), visit, "为台账让位", {})
    db.session.commit()
    return stored, found


def test_it_is_written_as_a_visit_recorded_by_hand(take_in, by_hand):
    """Only the id, the run, the author and the day until which it is no late entry differ."""
    stored, programmes = by_hand
    day = (today() - timedelta(days=1)).isoformat()
    content = ledger(
        (day, f"{FIRM}、{OTHER}", "张伟、李芳", "看了车间。", "一号车间", "无"),
        header=("走访日期", "企业名称", "走访人员", "走访内容", "地点", "有无问题"),
    )
    assert fates(take_in(content)) == (1, 1, 0, 0, 0, 1)
    visit = visits()[-1]
    for model, expected in stored.items():
        assert shape(model, visit.id) == expected, model
    assert programmes_of(visit.id) == programmes
    assert len(programmes) == 3


def test_each_day_in_a_cell_is_a_visit_and_a_range_is_one(take_in):
    content = ledger(row("11月3日、5日"), row("11月10日至12日"), title="湖畔区2025年走访台账")
    plan = take_in(content)
    assert fates(plan) == (2, 2, 0, 0, 0, 3)
    assert [visit.visited_on.day for visit in visits()] == [3, 5, 10]
    assert visits()[2].summary == "2025-11-10–2025-11-12\n看了车间。"
    assert "2025-11-10" in " ".join(warnings(plan))


def test_several_enterprises_in_a_cell_are_one_visit(take_in):
    plan = take_in(ledger(row(firm=f"{FIRM}、{OTHER}")))
    assert fates(plan) == (1, 1, 0, 0, 0, 1)
    assert db.session.scalar(sa.select(sa.func.count(VisitPair.id))) == 2


def test_merged_cells_stand_in_each_of_their_rows(take_in):
    rows = [("1", "", FIRM, "", "实地", "张伟"), ("2", "", OTHER, "", "实地", "张伟")]
    plan = take_in(book(rows, merged=[(2, 3, 1, "11月3日")]), "台账.xlsx")
    assert fates(plan) == (2, 2, 0, 0, 0, 2)
    assert {visit.visited_on for visit in visits()} == {date(2025, 11, 3)}


def test_enterprises_are_found_by_code_name_and_former_name(take_in, office):
    db.session.add(FormerName(enterprise_id=office["firms"][1].id, name="湖畔老纺织厂"))
    db.session.commit()
    plan = take_in(
        ledger(
            row(firm="写错的名字", code=make_code(701)),
            row("2025-11-4", firm="湖畔老纺织厂"),
            row("2025-11-5", firm=FIRM, code="9135"),
        )
    )
    assert fates(plan) == (3, 3, 0, 0, 0, 3)
    assert f"By its code this is {FIRM}." in warnings(plan)
    assert f"The register calls this enterprise {OTHER}." in warnings(plan)
    assert "The code is wrong; the enterprise was found by its name." in warnings(plan)


def test_a_code_and_a_name_of_two_enterprises_bring_no_visit(take_in, office):
    db.session.add(FormerName(enterprise_id=office["firms"][1].id, name="湖畔老纺织厂"))
    db.session.commit()
    plan = take_in(
        ledger(
            row(firm=OTHER, code=make_code(701)),
            row("2025-11-4", firm="湖畔老纺织厂", code=make_code(701)),
            row("2025-11-5", firm=OTHER, code=make_code(702)),
        )
    )
    assert [visit.visited_on for visit in visits()] == [date(2025, 11, 5)]
    said = [(error.row, error.reason % error.params) for error in plan.errors()]
    why = f"The code is that of {FIRM}, the name that of {OTHER} ({make_code(702)}). "
    assert said == [(n, why + "Correct one of the two, or leave the code out.") for n in (2, 3)]


def test_a_former_name_that_another_enterprise_bears_now_goes_by_the_code(take_in, office):
    db.session.add(FormerName(enterprise_id=office["firms"][0].id, name=OTHER))
    db.session.commit()
    take_in(ledger(row(firm=OTHER, code=make_code(701))))
    assert db.session.scalars(sa.select(VisitPair.enterprise_id)).all() == [office["firms"][0].id]


def test_an_enterprise_not_in_the_register_is_told_with_those_that_come_near(take_in):
    before = db.session.scalar(sa.text("SELECT count(*) FROM enterprises"))
    plan = take_in(
        ledger(row(firm="湖畔精密机械厂"), row(firm="远山茶叶有限公司"), row(firm="", code=make_code(799)))
    )
    assert fates(plan) == (3, 0, 0, 0, 3, 0)
    assert FIRM in reasons(plan)[0]
    assert "no enterprise of this name" in reasons(plan)[1]
    assert make_code(799) in reasons(plan)[2]
    assert db.session.scalar(sa.text("SELECT count(*) FROM enterprises")) == before
    assert visits() == []


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (row("去年"), "Not a date"),
        (row(""), "day of the visit is missing"),
        (row("2025-02-30"), "no such day"),
        (row("2999-01-01"), "future"),
        (row("1999-12-31"), "before the year 2000"),
        (row("3/5/2025"), "2025-03-05"),
        (row("11月3日"), "year is missing"),
        (row(firm=""), "enterprise is missing"),
        (row(people=""), "who took part"),
        (row(mode="飞鸽"), "Not one mode"),
        (row(firm=FIRM, code=make_code(702 + 50)), "under the code"),
        (row(people="王强"), "Several people are called 王强"),
        (row(firm="#N/A"), "#N/A"),
        (row(note="长" * 5001), "5000"),
        (row(people="名" * 61), "too long for a name"),
        (
            row(firm=FIRM + "、" + OTHER, code=f"{make_code(701)}、{make_code(702)}、{make_code(703)}"),
            "3 codes",
        ),
    ],
)
def test_a_bad_row_stays_out_with_a_sentence(take_in, cells, says):
    plan = take_in(ledger(cells, row("2025-12-1")))
    assert fates(plan) == (2, 1, 0, 0, 1, 1)
    assert says in " ".join(reasons(plan))
    assert len(visits()) == 1


def test_of_several_days_one_bad_one_keeps_the_row_out(take_in):
    plan = take_in(ledger(row("2025-11-3、2999-1-1")))
    assert (fates(plan), visits()) == ((1, 0, 0, 0, 1, 0), [])


def test_people_of_one_name_are_told_apart_by_their_unit(take_in, office):
    plan = take_in(ledger(row(people="王强", unit="科技局"), row("2025-11-4", people="王强（经发局）")))
    assert fates(plan) == (2, 2, 0, 0, 0, 2)
    found = [people_of(visit)[0][2] for visit in visits()]
    assert found == [office["other_wang"].id, office["wang"].id]


def test_a_namesake_of_another_unit_is_not_our_man(take_in):
    take_in(ledger(row(people="张伟（税务局）")))
    assert people_of(visits()[0]) == [("张伟", "税务局", None)]


def test_a_second_import_adds_nothing_and_an_overlapping_one_only_what_is_new(take_in):
    content = ledger(row(), row("2025-11-4"), row("2025-11-4"))
    assert fates(take_in(content)) == (3, 2, 0, 1, 0, 2)
    again = take_in(content)
    assert (fates(again), again.run_id) == ((3, 0, 2, 1, 0, 0), None)
    overlapping = take_in(ledger(row("2025-11-4", people="李芳、张伟"), row("2025-11-5")))
    assert fates(overlapping) == (2, 1, 1, 0, 0, 1)
    assert len(visits()) == 3


def test_a_visit_recorded_by_hand_is_known_again(take_in, office):
    day = today() - timedelta(days=2)
    make_visit(office["firms"][0], author=office["zhang"], visited_on=day)
    db.session.commit()
    plan = take_in(
        ledger(row(day.isoformat()), row(day.isoformat(), people="李芳"), row(day.isoformat(), mode="电话"))
    )
    assert fates(plan) == (3, 2, 1, 0, 0, 2)


def test_of_a_joint_visit_only_what_is_missing_comes_in(take_in):
    take_in(ledger(row()))
    content = ledger(row(firm=f"{FIRM}、{OTHER}"))
    assert fates(take_in(content)) == (1, 1, 0, 0, 0, 1)
    assert fates(take_in(content)) == (1, 0, 1, 0, 0, 0)
    assert db.session.scalar(sa.select(sa.func.count(VisitPair.id))) == 2


def test_totals_headings_and_blank_rows_are_left_out(take_in):
    plan = take_in(ledger(row(), HEADER, ("合计", "", "1家"), ("", "", "", "")))
    assert fates(plan) == (3, 1, 0, 2, 0, 1)


def test_problems_are_kept_in_the_note_and_none_is_registered(take_in):
    header = ("走访日期", "企业名称", "走访人员", "走访内容", "主要诉求")
    plan = take_in(
        ledger(
            ("2025-11-3", FIRM, "张伟", "看了。", "用电贵"),
            ("2025-11-4", FIRM, "张伟", "", "无"),
            header=header,
        )
    )
    first, second = visits()
    assert (first.summary, second.summary) == ("看了。\n主要诉求：用电贵", "")
    silent = db.session.scalars(sa.select(VisitPair.has_no_issues).order_by(VisitPair.visit_id)).all()
    assert silent == [False, True]
    assert any("No problem is registered" in warning for warning in warnings(plan))
    assert db.session.scalar(sa.text("SELECT count(*) FROM issues")) == 0


def test_programmes_groups_and_promises_are_taken_over(take_in, office):
    make_group(name="第三服务组")
    db.session.commit()
    header = ("走访日期", "企业名称", "走访人员", "行动", "组别", "承诺事项", "责任人", "承诺期限")
    plan = take_in(
        ledger(
            ("2025-11-3", FIRM, "张伟", "企业大走访", "第三服务组", "送政策", "李芳", "2025-12-1"),
            ("2025-11-4", FIRM, "张伟", "春风行动", "", "", "", ""),
            ("2025-11-5", FIRM, "张伟", "组团联企", "", "", "", ""),
            ("2025-11-6", FIRM, "张伟", "", "第九组", "", "", ""),
            ("2025-11-7", FIRM, "张伟", "", "", "送政策", "", "快了"),
            header=header,
        )
    )
    assert fates(plan) == (5, 1, 0, 0, 4, 1)
    said = " ".join(reasons(plan))
    assert "春风行动" in said
    assert f"No group answers for {FIRM}" in said
    assert "There is no group" in said
    promise = db.session.scalars(sa.select(Promise)).one()
    assert (promise.text, promise.owner, promise.due_on) == ("送政策", "李芳", date(2025, 12, 1))
    assert visits()[0].group_id is not None


def test_a_dry_run_says_the_same_and_writes_nothing(take_in):
    content = ledger(row(), row("去年"), row("2025-11-4"), row())
    tried = take_in(content, dry_run=True)
    assert visits() == []
    done = take_in(content)
    assert fates(tried) == fates(done) == (4, 2, 0, 1, 1, 2)
    assert reasons(tried) == reasons(done)
    assert warnings(tried) == warnings(done)
