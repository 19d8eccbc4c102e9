"""A visit and a problem with the people around them, and the store their files lie in."""

from types import SimpleNamespace

import pytest

from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_issue, make_office
from tests.factories.outreach import make_visit
from visits.attachments.storage import Store
from visits.core.permissions import Role
from visits.issues.states import State


@pytest.fixture
def store(app, tmp_path, monkeypatch):
    """An empty store."""
    monkeypatch.setitem(app.config, "ATTACHMENTS", tmp_path / "attachments")
    return Store(tmp_path / "attachments")


@pytest.fixture
def world(database, store):
    """A visit, an assigned problem, and who stands how near to them."""
    office = make_office()
    unit = make_unit()
    author, companion = (make_person([Role.CADRE], unit) for _ in range(2))
    colleague = make_person([Role.HANDLER], unit)
    visit = make_visit(make_enterprise(), author=author, people=[author, companion])
    issue = make_issue(office, State.ASSIGNED)
    stranger = make_person([Role.CADRE, Role.HANDLER], make_unit())
    people = office.people | {
        "author": author,
        "companion": companion,
        "colleague": colleague,
        "stranger": stranger,
        "supervisor": make_person([Role.SUPERVISOR]),
        "admin": make_person([Role.ADMIN]),
    }
    database.session.commit()
    actors = {name: actor_for(person) for name, person in people.items()}
    return SimpleNamespace(office=office, visit=visit, issue=issue, people=people, actors=actors)


@pytest.fixture
def browser(world, client_for):
    """The browser of one of the world's people."""
    return lambda name: client_for(world.people[name])
