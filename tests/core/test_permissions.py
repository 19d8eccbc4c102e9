"""Who may do what, read the other way round: role by role, as the office says it."""

import pytest

from visits.core.permissions import GRID, PERMISSION_LABELS, ROLE_LABELS, Permission, Reach, Role, reach_of

FILES = {"attachments:add", "attachments:remove"}
PARTIES = {"handover:open", "handover:read"}
DESK = {
    *FILES,
    "issues:duty",
    "issues:fulfil",
    "issues:handle",
    "issues:read",
    "issues:slip",
    "meetings:read",
    "outreach:read",
    "reports:read",
    "supervision:read",
    "supervision:reply",
    *PARTIES,
}
FIELD = {
    *FILES,
    *PARTIES,
    "coverage:read",
    "enterprises:provision",
    "enterprises:verify",
    "honesty:answer",
    "honesty:read",
    "issues:flag",
    "issues:register",
    "outreach:amend",
    "outreach:plan",
    "outreach:record",
}
PRESSING = {
    *PARTIES,
    "coverage:read",
    "lists:share",
    "issues:flag",
    "issues:reopen",
    "issues:urge",
    "meetings:read",
    "meetings:write",
    "outreach:oversee",
    "supervision:board",
    "supervision:order",
    "supervision:read",
    "supervision:samples",
    "supervision:topics",
}
HELD = {
    Role.CADRE: {*FIELD, "issues:amend", "issues:read", "outreach:read", "reports:read"},
    Role.OFFICER: {
        *FIELD,
        "issues:amend",
        "issues:read",
        "outreach:read",
        "reports:read",
        "enterprises:reveal",
        "issues:reopen",
        "issues:withdraw",
    },
    Role.SPECIALIST: {
        *FIELD,
        "issues:amend",
        "issues:read",
        "outreach:read",
        "reports:read",
        "enterprises:reveal",
        "issues:reopen",
        "issues:withdraw",
    },
    Role.GROUP_LEADER: {
        *FIELD,
        "issues:amend",
        "issues:read",
        "issues:reopen",
        "issues:urge",
        "meetings:read",
        "meetings:write",
        "outreach:read",
        "reports:read",
        "supervision:board",
    },
    Role.COORDINATOR: {p.value for p in Permission}
    - {
        "accounts:admin",
        "admin:jobs",
        "admin:log",
        "admin:settings",
        "feedback:answer",
        "inbox:deliver",
        "issues:evaluate",
        "issues:fulfil",
        "issues:handle",
        "issues:reopen",
        "issues:supervise",
        "issues:withdraw",
        "supervision:check",
        "supervision:reply",
    },
    Role.HANDLER: DESK,
    Role.UNIT_HEAD: DESK,
    Role.CALLBACK: {*PARTIES, "issues:evaluate", "issues:read", "enterprises:reveal", "enterprises:verify"},
    Role.SUPERVISOR: {
        *PRESSING,
        "honesty:close",
        "honesty:read",
        "issues:read",
        "issues:supervise",
        "monthly:publish",
        "monthly:read",
        "outreach:read",
        "reports:read",
        "superior:fill",
        "superior:read",
        "supervision:check",
    },
    Role.LEADER: {
        *PRESSING,
        "issues:read",
        "issues:review",
        "issues:rule",
        "issues:slip",
        "issues:void",
        "monthly:publish",
        "monthly:read",
        "outreach:read",
        "reports:read",
        "superior:fill",
        "superior:read",
    },
    Role.ADMIN: {
        *PARTIES,
        "accounts:admin",
        "admin:jobs",
        "admin:settings",
        "feedback:answer",
        "inbox:deliver",
        "superior:prepare",
        "superior:read",
    },
    Role.AUDITOR: {
        "admin:jobs",
        "admin:log",
        "coverage:read",
        "handover:read",
        "issues:read",
        "meetings:read",
        "monthly:read",
        "outreach:oversee",
        "outreach:read",
        "reports:read",
        "superior:fill",
        "superior:read",
        "supervision:read",
        "supervision:samples",
    },
}
# Before an account is closed its work is handed over; the page names nothing to whoever reads no register.
# Forms of the superior are laid out without seeing what fills them, messages sent again without their text.
ADMINISTERS = {
    Permission.ACCOUNTS_ADMIN,
    Permission.ADMIN_JOBS,
    Permission.ADMIN_SETTINGS,
    Permission.FEEDBACK_ANSWER,
    Permission.HANDOVER_OPEN,
    Permission.HANDOVER_READ,
    Permission.INBOX_DELIVER,
    Permission.SUPERIOR_PREPARE,
    Permission.SUPERIOR_READ,
}
READS_THE_REGISTER = set(Role) - {Role.ADMIN}
READS_PROGRAMMES = set(Role) - {Role.ADMIN, Role.CALLBACK}
CUT_DOWN = {
    "own": {Role.CADRE, Role.OFFICER, Role.SPECIALIST},
    "group": {Role.GROUP_LEADER},
    "unit": {Role.HANDLER, Role.UNIT_HEAD},
}


@pytest.mark.parametrize("role", Role)
def test_each_role_holds_exactly_these(role):
    expected = set(HELD[role])
    expected |= {"enterprises:read"} if role in READS_THE_REGISTER else set()
    expected |= {"issues:note"} if "issues:read" in expected and role is not Role.AUDITOR else set()
    expected |= {"programmes:read", "supervision:follow"} if role in READS_PROGRAMMES else set()
    assert {p.value for p in Permission if reach_of(role, p) is not Reach.NONE} == expected


@pytest.mark.parametrize(
    "permission", [Permission.ISSUES_READ, Permission.OUTREACH_READ, Permission.REPORTS_READ]
)
def test_who_reads_only_a_part(permission):
    for reach, roles in CUT_DOWN.items():
        assert {role for role in Role if reach_of(role, permission).value == reach} == roles


def test_who_handles_never_evaluates_and_who_administers_sees_no_business():
    for role in Role:
        held = {p for p in Permission if reach_of(role, p) is not Reach.NONE}
        assert not {Permission.ISSUES_HANDLE, Permission.ISSUES_EVALUATE} <= held
        assert not {Permission.ISSUES_HANDLE, Permission.ISSUES_SUPERVISE} <= held
        assert Permission.ACCOUNTS_ADMIN not in held or held <= ADMINISTERS


def test_the_grid_is_whole():
    assert set(GRID) == set(Permission)
    assert {len(row) for row in GRID.values()} == {len(Role)}
    assert set(ROLE_LABELS) == set(Role)
    assert set(PERMISSION_LABELS) == set(Permission)
