"""Who may do what: one table of permission by role, each cell a reach."""

from enum import Enum, StrEnum

from visits.core.i18n import N_


class Role(StrEnum):
    """What a person does in the office; one person may hold several."""

    CADRE = "cadre"
    OFFICER = "officer"
    SPECIALIST = "specialist"
    GROUP_LEADER = "group_leader"
    COORDINATOR = "coordinator"
    HANDLER = "handler"
    UNIT_HEAD = "unit_head"
    CALLBACK = "callback"
    SUPERVISOR = "supervisor"
    LEADER = "leader"
    ADMIN = "admin"
    AUDITOR = "auditor"


ROLE_LABELS = {
    Role.CADRE: N_("Visiting cadre"),
    Role.OFFICER: N_("Resident service officer"),
    Role.SPECIALIST: N_("Project service specialist"),
    Role.GROUP_LEADER: N_("Group leader"),
    Role.COORDINATOR: N_("Coordinator"),
    Role.HANDLER: N_("Unit handler"),
    Role.UNIT_HEAD: N_("Unit head"),
    Role.CALLBACK: N_("Callback officer"),
    Role.SUPERVISOR: N_("Supervisor"),
    Role.LEADER: N_("Zone leader"),
    Role.ADMIN: N_("Administrator"),
    Role.AUDITOR: N_("Auditor"),
}


class Reach(Enum):
    """How far a permission goes: which rows it is good for."""

    NONE = "-"
    OWN = "own"
    GROUP = "group"
    UNIT = "unit"
    ALL = "all"


class Permission(StrEnum):
    """What can be permitted, `slice:action`."""

    ACCOUNTS_ADMIN = "accounts:admin"
    ADMIN_CALENDAR = "admin:calendar"
    ADMIN_JOBS = "admin:jobs"
    ADMIN_LOG = "admin:log"
    ADMIN_SETTINGS = "admin:settings"
    ATTACHMENTS_ADD = "attachments:add"
    ATTACHMENTS_REMOVE = "attachments:remove"
    COVERAGE_READ = "coverage:read"
    ENTERPRISES_IMPORT = "enterprises:import"
    ENTERPRISES_MERGE = "enterprises:merge"
    ENTERPRISES_PROVISION = "enterprises:provision"
    ENTERPRISES_READ = "enterprises:read"
    ENTERPRISES_REVEAL = "enterprises:reveal"
    ENTERPRISES_VERIFY = "enterprises:verify"
    ENTERPRISES_WRITE = "enterprises:write"
    FEEDBACK_ANSWER = "feedback:answer"
    HANDOVER_OPEN = "handover:open"
    HANDOVER_READ = "handover:read"
    HONESTY_ANSWER = "honesty:answer"
    HONESTY_CLOSE = "honesty:close"
    HONESTY_READ = "honesty:read"
    INBOX_DELIVER = "inbox:deliver"
    ISSUES_ACCEPT = "issues:accept"
    ISSUES_AMEND = "issues:amend"
    ISSUES_DUTY = "issues:duty"
    ISSUES_EVALUATE = "issues:evaluate"
    ISSUES_FLAG = "issues:flag"
    ISSUES_FULFIL = "issues:fulfil"
    ISSUES_HANDLE = "issues:handle"
    ISSUES_IMPORT = "issues:import"
    ISSUES_LIMITS = "issues:limits"
    ISSUES_NOTE = "issues:note"
    ISSUES_READ = "issues:read"
    ISSUES_REGISTER = "issues:register"
    ISSUES_REOPEN = "issues:reopen"
    ISSUES_REVIEW = "issues:review"
    ISSUES_RULE = "issues:rule"
    ISSUES_SLIP = "issues:slip"
    ISSUES_SUPERVISE = "issues:supervise"
    ISSUES_URGE = "issues:urge"
    ISSUES_VOID = "issues:void"
    ISSUES_WITHDRAW = "issues:withdraw"
    LISTS_SHARE = "lists:share"
    MEETINGS_READ = "meetings:read"
    MEETINGS_WRITE = "meetings:write"
    MONTHLY_PUBLISH = "monthly:publish"
    MONTHLY_READ = "monthly:read"
    MONTHLY_WRITE = "monthly:write"
    OUTREACH_AMEND = "outreach:amend"
    OUTREACH_OVERSEE = "outreach:oversee"
    OUTREACH_PLAN = "outreach:plan"
    OUTREACH_IMPORT = "outreach:import"
    OUTREACH_READ = "outreach:read"
    OUTREACH_RECORD = "outreach:record"
    PROGRAMMES_READ = "programmes:read"
    PROGRAMMES_WRITE = "programmes:write"
    REPORTS_READ = "reports:read"
    SUPERIOR_FILL = "superior:fill"
    SUPERIOR_PREPARE = "superior:prepare"
    SUPERIOR_READ = "superior:read"
    SUPERVISION_BOARD = "supervision:board"
    SUPERVISION_CHECK = "supervision:check"
    SUPERVISION_FOLLOW = "supervision:follow"
    SUPERVISION_ORDER = "supervision:order"
    SUPERVISION_READ = "supervision:read"
    SUPERVISION_REPLY = "supervision:reply"
    SUPERVISION_SAMPLES = "supervision:samples"
    SUPERVISION_SETTLE = "supervision:settle"
    SUPERVISION_TOPICS = "supervision:topics"


