"""Several short lists read by one statement keep their order, number and kinds of values."""

from datetime import timedelta

import sqlalchemy as sa

from tests.factories.accounts import make_person, make_unit
from tests.factories.issues import make_issue
from visits.accounts.models import Person, Unit
from visits.core.clock import now, today
from visits.core.together import Few, read_together
from visits.issues.models import Issue
from visits.issues.states import State


def test_each_list_comes_as_it_would_alone(database, statements):
    make_issue(title="道路破损")
    for name in ("甲", "乙", "丙"):
        make_person(name=name, unit=make_unit(f"{name}局"))
    database.session.commit()
    lists = {
        "people": Few(sa.select(Person.id, Person.name), (Person.id.desc(),), 2),
        "problems": Few(
            sa.select(Issue.title, Issue.state, Issue.registered_on, Issue.state_since, Issue.confidential),
            (Issue.id,),
        ),
        "nobody": Few(sa.select(Unit.name).where(sa.false()), (Unit.name,)),
        "units": Few(sa.select(Unit.name).where(Unit.name.in_(["甲局", "乙局", "丙局"])), (Unit.id,), 3),
    }
    with statements() as seen:
        found = read_together(lists)
    assert len(seen) == 1
    assert [row.name for row in found["people"]] == ["丙", "乙"]
    (problem,) = found["problems"]
    assert (problem.title, problem.state, problem.registered_on) == ("道路破损", State.REGISTERED, today())
    assert problem.confidential is False
    assert timedelta(0) <= now() - problem.state_since < timedelta(hours=1)
    assert found["nobody"] == []
    assert [row.name for row in found["units"]][-3:] == ["甲局", "乙局", "丙局"]
    assert found == {name: one.rows() for name, one in lists.items()}


def test_no_lists_ask_nothing(database, statements):
    with statements() as seen:
        assert read_together({}) == {}
    assert seen == []
