"""The index of pairs finds exactly what a scan finds, and stays in step with whoever writes."""

from random import Random

import pytest
import sqlalchemy as sa

from tests.factories.issues import make_issue
from visits.core.folding import terms
from visits.core.health import Weight
from visits.core.search import ids_with, look_at_search, rebuild, standings
from visits.issues.models import Issue, IssueText

LETTERS = [
    *"融资贷款电力增容招聘工程款资",
    *"aBz9Ａ９．,-_%'\"*()“”，。:;\\",
    "𠮷",
    "😀",
    "é",
    " ",
    "\u3000",
    "\n",
    "ß",
]
KEPT = [
    "款",
    "贷款",
    "无还本续贷",
    "%",
    "__",
    "a'",
    '"*',
    "OR",
    "AND",
    "NOT",
    "near(",
    "😀",
    "😀😀",
    "。",
    "，。",
]


@pytest.fixture
def words_of(db):
    """Make problems with these descriptions; the ids in the same order."""

    def make(texts):
        first = make_issue()
        found = [first.id]
        first.description = texts[0]
        columns = [
            c.name for c in Issue.__table__.c if c.name not in {"id", "number", "client_id", "description"}
        ]
        for number, text in enumerate(texts[1:]):
            values = {name: getattr(first, name) for name in columns}
            issue = Issue(number=f"WT20200101-{number:04d}", description=text, **values)
            db.session.add(issue)
            db.session.flush()
            found.append(issue.id)
        db.session.flush()
        return found

    return make


def scanned(db, term):
    rows = db.session.execute(sa.select(IssueText.issue_id, IssueText.text))
    return {key for key, text in rows if term in text}


def found(db, term):
    return set(db.session.scalars(ids_with(Issue, term)))


def test_the_index_finds_what_a_scan_finds(db, words_of):
    dice = Random(7)
    words_of(["".join(dice.choices(LETTERS, k=dice.randint(1, 60))) for _ in range(120)])
    queries = KEPT + ["".join(dice.choices(LETTERS, k=dice.randint(1, 5))) for _ in range(400)]
    asked = {term for query in queries for term in terms(query)}
    assert len(asked) > 200
    for term in asked:
        assert found(db, term) == scanned(db, term), term


def test_a_changed_text_is_found_by_its_new_words_only(db, words_of):
    first, second = words_of(["申请变压器增容。", "流动资金贷款到期。"])
    issue = db.session.get(Issue, first)
    issue.description = "希望对接贷款。"
    db.session.flush()
    assert found(db, "增容") == set()
    assert found(db, "贷款") == {first, second}


def test_what_is_rolled_back_is_not_found(db, words_of):
    words_of(["申请变压器增容。"])
    db.session.commit()
    words_of(["流动资金贷款到期。"])
    db.session.rollback()
    assert (len(found(db, "增容")), found(db, "贷款")) == (1, set())


def test_it_is_seen_when_a_text_is_missing_or_wrong_and_mended(db, words_of):
    first, second = words_of(["申请变压器增容。", "流动资金贷款到期。"])
    assert [(s.wrong, s.missed) for s in standings()] == [(0, 0), (0, 0)]
    db.session.execute(sa.delete(IssueText).where(IssueText.issue_id == first))
    db.session.execute(sa.update(IssueText).where(IssueText.issue_id == second).values(text="别的"))
    assert {s.table: s.wrong for s in standings()} == {"issues": 2, "visits": 0}
    rebuild()
    assert [(s.wrong, s.missed) for s in standings()] == [(0, 0), (0, 0)]
    assert (found(db, "增容"), found(db, "贷款"), found(db, "别的")) == ({first}, {second}, set())


def test_it_is_seen_when_the_index_has_lost_something(db, words_of):
    words_of(["申请变压器增容。", "流动资金贷款到期。"])
    if db.engine.dialect.name == "sqlite":  # an index of PostgreSQL loses nothing
        db.session.execute(
            sa.text("INSERT INTO issue_texts_grams (issue_texts_grams) VALUES ('delete-all')")
        )
        assert {s.table: s.missed for s in standings()} == {"issues": 2, "visits": 0}
        assert [finding.weight for finding in look_at_search()] == [Weight.WRONG]
    rebuild()
    assert {s.table: s.missed for s in standings()} == {"issues": 0, "visits": 0}
    assert [finding.weight for finding in look_at_search()] == [Weight.FINE]
