"""The calendar and people's passwords from the command line."""

import json
from datetime import date

import pytest

from tests.factories.accounts import PASSWORD, make_person
from tests.support.browser import apart
from tests.support.notices import NOTICE_2027
from visits.accounts import operations, queries
from visits.accounts.models import LinkPurpose
from visits.core import passwords
from visits.core.authz import SYSTEM
from visits.core.calendar import fill_calendar, load_calendar
from visits.core.permissions import Role

NEW = "another 梧桐 lantern 58"
VECTORS = [
    ("2026-02-13", 3, "2026-02-25"),
    ("2026-02-13", 5, "2026-02-27"),
    ("2026-02-13", 7, "2026-03-02"),
    ("2026-04-30", 3, "2026-05-08"),
    ("2026-09-18", 1, "2026-09-20"),
    ("2026-09-30", 5, "2026-10-13"),
    ("2026-10-09", 1, "2026-10-10"),
    ("2026-01-01", 1, "2026-01-04"),
    ("2026-12-29", 2, "2026-12-31"),
    ("2026-12-30", 5, "2027-01-07"),
    ("2026-10-01", 0, "2026-10-08"),
]


@pytest.fixture
def command(app, database, at):
    at("2026-11-23")
    fill_calendar(range(2025, 2029))
    runner = app.test_cli_runner()
    return lambda *args, **kwargs: apart(lambda: runner.invoke(args=[*args], **kwargs))


@pytest.mark.parametrize(("start", "count", "due"), VECTORS)
def test_working_days_are_added(command, start, count, due):
    result = command("calendar", "add-workdays", start, str(count), "--format", "json")
    shape = json.loads(result.output)
    assert list(shape) == ["start", "workdays", "due", "provisional", "skipped"]
    assert (shape["start"], shape["workdays"], shape["due"]) == (start, count, due)
    assert shape["provisional"] is (due > "2026-12-31")
    assert command("calendar", "add-workdays", start, str(count)).output.startswith(due)


def test_days_that_do_not_count_are_named_with_their_reason(command):
    shape = json.loads(command("calendar", "add-workdays", "2026-04-30", "3", "--format", "json").output)
    assert [row["date"] for row in shape["skipped"]] == [f"2026-05-0{n}" for n in range(1, 6)]
    assert shape["skipped"][0]["why"] == "劳动节"
    shape = json.loads(command("calendar", "add-workdays", "2026-11-20", "1", "--format", "json").output)
    assert shape["skipped"] == [
        {"date": "2026-11-21", "why": "周六"},
        {"date": "2026-11-22", "why": "周日"},
    ]


@pytest.mark.parametrize(
    "args",
    [
        ("add-workdays", "2026-02-30", "3"),
        ("add-workdays", "morgen", "3"),
        ("add-workdays", "2026-02-13", "-1"),
        ("add-workdays", "2026-02-13", "99999999"),
        ("add-workdays", "2026-02-13", "drei"),
        ("add-workdays", "9999-12-30", "5"),
        ("show", "9999"),
        ("show", "1066"),
        ("import", "/nowhere/notice.txt"),
        ("import", "/dev/null"),
    ],
)
def test_what_cannot_be_counted_is_said(command, args):
    result = command("calendar", *args)
    assert result.exit_code != 0
    assert "Traceback" not in result.output
    assert isinstance(result.exception, SystemExit)


def test_a_year_is_shown(command):
    result = command("calendar", "show", "2026")
    assert result.output.startswith("2026年共248个工作日。")
    assert "2026-02-14 周六 工作日 调休上班" in result.output
    shape = json.loads(command("calendar", "show", "2027", "--format", "json").output)
    assert (shape["year"], shape["provisional"]) == (2027, True)


def test_a_notice_is_imported(command, tmp_path):
    file = tmp_path / "通知.txt"
    file.write_bytes(NOTICE_2027.encode("gb18030"))
    tried = json.loads(command("calendar", "import", str(file), "--dry-run", "--format", "json").output)
    assert load_calendar().day(date(2027, 2, 20)).is_provisional
    done = json.loads(command("calendar", "import", str(file), "--format", "json").output)
    assert tried == done | {"published": False}
    assert {"date": "2027-02-20", "working": True} in done["days"]
    assert (
        json.loads(command("calendar", "show", "2027", "--format", "json").output)["provisional"] is False
    )


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01", "你好".encode(), b"\xff\xfe\x00", NOTICE_2027[:-4].encode()]
)
def test_a_file_that_is_no_notice_is_refused(command, tmp_path, content):
    file = tmp_path / "x.txt"
    file.write_bytes(content)
    result = command("calendar", "import", str(file))
    assert result.exit_code == 1
    assert "Traceback" not in result.output


def test_a_link_for_a_new_password_is_printed(command):
    make_person([Role.CADRE], username="li.na", password=PASSWORD)
    result = command("users", "reset-password", " LI.NA ")
    path, code = result.stdout.strip().split("#")
    assert (result.exit_code, path) == (0, "/password/reset")
    operations.use_password_link(LinkPurpose.RESET, code, NEW)
    assert passwords.matches(queries.get_person_by_username("li.na").password_hash, NEW)


def test_the_link_has_the_address_people_know(command, app, monkeypatch):
    monkeypatch.setitem(app.config, "PUBLIC_BASE_URL", "https://visits.example")
    make_person(username="li.na")
    assert command("users", "reset-password", "li.na").stdout.startswith(
        "https://visits.example/password/invite#"
    )


def test_a_password_is_set_from_the_input(command):
    person = make_person(username="li.na")
    result = command("users", "reset-password", "li.na", "--password-stdin", input=f"{NEW}\n")
    assert result.exit_code == 0
    assert NEW not in result.output
    assert passwords.matches(queries.get_person(person.id).password_hash, NEW)


@pytest.mark.parametrize(
    ("username", "password", "says"),
    [
        ("nobody", NEW, "没有名为nobody的账号"),
        ("li.na", "1234567890", "容易被猜到"),
        ("gone", None, "已停用"),
    ],
)
def test_a_refusal_leaves_the_account_as_it_was(command, username, password, says):
    make_person(username="li.na")
    operations.disable_person(SYSTEM, make_person(username="gone"), "调离")
    more = ["--password-stdin"] if password else []
    result = command("users", "reset-password", username, *more, input=password)
    assert result.exit_code == 1
    assert says in result.output
    assert queries.get_person_by_username("li.na").password_hash is None
