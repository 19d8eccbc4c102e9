"""What one takes home from a list is what the list shows: the same rows, order, columns and words."""

import csv
import io
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from tests.factories.accounts import make_person, make_unit
from tests.factories.enterprises import make_code, make_enterprise
from tests.factories.issues import make_issue, make_office
from tests.factories.outreach import make_visit, problem_at
from tests.factories.programmes import make_group
from tests.support.databases import roles_asked
from visits.core import list_pages, listing
from visits.core.audit import AuditEntry
from visits.core.db import db
from visits.core.formulas import starts_formula
from visits.core.permissions import Role
from visits.enterprises.models import Enterprise
from visits.issues.models import Issue

NASTY = (
    "=HYPERLINK(\"http://x\",\"y\")",
    "＋1", "\u00a0@SUM(A1)", "-2+3", "<script>alert(1)</script>", "a\"b'c", "甲,乙;丙", "😀𠮷", "_x000D_行",
    "\u202e反", "0012", "'=1", "%(x)s {{7*7}}", "长" * 60,
)  # fmt: skip
LISTS = {
    "/enterprises": "coordinator",
    "/visits": "coordinator",
    "/issues": "coordinator",
    "/groups": "coordinator",
    "/due?view=all": "coordinator",
    "/people": "admin",
    "/ledgers/problems": "coordinator",
    "/ledgers/visits": "coordinator",
    "/ledgers/enterprises": "coordinator",
    "/totals/registered": "coordinator",
    "/totals/visit_count": "coordinator",
    "/totals/person_times": "coordinator",
}


def take(browser, address, kind="xlsx", **fields):
    """Press the export button of a page; return the answer."""
    path, _, query = address.partition("?")
    url = f"{path}/export.{kind}?{query}"
    answer = browser.open(url, method="POST", data={"csrf_token": token_of(browser), **fields})
    answer.response.get_data()
    answer.response.close()
    return answer


def token_of(browser):
    return browser.token(browser.get("accounts.change_password"))


