"""Somebody who leaves and somebody who takes over."""

import pytest

from tests.factories.accounts import make_person
from tests.factories.handover import make_leaver
from visits.core.permissions import Role


@pytest.fixture
def leaver():
    return make_leaver()[0]


@pytest.fixture
def receiver():
    return make_person([Role.OFFICER], name="孙接任")
