"""What the office may set: shown with default and who set it, checked by kind, by administrators only."""

import pytest

from tests.factories.accounts import actor_for, make_person
from visits.admin import operations
from visits.core.errors import NotAllowed, NotFound, Refused
from visits.core.permissions import Role
from visits.core.settings import KNOWN, Kind, get_setting


@pytest.fixture
def admin(database, client_for, at):
    at("2026-11-23")
    return client_for(make_person([Role.ADMIN], name="管理员"))


def test_a_setting_is_changed_and_says_who_did_it(admin):
    rows = {row[0].split()[0]: row for row in admin.get("admin.settings").rows}
    assert rows["开发区名称"][3] == "—"
    admin.post("admin.setting", {"value": "临湖经济开发区"}, key="zone_name")
    admin.post("admin.setting", {"value": "2026-03-01"}, key="count_from")
    assert (get_setting("zone_name"), get_setting("count_from")) == ("临湖经济开发区", "2026-03-01")
    page = admin.get("admin.settings")
    assert "管理员" in next(row[3] for row in page.rows if row[0].startswith("开发区名称"))
    assert "临湖经济开发区" in page.text
    admin.post("admin.setting", {"value": ""}, key="count_from")
    row = next(row for row in admin.get("admin.settings").rows if row[0].startswith("累计数据起算日"))
    assert row[1] == "—"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("zone_name", ""),
        ("zone_name", " \u200b"),
        ("zone_name", "区" * 41),
        ("count_from", "2026-11-24"),
        ("count_from", "gestern"),
        ("count_from", "9999-12-31"),
        ("attachments_quota_mb", "99"),
        ("attachments_quota_mb", "viel"),
        ("attachments_quota_mb", ""),
        ("attachments_quota_mb", "-1"),
        ("attachments_quota_mb", "9" * 30),
    ],
)
def test_a_value_that_does_not_fit_is_refused(admin, key, value):
    before = get_setting(key)
    page = admin.post("admin.setting", {"value": value}, key=key, status=422)
    assert page.errors
    assert get_setting(key) == before


@pytest.mark.parametrize("key", ["demo", "calendar_edition", "nothing", "zone_name'--"])
def test_what_is_not_offered_cannot_be_set(admin, key):
    admin.get("admin.setting", key=key, status=404)
    admin.post("admin.setting", {"value": "1"}, key=key, status=404)


def test_every_setting_offered_has_words_and_bounds():
    for key, known in KNOWN.items():
        assert known.kind is Kind.INNER or known.label, key
        assert known.kind is not Kind.NUMBER or known.least < known.most, key


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_administrators_set(database, client_for, role):
    person = make_person([role])
    client_for(person).get("admin.settings", status=403)
    with pytest.raises(NotAllowed):
        operations.change_setting(actor_for(person), "zone_name", "别处")


def test_the_operation_checks_as_the_page_does(database, admin):
    actor = actor_for(make_person([Role.ADMIN]))
    with pytest.raises(Refused):
        operations.change_setting(actor, "attachments_quota_mb", None)
    with pytest.raises(NotFound):
        operations.change_setting(actor, "demo", True)


def test_a_form_overtaken_by_another_save_overwrites_nothing(admin, at):
    form = admin.get("admin.setting", key="zone_name")
    operations.change_setting(actor_for(make_person([Role.ADMIN])), "zone_name", "甲开发区")
    page = admin.post("admin.setting", {"value": "乙开发区"}, page=form, key="zone_name", status=409)
    assert "乙开发区" in page.main
    assert get_setting("zone_name") == "甲开发区"


def test_a_switch_is_shown_and_set_in_words(admin):
    def shown():
        return next(
            row[1:3] for row in admin.get("admin.settings").rows if row[0].startswith("月度通报对单位排名")
        )

    assert shown() == ["是", "是"]
    admin.post("admin.setting", {"value": None}, key="rank_units")
    assert shown() == ["否", "是"]
    admin.post("admin.setting", {"value": "y"}, key="rank_units")
    assert shown() == ["是", "是"]