def rows_of(answer):
    """The headings and rows of a file, as texts."""
    content = answer.response.data
    if content.startswith(b"PK"):
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        return [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def _text(cell):
    if isinstance(cell, float):
        return str(int(cell))
    return cell.isoformat(" ")[:16] if hasattr(cell, "hour") else str(cell)


def shown_on(browser, address):
    """The headings and the rows of all pages of a list; what is not there is empty."""
    found, number = [], 1
    while True:
        page = browser.open(f"{address}{'&' if '?' in address else '?'}page={number}")
        found += [["" if cell == "—" else cell for cell in row] for row in page.rows]
        last = page.root.all("a", rel="next")
        if not last:
            return [head.text for head in page.root.all("th")], found
        number += 1


def fill(rows):
    """Rows in every list, with texts that are nobody's friends."""
    unit = make_unit("=单位")
    cadre = make_person([Role.CADRE], unit, name="+干部")
    for number in range(rows):
        nasty = NASTY[number % len(NASTY)]
        firm = make_enterprise(
            f"企业{number:02}{nasty}"[:110],
            code=make_code(1000 + number),
            street=nasty[:50],
            tags=[nasty[:20]],
        )
        make_visit(firm, author=cadre, problems=[problem_at(firm, title=f"{nasty}"[:70])], place=nasty)
        make_group(f"组{number}{nasty}"[:50], unit)
        make_person([Role.HANDLER], unit, name=nasty[:50])
    db.session.commit()


@pytest.fixture
def office(world):
    fill(6)
    return world


def test_a_file_holds_all_pages_cell_by_cell(world):
    fill(53)
    for path, who in LISTS.items():
        browser = world.browsers[who]
        heads, rows = shown_on(browser, path)
        assert len(rows) > 50, path
        for kind in ("xlsx", "csv"):
            answer = take(browser, path, kind, set="shown")
            file_heads, *file_rows = rows_of(answer)
            assert (answer.status, file_heads, len(file_rows)) == (200, heads, len(rows)), path
            for seen, taken in zip(rows, file_rows, strict=True):
                for head, on_page, in_file in zip(heads, seen, taken, strict=True):
                    assert _alike(on_page, in_file), (path, kind, head, on_page, in_file)


def _alike(on_page, in_file):
    """The same words; a page may add the weekday of a day, and a mark behind a name or number."""
    if in_file.startswith("'") and starts_formula(in_file.lstrip("'")):
        in_file = in_file[1:]  # the quote of a csv
    words = " ".join(in_file.split()).replace("、", " ")
    return words in on_page.replace("、", " ")


FILTERED = [
    "/enterprises?q=企业0&sort=-name&columns=code,street",
    "/enterprises?group=none&columns=group,tags",
    "/issues?sort=number&state=open&columns=registered,author",
    "/visits?visited=this_year&columns=place,units&sort=-author",
    "/groups?lacks=leader&sort=-name",
    "/due?standing=free&sort=-name&columns=group,park",
    "/totals/registered?columns=unit,closed&sort=number",
    "/ledgers/problems?columns=source,state,progress&sort=-number",
    "/ledgers/visits?period=this_year&columns=people,late&sort=-enterprise",
    "/ledgers/enterprises?columns=street,registered&sort=-name",
]


def test_filter_sort_and_columns_are_those_of_the_page(office):
    browser = office.browsers["coordinator"]
    for address in FILTERED:
        heads, rows = shown_on(browser, address)
        file_heads, *file_rows = rows_of(take(browser, address, set="shown"))
        assert file_heads == heads
        assert len(rows) > 1, address
        for seen, taken in zip(rows, file_rows, strict=True):
            assert all(_alike(on_page, in_file) for on_page, in_file in zip(seen, taken, strict=True))


def test_with_the_columns_not_shown_the_file_holds_every_column(office):
    browser = office.browsers["coordinator"]
    few = rows_of(take(browser, "/issues?columns=state"))[0]
    every = rows_of(take(browser, "/issues?columns=state", every="1"))[0]
    assert few == ["编号", "问题标题", "状态"]
    assert len(every) > 20
    assert set(few) < set(every)


def test_the_file_says_who_took_what_and_when(office, at):
    browser = office.browsers["coordinator"]
    answer = take(browser, "/issues?state=open&registered=this_year&light=purple")
    name = unquote(answer.response.headers["Content-Disposition"])
    who = office.people["coordinator"].name
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.response.data))
    rows = len(rows_of(answer)) - 1
    notes = dict(row[:2] for row in book.get_sheet_by_name("说明").to_python())
    assert (notes["导出人"], notes["行数"]) == (who, str(rows))
    assert notes["筛选条件"].split("\n") == ["状态：全部未办结", "登记日期：今年"]
    assert f"{who}_共{rows}行.xlsx" in name
    assert answer.response.headers["Cache-Control"] == "no-store"


def test_each_export_is_in_the_log_and_changes_nothing_else(office, contents):
    browser = office.browsers["coordinator"]
    before = contents()
    rows = len(rows_of(take(browser, "/issues?state=open&sort=number", "csv"))) - 1
    assert contents() == before
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "list.exported").order_by(AuditEntry.id.desc())
    ).first()
    assert entry.actor_id == office.people["coordinator"].id
    assert {key: entry.changes[key] for key in ("list", "format", "rows", "query")} == {
        "list": "issues",
        "format": "csv",
        "rows": rows,
        "query": "state=open&sort=number",
    }
    assert entry.changes["columns"][:2] == ["number", "title"]


def test_a_file_is_not_had_by_a_link_or_without_a_token(world):
    for path, who in LISTS.items():
        browser, file = world.browsers[who], path.partition("?")[0] + "/export.xlsx"
        assert browser.open(file).status in {404, 405}
        assert browser.open(file, method="POST", data={}).status == 400
        assert take(browser, path, "exe").status in {404, 405}


def test_a_list_too_long_for_a_file_says_what_to_do(world, monkeypatch):
    monkeypatch.setattr(listing, "MOST_ROWS", 1)
    answer = take(world.browsers["coordinator"], "/groups?state=closed&state=working")
    assert answer.status == 200
    make_group("再一组")
    db.session.commit()
    answer = take(world.browsers["coordinator"], "/groups")
    assert answer.status == 422
    assert "最多1行" in answer.main


