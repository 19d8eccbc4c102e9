"""A form that is open in two places says so, and tells nobody of records he was not shown."""

import re
from datetime import timedelta

import pytest

from tests.factories.accounts import make_person
from tests.factories.enterprises import make_enterprise
from visits.core import clock
from visits.core.db import db
from visits.core.permissions import Role


@pytest.fixture
def firm(database):
    firm = make_enterprise()
    db.session.commit()
    return firm.id


@pytest.fixture
def desk(database, client_for):
    def sit_down(name):
        person = make_person([Role.COORDINATOR], name=name)
        db.session.commit()
        return client_for(person)

    return sit_down


def report(browser, firm, status=200, token=None):
    page = browser.get("enterprises.edit", enterprise_id=firm)
    token = token if token is not None else page.root.first(class_="also-open")["data-also-open"]
    answer = browser.post("home.also_open", {"record": token}, page=page, status=status)
    return answer.response.json["text"] if status == 200 else answer


def test_the_second_is_told_of_the_first_and_the_first_at_his_next_question(desk, firm):
    first, second = desk("甲协调"), desk("乙协调")
    assert report(first, firm) == ""
    assert re.match("甲协调也正在填写", report(second, firm))
    assert re.match("乙协调也正在填写", report(first, firm))


def test_whoever_has_gone_is_forgotten(desk, firm):
    first, second = desk("甲协调"), desk("乙协调")
    report(first, firm)
    with clock.at(clock.now() + timedelta(minutes=3)):
        assert report(second, firm) == ""


def test_whoever_has_saved_has_the_form_open_no_more(desk, firm):
    first, second = desk("甲协调"), desk("乙协调")
    report(first, firm)
    first.post("enterprises.edit", {"address": "新街2号"}, enterprise_id=firm)
    assert report(second, firm) == ""


def test_another_record_says_nothing(desk, firm):
    other = make_enterprise()
    db.session.commit()
    report(desk("甲协调"), firm)
    assert report(desk("乙协调"), other.id) == ""


@pytest.mark.parametrize("token", ["", "/enterprises/1", "x" * 5000, "\x00"])
def test_a_token_nobody_signed_is_refused(desk, firm, token):
    report(desk("甲协调"), firm, status=400, token=token)


def test_a_form_without_a_record_reports_nothing(desk, firm):
    assert not desk("甲协调").get("enterprises.new").root.all(class_="also-open")
