"""Every address and every role: who is let in, what is shown of what one may not see, whose child it is."""

import re
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.factories.accounts import make_person, make_unit
from tests.journeys.records import CANARY, make_records
from tests.support.databases import roles_asked
from visits.core import authz
from visits.core.authz import Actor
from visits.core.db import db
from visits.core.permissions import Permission, Role
from visits.core.web import PUBLIC

ENDING_THE_SESSION = frozenset({"accounts.sign_out", "accounts.change_password"})
OUTSIDERS = {
    Role.CADRE,
    Role.OFFICER,
    Role.SPECIALIST,
    Role.GROUP_LEADER,
    Role.HANDLER,
    Role.UNIT_HEAD,
    Role.ADMIN,
}
UNKNOWN = 999_999_999
# Of these records only those who may read them learn that they exist.
CLOSED = {
    "visit_id",
    "issue_id",
    "meeting_id",
    "draft_id",
    "upload_id",
    "attachment_id",
    "saved_view_id",
    "bulk_run_id",
    "order_id",
    "topic_id",
    "item_id",
    "question_id",
    "plan_id",
    "absence_id",
    "handover_id",
    "report_id",
    "ledger_export_id",
    "suggestion_id",
    "notice_id",
}
# Who looks after something may read it whatever else they have to do with it.
LOOKED_AFTER = {"suggestion_id": Permission.FEEDBACK_ANSWER, "absence_id": Permission.ACCOUNTS_ADMIN}


@dataclass
class Address:
    """One rule of the application: its methods, its mark, the names in it."""

    rule: Any
    mark: Any

    @property
    def methods(self):
        return sorted(self.rule.methods & {"GET", "POST"})

    @property
    def closed(self):
        return sorted(self.rule.arguments & CLOSED)

    @property
    def is_export(self):
        return "/export." in self.rule.rule

    def filled(self, ids):
        names = self.rule.arguments - set(self.rule.defaults or ())
        parent = self.rule.rule.split("/")[1].removesuffix("s")
        built = self.rule.build({name: ids.get(f"{parent}_{name}", ids.get(name)) for name in names})
        assert built is not None, f"{self.rule.rule} takes other values"
        return built[1]

    def shuts_out(self, role):
        """The names of closed records in the address that are nothing to somebody of this role."""
        actor = Actor(person_id=1, roles=frozenset({role}))
        return [n for n in self.closed if n not in LOOKED_AFTER or not authz.may(actor, LOOKED_AFTER[n])]

    def lets_in(self, role):
        actor = Actor(person_id=1, roles=frozenset({role}))
        return not isinstance(self.mark, Permission) or authz.may(actor, self.mark)


@pytest.fixture
def records(database):
    """One record of each kind, with an unmistakable word in every text that not everybody may read."""
    made = make_records()
    db.session.commit()
    return made


@pytest.fixture
def addresses(app):
    """Every address but the files'."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    return [Address(rule, app.view_functions[rule.endpoint].mark) for rule in rules]


@pytest.fixture
def newcomer(client_for):
    """Open the browser of somebody of a role, in a unit of his own, who has to do with nothing so far."""

    def begin(role):
        person = make_person([role], make_unit())
        db.session.commit()
        return client_for(person)

    return begin


@cache
def token_of(browser):
    """The form token of somebody's browser, good for the whole test."""
    return browser.token(browser.get("home.index"))


def ask(browser, method, path):
    if method == "GET":
        return browser.get(path, status=None)
    return browser.open(path, method="POST", data={"csrf_token": token_of(browser)})


@pytest.mark.parametrize("role", roles_asked())
def test_every_address_lets_in_whom_the_grid_lets_in(newcomer, records, addresses, role):
    browser, wrong = newcomer(role), []
    for address in addresses:
        for method in address.methods:
            if method == "POST" and address.rule.endpoint in ENDING_THE_SESSION:
                continue
            data = {"csrf_token": token_of(browser)} if method == "POST" else None
            status = browser.status(address.filled(records.ids), method=method, data=data)
            if address.lets_in(role):
                is_right = status < 500 and (status != 403 or address.rule.arguments)
            else:
                is_right = status == 403
            wrong += [] if is_right else [(method, address.rule.rule, status)]
    assert wrong == []


def test_a_visitor_is_sent_to_sign_in(client_for, records, addresses):
    visitor, wrong = client_for(None), []
    for address in addresses:
        for method in address.methods if address.mark != PUBLIC else ():
            status = visitor.open(address.filled(records.ids), method=method).status
            if status != {"GET": 302, "POST": 401}[method]:
                wrong.append((method, address.rule.rule, status))
    assert wrong == []


def without_numbers(page):
    """An answer without what differs from address to address."""
    return page.status, re.sub(r"[0-9a-f]{8,}|\d+", "#", page.text)


@pytest.mark.parametrize("role", [role for role in roles_asked() if role in OUTSIDERS])
def test_what_one_may_not_see_answers_as_what_does_not_exist(newcomer, records, addresses, contents, role):
    browser = newcomer(role)
    before, told = contents(), []
    for address in addresses:
        for name in address.shuts_out(role):
            for method in address.methods:
                real = ask(browser, method, address.filled(records.ids))
                unknown = ask(browser, method, address.filled(records.ids | {name: UNKNOWN}))
                if real.status not in {403, 404} or without_numbers(real) != without_numbers(unknown):
                    told.append((method, address.rule.rule, real.status, unknown.status))
                assert CANARY not in real.text
    assert told == []
    assert contents() == before


def exported(browser, path):
    """What a person can read out of an exported file; nothing where the export is refused."""
    answer = ask(browser, "POST", path)
    if path.endswith(".csv") or answer.is_html:
        return answer.text
    book = CalamineWorkbook.from_filelike(BytesIO(answer.response.data))
    return str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])


@pytest.mark.parametrize("role", [role for role in roles_asked() if role in OUTSIDERS])
def test_no_list_search_count_or_total_shows_what_one_may_not_see(newcomer, records, addresses, role):
    browser, firm, leaks = newcomer(role), records.ids["enterprise_id"], []
    mine = [mark for mark in LOOKED_AFTER.values() if authz.may(Actor(1, roles=frozenset({role})), mark)]
    for address in addresses:
        if address.mark in mine:
            continue
        if "GET" in address.methods and not address.closed:
            for query in ("", f"?q={CANARY[:3]}", f"?q={records.number}", f"?enterprise={firm}"):
                page = browser.open(address.filled(records.ids) + query)
                leaks += [(address.rule.rule, query)] if CANARY in page.response.text else []
        elif address.is_export:
            leaks += [address.rule.rule] if CANARY in exported(browser, address.filled(records.ids)) else []
    assert leaks == []


def test_a_child_is_found_only_under_its_own_parent(client_for, records, addresses, contents):
    other = make_records()
    db.session.commit()
    office = [client_for(records.people["coordinator"]), client_for(records.people["admin"])]
    before, wrong = contents(), []
    for address in addresses:
        names = re.findall(r"<int:(\w+_id)>", address.rule.rule)
        if len(names) < 2 or names[-1] == "other_id":  # that is no child, but a second enterprise
            continue
        child = {key: value for key, value in other.ids.items() if key.endswith(names[-1])}
        path = address.filled(records.ids | child)
        answers = [(method, ask(browser, method, path)) for browser in office for method in address.methods]
        wrong += [(m, path, page.status) for m, page in answers if page.status not in {403, 404, 405}]
    assert wrong == []
    assert contents() == before