PERMISSION_LABELS = {
    Permission.ACCOUNTS_ADMIN: N_("Look after people, roles and units"),
    Permission.ADMIN_CALENDAR: N_("Edit and publish the working-day calendar"),
    Permission.ADMIN_JOBS: N_("See what the system did by itself"),
    Permission.ADMIN_LOG: N_("Read the audit log"),
    Permission.ADMIN_SETTINGS: N_("Change the settings"),
    Permission.ATTACHMENTS_ADD: N_("Add files to visits and problems"),
    Permission.ATTACHMENTS_REMOVE: N_("Remove files from visits and problems"),
    Permission.COVERAGE_READ: N_("See who is due for a visit and how programmes cover their scope"),
    Permission.ENTERPRISES_IMPORT: N_("Import lists of enterprises"),
    Permission.ENTERPRISES_MERGE: N_("Merge and tell apart records of the register"),
    Permission.ENTERPRISES_PROVISION: N_("Enter an enterprise for the time being"),
    Permission.ENTERPRISES_READ: N_("Read the register of enterprises"),
    Permission.ENTERPRISES_REVEAL: N_("See contacts' phone numbers whole"),
    Permission.ENTERPRISES_VERIFY: N_("Note that a contact was found right"),
    Permission.ENTERPRISES_WRITE: N_("Edit the register of enterprises"),
    Permission.FEEDBACK_ANSWER: N_("Read and answer feedback about the system"),
    Permission.HANDOVER_OPEN: N_("Hand over what somebody answers for"),
    Permission.HANDOVER_READ: N_("Read handovers and take over"),
    Permission.HONESTY_ANSWER: N_("Answer questions about one's own records"),
    Permission.HONESTY_CLOSE: N_("Close questions about records of visits"),
    Permission.HONESTY_READ: N_("Read questions about records of visits"),
    Permission.INBOX_DELIVER: N_("See what mail and chat robots did not take, and send it again"),
    Permission.ISSUES_ACCEPT: N_("Accept and assign problems, look after categories"),
    Permission.ISSUES_AMEND: N_("Correct and complete problems"),
    Permission.ISSUES_DUTY: N_("Report settled duties as done"),
    Permission.ISSUES_EVALUATE: N_("Ring up enterprises and record evaluations"),
    Permission.ISSUES_FLAG: N_("Raise red flags"),
    Permission.ISSUES_FULFIL: N_("Report promised results as fulfilled"),
    Permission.ISSUES_HANDLE: N_("Handle problems"),
    Permission.ISSUES_IMPORT: N_("Import ledgers of problems"),
    Permission.ISSUES_LIMITS: N_("Set the time limits of problems"),
    Permission.ISSUES_NOTE: N_("Add notes to problems"),
    Permission.ISSUES_READ: N_("Read problems"),
    Permission.ISSUES_REGISTER: N_("Register problems"),
    Permission.ISSUES_REOPEN: N_("Re-open closed problems"),
    Permission.ISSUES_REVIEW: N_("Review reports"),
    Permission.ISSUES_RULE: N_("Rule on returns, extensions and suspensions"),
    Permission.ISSUES_SLIP: N_("Print assignment slips"),
    Permission.ISSUES_SUPERVISE: N_("Confirm closings by ruling"),
    Permission.ISSUES_URGE: N_("Remind units and escalate problems"),
    Permission.ISSUES_VOID: N_("Void problems"),
    Permission.ISSUES_WITHDRAW: N_("Pass on an enterprise's wish to withdraw"),
    Permission.LISTS_SHARE: N_("Share saved views of lists"),
    Permission.MEETINGS_READ: N_("Read coordination meetings"),
    Permission.MEETINGS_WRITE: N_("Call coordination meetings and record their conclusions"),
    Permission.MONTHLY_PUBLISH: N_("Publish monthly reports and take them back"),
    Permission.MONTHLY_READ: N_("Read monthly reports"),
    Permission.MONTHLY_WRITE: N_("Draft, edit and freeze monthly reports"),
    Permission.OUTREACH_AMEND: N_("Correct and void visits"),
    Permission.OUTREACH_OVERSEE: N_("See which enterprises are visited too often"),
    Permission.OUTREACH_PLAN: N_("Plan visits"),
    Permission.OUTREACH_IMPORT: N_("Import ledgers of visits"),
    Permission.OUTREACH_READ: N_("Read visits"),
    Permission.OUTREACH_RECORD: N_("Record visits"),
    Permission.PROGRAMMES_READ: N_("Read programmes and service groups"),
    Permission.PROGRAMMES_WRITE: N_("Look after programmes and service groups"),
    Permission.REPORTS_READ: N_("Read figures"),
    Permission.SUPERIOR_FILL: N_("Fill the superior's forms"),
    Permission.SUPERIOR_PREPARE: N_("Look after the superior's forms"),
    Permission.SUPERIOR_READ: N_("See the superior's forms"),
    Permission.SUPERVISION_BOARD: N_("See the board of stuck problems"),
    Permission.SUPERVISION_CHECK: N_("Check samples of closed problems and visits"),
    Permission.SUPERVISION_FOLLOW: N_("Read topics of common problems"),
    Permission.SUPERVISION_ORDER: N_("Issue supervision orders"),
    Permission.SUPERVISION_READ: N_("Read supervision orders"),
    Permission.SUPERVISION_REPLY: N_("Reply to supervision orders"),
    Permission.SUPERVISION_SAMPLES: N_("See samples and what checking them found"),
    Permission.SUPERVISION_SETTLE: N_("Settle what checks found at visits"),
    Permission.SUPERVISION_TOPICS: N_("Look after topics of common problems"),
}
REACH_LABELS = {
    Reach.OWN: N_("Own"),
    Reach.GROUP: N_("Own group"),
    Reach.UNIT: N_("Own unit"),
    Reach.ALL: N_("All"),
}

