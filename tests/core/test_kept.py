"""A sign-in that runs out in the middle of a form costs no text."""

import pytest
import sqlalchemy as sa

from tests.factories.accounts import PASSWORD, make_person
from visits.accounts.models import Unit
from visits.accounts.operations import end_sign_ins
from visits.core.db import db
from visits.core.permissions import Role


@pytest.fixture
def admin(database):
    return make_person([Role.ADMIN], username="admin", password=PASSWORD)


@pytest.fixture
def timed_out(admin, client_for):
    """A browser whose form was sent after the sign-in had ended, and the page it got."""
    browser = client_for(admin)
    form = browser.get("accounts.new_unit")
    end_sign_ins(admin.id)
    return browser, browser.post("accounts.new_unit", {"name": "甲科"}, page=form, status=401)


def sign_in(browser, page, username="admin", status=200):
    return browser.post(
        "accounts.sign_in", {"username": username, "password": PASSWORD}, page=page, status=status
    )


def units():
    return list(db.session.scalars(sa.select(Unit.name)))


def test_the_form_goes_on_after_signing_in_again(timed_out):
    browser, page = timed_out
    assert "已保留" in page.main
    page = sign_in(browser, page)
    assert "甲科" in page.main
    assert units() == []
    browser.post("/units/new", page=page)
    assert units() == ["甲科"]


def test_it_is_sent_once_however_often_one_goes_back(timed_out):
    browser, page = timed_out
    page = sign_in(browser, page)
    browser.post("/units/new", page=page)
    browser.post("/units/new", page=page)
    assert units() == ["甲科"]


def test_a_wrong_password_in_between_keeps_it(timed_out):
    browser, page = timed_out
    page = browser.post(
        "accounts.sign_in", {"username": "admin", "password": "wrong"}, page=page, status=422
    )
    assert "甲科" in sign_in(browser, page).main


def test_another_person_does_not_get_it(timed_out):
    browser, page = timed_out
    make_person([Role.ADMIN], username="other", password=PASSWORD)
    page = sign_in(browser, page, "other", status=303)
    assert page.location == "/"


@pytest.mark.parametrize("change", [lambda kept: kept[:-2], lambda kept: "x" + kept, lambda kept: ""])
def test_a_changed_parcel_is_left_unopened(timed_out, change):
    browser, page = timed_out
    kept = page.root.first("input", name="kept")["value"]
    data = {"username": "admin", "password": PASSWORD, "kept": change(kept)}
    assert browser.post("accounts.sign_in", data, page=page, status=303).location == "/"


def test_passwords_are_never_kept(admin, client_for):
    browser = client_for(admin)
    form = browser.get("accounts.change_password")
    end_sign_ins(admin.id)
    fields = {box["name"]: f"secret {box['name']}" for box in form.root.all("input", type="password")}
    page = browser.post("accounts.change_password", fields, page=form, status=401)
    page = browser.post(
        "accounts.sign_in", {"username": "admin", "password": PASSWORD}, page=page, status=None
    )
    assert len(fields) == 3
    assert "secret" not in page.response.text


def test_a_form_from_another_site_is_not_kept(admin, client_for):
    page = client_for(None).open(
        "/units/new", method="POST", data={"name": "甲科"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert page.status == 400


def test_passwords_are_never_shown_on_an_error_page(admin, client_for):
    browser = client_for(admin)
    form = browser.get("accounts.change_password")
    fields = {box["name"]: f"secret {box['name']}" for box in form.root.all("input", type="password")}
    page = browser.post(
        "accounts.change_password", fields | {"csrf_token": "forged"}, page=form, status=400
    )
    assert "secret" not in page.response.text
