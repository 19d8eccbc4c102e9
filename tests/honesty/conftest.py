"""An office of Monday, 23 November 2026, and the questions raised in it."""

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person, make_unit
from visits.core.authz import SYSTEM
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Role
from visits.honesty import operations
from visits.honesty.models import RecordQuestion
from visits.honesty.queries import waiting_count


@pytest.fixture(autouse=True)
def _day(database, at):
    at("2026-11-23")


@pytest.fixture
def author():
    """A cadre who records visits."""
    return make_person([Role.CADRE], make_unit(), name="赵走访")


@pytest.fixture
def coordinator():
    """Somebody of the office."""
    return actor_for(make_person([Role.COORDINATOR], make_unit(), name="林协"))


@pytest.fixture
def questions():
    """Look at the records of late, and say what stands asked, the first first."""

    def ask():
        operations.raise_questions(SYSTEM, today())
        return list(db.session.scalars(sa.select(RecordQuestion).order_by(RecordQuestion.id)))

    return ask


@pytest.fixture
def count_waiting():
    """How many questions lie before the office, as somebody sees it."""
    return lambda actor: db.session.scalar(sa.select(waiting_count(actor)))