_, OWN, GRP, UNT, ALL = Reach.NONE, Reach.OWN, Reach.GROUP, Reach.UNIT, Reach.ALL
P = Permission

# fmt: off
# The columns are the members of Role, in their order.
GRID: dict[Permission, tuple[Reach, ...]] = {
    #                        cadre off  spec lead coor hand head call supv lead admn audt
    P.ACCOUNTS_ADMIN:        (_,   _,   _,   _,   _,   _,   _,   _,   _,   _,   ALL, _),
    P.ADMIN_CALENDAR:        (_,   _,   _,   _,   ALL, _,   _,   _,   _,   _,   _,   _),
    P.ADMIN_JOBS:            (_,   _,   _,   _,   _,   _,   _,   _,   _,   _,   ALL, ALL),
    P.ADMIN_LOG:             (_,   _,   _,   _,   _,   _,   _,   _,   _,   _,   _,   ALL),
    P.ADMIN_SETTINGS:        (_,   _,   _,   _,   _,   _,   _,   _,   _,   _,   ALL, _),
    P.ATTACHMENTS_ADD:       (OWN, OWN, OWN, OWN, ALL, UNT, UNT, _,   _,   _,   _,   _),
    P.ATTACHMENTS_REMOVE:    (OWN, OWN, OWN, OWN, ALL, OWN, OWN, _,   _,   _,   _,   _),
    P.COVERAGE_READ:         (GRP, OWN, OWN, GRP, ALL, _,   _,   _,   ALL, ALL, _,   ALL),
    P.ENTERPRISES_IMPORT:    (_,   _,   _,   _,   ALL, _,   _,   _,   _,   _,   _,   _),
    P.ENTERPRISES_MERGE:     (_,   _,   _,   _,   ALL, _,   _,   _,   _,   _,   _,   _),
    P.ENTERPRISES_PROVISION: (ALL, ALL, ALL, ALL, ALL, _,   _,   _,   _,   _,   _,   _),
    P.ENTERPRISES_READ:      (ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL, _,   ALL),
    P.ENTERPRISES_REVEAL:    (_,   OWN, OWN, _,   ALL, _,   _,   ALL, _,   _,   _,   _),
    P.ENTERPRISES_VERIFY:    (ALL, ALL, ALL, ALL, ALL, _,   _,   ALL, _,   _,   _,   _),
    P.ENTERPRISES_WRITE:     (_,   _,   _,   _,   ALL, _,   _,   _,   _,   _,   _,   _),
    P.FEEDBACK_ANSWER:       (_,   _,   _,   _,   _,   _,   _,   _,   _,   _,   ALL, _),
    P.HANDOVER_OPEN:         (OWN, OWN, OWN, OWN, ALL, OWN, OWN, OWN, OWN, OWN, ALL, _),
    P.HANDOVER_READ:         (OWN, OWN, OWN, OWN, ALL, OWN, OWN, OWN, OWN, OWN, OWN, ALL),
    P.HONESTY_ANSWER:        (OWN, OWN, OWN, OWN, OWN, _,   _,   _,   _,   _,   _,   _),
    P.HONESTY_CLOSE:         (_,   _,   _,   _,   ALL, _,   _,   _,   ALL, _,   _,   _),
    P.HONESTY_READ:          (OWN, OWN, OWN, OWN, ALL, _,   _,   _,   ALL, _,   _,   _),
    P.INBOX_DELIVER:         (_,   _,   _,   _,   _,   _,   _,   _,   _,   _,   ALL, _),
    P.ISSUES_ACCEPT:         (_,   _,   _,   _,   ALL, _,   _,   _,   _,   _,   _,   _),
    P.ISSUES_AMEND:          (OWN, OWN, OWN, OWN, ALL, _,   _,   _,   _,   _,   _,   _),
    P.ISSUES_DUTY:           (_,   _,   _,   _,   ALL, UNT, UNT, _,   _,   _,   _,   _),
    P.ISSUES_EVALUATE:       (_,   _,   _,   _,   _,   _,   _,   ALL, _,   _,   _,   _),
    P.ISSUES_FLAG:           (OWN, OWN, OWN, GRP, ALL, _,   _,   _,   ALL, ALL, _,   _),
    P.ISSUES_FULFIL:         (_,   _,   _,   _,   _,   UNT, UNT, _,   _,   _,   _,   _),
    P.ISSUES_HANDLE:         (_,   _,   _,   _,   _,   UNT, UNT, _,   _,   _,   _,   _),
    P.ISSUES_IMPORT:         (_,   _,   _,   _,   ALL, _,   _,   _,   _,   _,   _,   _),
    P.ISSUES_LIMITS:         (_,   _,   _,   _,   ALL, _,   _,   _,   _,   _,   _,   _),
    P.ISSUES_NOTE:           (OWN, OWN, OWN, GRP, ALL, UNT, UNT, ALL, ALL, ALL, _,   _),
    P.ISSUES_READ:           (OWN, OWN, OWN, GRP, ALL, UNT, UNT, ALL, ALL, ALL, _,   ALL),
    P.ISSUES_REGISTER:       (ALL, ALL, ALL, ALL, ALL, _,   _,   _,   _,   _,   _,   _),
    P.ISSUES_REOPEN:         (_,   OWN, OWN, GRP, _,   _,   _,   _,   ALL, ALL, _,   _),
    P.ISSUES_REVIEW:         (_,   _,   _,   _,   ALL, _,   _,   _,   _,   ALL, _,   _),
    P.ISSUES_RULE:           (_,   _,   _,   _,   ALL, _,   _,   _,   _,   ALL, _,   _),
    P.ISSUES_SLIP:           (_,   _,   _,   _,   ALL, UNT, UNT, _,   _,   ALL, _,   _),
    P.ISSUES_SUPERVISE:      (_,   _,   _,   _,   _,   _,   _,   _,   ALL, _,   _,   _),
    P.ISSUES_URGE:           (_,   _,   _,   GRP, ALL, _,   _,   _,   ALL, ALL, _,   _),
    P.ISSUES_VOID:           (_,   _,   _,   _,   ALL, _,   _,   _,   _,   ALL, _,   _),
    P.ISSUES_WITHDRAW:       (_,   OWN, OWN, _,   _,   _,   _,   _,   _,   _,   _,   _),
    P.LISTS_SHARE:           (_,   _,   _,   _,   ALL, _,   _,   _,   ALL, ALL, _,   _),
    P.MEETINGS_READ:         (_,   _,   _,   GRP, ALL, UNT, UNT, _,   ALL, ALL, _,   ALL),
    P.MEETINGS_WRITE:        (_,   _,   _,   GRP, ALL, _,   _,   _,   ALL, ALL, _,   _),
    P.MONTHLY_PUBLISH:       (_,   _,   _,   _,   ALL, _,   _,   _,   ALL, ALL, _,   _),
    P.MONTHLY_READ:          (_,   _,   _,   _,   ALL, _,   _,   _,   ALL, ALL, _,   ALL),
    P.MONTHLY_WRITE:         (_,   _,   _,   _,   ALL, _,   _,   _,   _,   _,   _,   _),
    P.OUTREACH_AMEND:        (OWN, OWN, OWN, OWN, ALL, _,   _,   _,   _,   _,   _,   _),
    P.OUTREACH_OVERSEE:      (_,   _,   _,   _,   ALL, _,   _,   _,   ALL, ALL, _,   ALL),
    P.OUTREACH_PLAN:         (OWN, OWN, OWN, OWN, ALL, _,   _,   _,   _,   _,   _,   _),
    P.OUTREACH_IMPORT:       (_,   _,   _,   _,   ALL, _,   _,   _,   _,   _,   _,   _),
    P.OUTREACH_READ:         (OWN, OWN, OWN, GRP, ALL, UNT, UNT, _,   ALL, ALL, _,   ALL),
    P.OUTREACH_RECORD:       (ALL, ALL, ALL, ALL, ALL, _,   _,   _,   _,   _,   _,   _),
    P.PROGRAMMES_READ:       (ALL, ALL, ALL, ALL, ALL, ALL, ALL, _,   ALL, ALL, _,   ALL),
    P.PROGRAMMES_WRITE:      (_,   _,   _,   _,   ALL, _,   _,   _,   _,   _,   _,   _),
    P.REPORTS_READ:          (OWN, OWN, OWN, GRP, ALL, UNT, UNT, _,   ALL, ALL, _,   ALL),
    P.SUPERIOR_FILL:         (_,   _,   _,   _,   ALL, _,   _,   _,   ALL, ALL, _,   ALL),
    P.SUPERIOR_PREPARE:      (_,   _,   _,   _,   ALL, _,   _,   _,   _,   _,   ALL, _),
    P.SUPERIOR_READ:         (_,   _,   _,   _,   ALL, _,   _,   _,   ALL, ALL, ALL, ALL),
    P.SUPERVISION_BOARD:     (_,   _,   _,   GRP, ALL, _,   _,   _,   ALL, ALL, _,   _),
    P.SUPERVISION_CHECK:     (_,   _,   _,   _,   _,   _,   _,   _,   ALL, _,   _,   _),
    P.SUPERVISION_FOLLOW:    (OWN, OWN, OWN, GRP, ALL, UNT, UNT, _,   ALL, ALL, _,   ALL),
    P.SUPERVISION_ORDER:     (_,   _,   _,   _,   ALL, _,   _,   _,   ALL, ALL, _,   _),
    P.SUPERVISION_READ:      (_,   _,   _,   _,   ALL, UNT, UNT, _,   ALL, ALL, _,   ALL),
    P.SUPERVISION_REPLY:     (_,   _,   _,   _,   _,   UNT, UNT, _,   _,   _,   _,   _),
    P.SUPERVISION_SAMPLES:   (_,   _,   _,   _,   ALL, _,   _,   _,   ALL, ALL, _,   ALL),
    P.SUPERVISION_SETTLE:    (_,   _,   _,   _,   ALL, _,   _,   _,   _,   _,   _,   _),
    P.SUPERVISION_TOPICS:    (_,   _,   _,   _,   ALL, _,   _,   _,   ALL, ALL, _,   _),
}
# fmt: on


def reach_of(role: Role, permission: Permission) -> Reach:
    """Say how far `permission` goes for one role."""
    return GRID[permission][list(Role).index(role)]


def roles_reaching(permission: Permission, *reaches: Reach) -> tuple[Role, ...]:
    """The roles for which `permission` goes as far as one of these reaches; without any, at all."""
    wanted = set(reaches) or set(Reach) - {Reach.NONE}
    return tuple(role for role in Role if reach_of(role, permission) in wanted)