def test_only_a_few_files_are_made_at_once(world):
    browser = world.browsers["coordinator"]
    for _ in range(list_pages.AT_ONCE):
        assert list_pages._slots.acquire(blocking=False)
    try:
        answer = take(browser, "/groups")
        assert (answer.status, "稍后" in answer.main or "一分钟后" in answer.main) == (429, True)
    finally:
        for _ in range(list_pages.AT_ONCE):
            list_pages._slots.release()
    assert take(browser, "/groups").status == 200


CANARY = "金丝雀"
MAY = {
    "/enterprises": {*Role} - {Role.ADMIN},
    "/visits": {*Role} - {Role.ADMIN, Role.CALLBACK},
    "/issues": {*Role} - {Role.ADMIN},
    "/groups": {*Role} - {Role.ADMIN, Role.CALLBACK},
    "/due": {*Role} - {Role.ADMIN, Role.CALLBACK, Role.HANDLER, Role.UNIT_HEAD},
    "/people": {Role.ADMIN},
    "/totals/registered": {*Role} - {Role.ADMIN, Role.CALLBACK},
    "/totals/visit_count": {*Role} - {Role.ADMIN, Role.CALLBACK},
    "/totals/dispatched": {*Role} - {Role.ADMIN, Role.CALLBACK},
    "/ledgers/problems": {*Role} - {Role.ADMIN, Role.CALLBACK},
    "/ledgers/visits": {*Role} - {Role.ADMIN, Role.CALLBACK},
    "/ledgers/enterprises": {*Role} - {Role.ADMIN, Role.CALLBACK},
}
TELLING = {"/visits", "/issues", "/totals/registered", "/ledgers/problems", "/ledgers/visits"}
ALL_ROWS = {Role.COORDINATOR, Role.SUPERVISOR, Role.LEADER, Role.AUDITOR}


@pytest.mark.parametrize("role", roles_asked())
def test_nothing_out_of_reach_is_taken_home(database, client_for, role):
    """Somebody else's visit and problem bear a canary; who may not read them finds it in no file."""
    office = make_office()
    firm = make_enterprise("别处的企业")
    make_visit(firm, problems=[problem_at(firm, title=f"{CANARY}诉求")], summary=CANARY, place=CANARY)
    make_issue(office, enterprise=firm, title=f"{CANARY}交办", description=CANARY)
    person = make_person([role])
    db.session.commit()
    browser = client_for(person)
    foreign = db.session.scalar(sa.select(Issue.enterprise_id))
    for path, roles in MAY.items():
        for query in (
            "",
            f"?enterprise={foreign}&unit=none&group=none&state=all",
            "?columns=summary,place,description",
        ):
            answer = take(browser, f"{path}{query}", "csv", every="1")
            if role not in roles:
                assert answer.status in {403, 404}, path
            else:
                seen = CANARY in answer.response.data.decode("utf-8-sig")
                sees_all = role in ALL_ROWS or (role is Role.CALLBACK and path == "/issues")
                if path in TELLING and not query.startswith("?enterprise"):
                    assert seen is sees_all, (path, query)
                assert not seen or sees_all, (path, query)


def test_phones_in_files_are_masked(office):
    firm = db.session.scalars(sa.select(Enterprise)).first()
    issue = db.session.scalars(sa.select(Issue)).first()
    issue.reporter_phone, issue.enterprise_id = "13987654321", firm.id
    db.session.commit()
    for path in ("/issues", "/enterprises", "/visits"):
        data = take(office.browsers["coordinator"], path, "csv", every="1").response.data.decode()
        assert "13987654321" not in data
    data = take(office.browsers["coordinator"], "/issues", "csv", every="1").response.data.decode()
    assert "139****4321" in data


def test_a_file_of_many_rows_takes_as_many_statements(office, statements):
    browser = office.browsers["coordinator"]
    with statements() as few:
        take(browser, "/issues?q=甲,乙", every="1")
    with statements() as many:
        take(browser, "/issues", every="1")
    assert len(many) == len(few)
