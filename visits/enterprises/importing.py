"""Rows of a spreadsheet into the register: guess the columns, check, compare, write; behind every door."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from visits.core.authz import Actor
from visits.core.clock import now, today
from visits.core.db import begin_write, lock_name
from visits.core.errors import Refused
from visits.core.forms import UNSEEN, clean
from visits.core.i18n import N_
from visits.core.spreadsheet import Table, read_table
from visits.enterprises import operations, queries, rules
from visits.enterprises.columns import BY_KEY, HEADER_ROWS, header_of, mapping_from
from visits.enterprises.models import STATUS_LABELS, Enterprise, EnterpriseStatus
from visits.enterprises.operations import PLAIN

NO_CODE = "导入无代码"


STATUS_WORDS = {
    "正常": EnterpriseStatus.NORMAL,
    "存续": EnterpriseStatus.NORMAL,
    "在业": EnterpriseStatus.NORMAL,
    "停产": EnterpriseStatus.HALTED,
    "失联": EnterpriseStatus.LOST,
    "外迁": EnterpriseStatus.MOVED,
    "注销": EnterpriseStatus.DEREGISTERED,
} | {label: status for status, label in STATUS_LABELS.items()}


@dataclass
class RowError:
    """Why a row stays out (or, as a warning, what to look at): `row` is numbered as Excel does."""

    row: int
    column: str
    value: str
    reason: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass
class CheckedRow:
    """One row of the file after its own checks, before it is compared with the register."""

    number: int
    values: dict[str, Any]
    errors: list[RowError] = field(default_factory=list)


@dataclass
class Plan:
    """What an import would do: the rows by fate, errors and warnings."""

    rows: int = 0
    created: list[CheckedRow] = field(default_factory=list)
    updated: list[tuple[CheckedRow, Enterprise, dict[str, Any]]] = field(default_factory=list)
    unchanged: list[CheckedRow] = field(default_factory=list)
    skipped: int = 0
    rejected: list[CheckedRow] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)
    run_id: int | None = None

    def counts(self) -> dict[str, int]:
        """The six figures of an import; the first is the sum of the others."""
        return {
            "rows": self.rows,
            "created": len(self.created),
            "updated": len(self.updated),
            "unchanged": len(self.unchanged),
            "skipped": self.skipped,
            "rejected": len(self.rejected),
        }

    def errors(self) -> list[RowError]:
        """Why the rejected rows were rejected."""
        return [error for row in self.rejected for error in row.errors]


def check_table(table: Table, mapping: dict[str, int]) -> list[CheckedRow]:
    """Check every row by itself; long work, done outside any transaction. Blank rows have no values."""
    if "name" not in mapping:
        raise Refused(N_("No column is the enterprise name (企业名称). Name the column, or map it."))
    return [
        check_row(
            number,
            {key: clean(row[column]) if column < len(row) else "" for key, column in mapping.items()},
        )
        for number, row in zip(table.row_numbers[HEADER_ROWS:], table.rows[HEADER_ROWS:], strict=True)
    ]


def check_row(number: int, values: dict[str, Any]) -> CheckedRow:
    """Check one row's values and turn them into the register's types."""
    row = CheckedRow(number, values)
    if not any(values.values()):
        row.values = {}
        return row
    for key, value in values.items():
        if len(value) > BY_KEY[key].most:
            _reject(row, key, N_("Longer than %(most)d characters."), most=BY_KEY[key].most)
    if not values["name"]:
        _reject(row, "name", N_("The enterprise name is missing."))
    if not row.errors:
        _convert(row)
    return row


def _reject(row: CheckedRow, key: str, reason: str, **params: Any) -> None:
    value = str(row.values.get(key) or "")[:60]
    row.errors.append(RowError(row.number, BY_KEY[key].headers[0], value, reason, params))


def _convert(row: CheckedRow) -> None:
    values = row.values
    values["code"] = rules.normalise_code(values.get("code", ""))
    if values["code"] and (problem := rules.check_code(values["code"])):
        _reject(row, "code", problem.message, **problem.params)
    if values.get("established_on"):
        _convert_day(row)
    if text := values.get("status"):
        if text in STATUS_WORDS:
            values["status"] = STATUS_WORDS[text]
        else:
            _reject(row, "status", N_("Not a status; one of 正常, 停产, 失联, 外迁, 注销."))
    for key in ("former_names", "tags"):
        values[key] = rules.split_list(values.get(key, ""))
    if long := operations.too_long(values["former_names"], values["tags"]):
        _reject(row, long.field, operations.TOO_LONG, most=long.most)


def _convert_day(row: CheckedRow) -> None:
    day = rules.parse_date_cell(row.values["established_on"])
    if day is None:
        _reject(row, "established_on", N_("Not a date; write it as 2026-11-23."))
    elif not rules.is_possible_day(day, today()):
        _reject(row, "established_on", operations.IMPOSSIBLE_DAY)
    else:
        row.values["established_on"] = day


def compare(checked: Sequence[CheckedRow]) -> Plan:
    """Lay the checked rows beside the register: what is new, changed, unchanged, rejected. Reads only."""
    plan = Plan(rows=len(checked))
    register = _Register()
    seen: dict[str, int] = {}
    for row in checked:
        if not row.values:
            plan.skipped += 1
        elif row.errors:
            plan.rejected.append(row)
        elif (first := seen.setdefault(_identity(row), row.number)) != row.number:
            plan.skipped += 1
            plan.warnings.append(
                _warning(
                    row,
                    N_("The same enterprise stands in row %(first)d; this row is left out."),
                    first=first,
                )
            )
        else:
            _place(plan, register, row)
    return plan


def _identity(row: CheckedRow) -> str:
    return row.values["code"] or "name:" + rules.fold_name(row.values["name"])


def _warning(row: CheckedRow, reason: str, **params: Any) -> RowError:
    return RowError(row.number, "企业名称", row.values["name"][:60], reason, params)


class _Register:
    """The register as an import compares with it, read in four statements."""

    def __init__(self) -> None:
        every = {e.id: e for e in queries.register_rows()}
        rows = [e for e in every.values() if e.merged_into_id is None]
        self.by_code = {e.code: e for e in rows if e.code}
        gone = [e for e in every.values() if e.merged_into_id is not None]
        self.merged = {e.code: every[e.merged_into_id or 0] for e in gone if e.code}
        self.by_name: dict[str, list[Enterprise]] = {}
        for enterprise in rows:
            self.by_name.setdefault(enterprise.name_key, []).append(enterprise)
        self.tags, self.former = queries.all_tags(), queries.all_former_names()
        self.liaisons = queries.liaisons()

    def find(self, row: CheckedRow) -> Enterprise | None:
        """The record a row speaks of: by code; else by name, where one of the two has no code."""
        code = row.values["code"]
        if code in self.by_code:
            return self.by_code[code]
        named = self.by_name.get(rules.fold_name(row.values["name"]), [])
        return next((e for e in named if not code or e.is_provisional), None)

    def changes(self, enterprise: Enterprise, values: dict[str, Any]) -> dict[str, Any]:
        """The columns a row changes; an empty cell changes nothing."""
        wanted = {k: values[k] for k in ("name", *PLAIN) if values.get(k)}
        if values["code"] and enterprise.is_provisional:
            wanted |= {"code": values["code"], "is_provisional": False, "provisional_reason": ""}
        if values.get("capital_text"):
            wanted |= operations.capital_columns(values["capital_text"])
        if values.get("status"):
            wanted["status"] = values["status"]
        return {k: v for k, v in wanted.items() if getattr(enterprise, k) != v}

    def is_new_detail(self, enterprise: Enterprise, values: dict[str, Any]) -> bool:
        """Say whether a row brings a tag, former name or liaison the record does not have."""
        return any(self.new_details(enterprise, values))

    def new_details(
        self, enterprise: Enterprise, values: dict[str, Any]
    ) -> tuple[list[str], list[str], list[Any]]:
        """The former names, tags and liaisons a row adds to a record."""
        former = [n for n in values["former_names"] if n not in self.former.get(enterprise.id, ())]
        tags = [t for t in values["tags"] if t not in self.tags.get(enterprise.id, ())]
        known = self.liaisons.get(enterprise.id)
        contact = _contact(values)
        same = known is not None and [known.name, known.phone] == [
            contact.get("name"),
            contact.get("phone"),
        ]
        return former, tags, [contact] if contact and not same else []


def _place(plan: Plan, register: _Register, row: CheckedRow) -> None:
    if (winner := register.merged.get(row.values["code"])) is not None:
        reason = N_("The record of this code was merged into %(name)s. Use the code of that one.")
        _reject(row, "code", reason, name=winner.name)
        plan.rejected.append(row)
        return
    enterprise = register.find(row)
    if enterprise is None:
        if namesakes := register.by_name.get(rules.fold_name(row.values["name"])):
            reason = N_(
                "The register has this name under the code %(code)s; check that these are two enterprises."
            )
            plan.warnings.append(_warning(row, reason, code=namesakes[0].code))
        plan.created.append(row)
        return
    changes = register.changes(enterprise, row.values)
    if changes or register.is_new_detail(enterprise, row.values):
        plan.updated.append((row, enterprise, changes))
    else:
        plan.unchanged.append(row)


def _contact(values: dict[str, Any]) -> dict[str, str]:
    if not values.get("contact_name"):
        return {}
    return {part: values.get(f"contact_{part}", "") for part in ("name", "post", "phone")}


def _columns(values: dict[str, Any]) -> dict[str, Any]:
    """A new record's columns, all of them, as a bulk insert wants them."""
    code = values["code"] or None
    return {
        "code": code,
        "name": values["name"],
        "is_provisional": code is None,
        "provisional_reason": "" if code else NO_CODE,
        "status": values.get("status") or EnterpriseStatus.NORMAL,
        "status_on": None,
        "revision": 1,
        "created_at": now(),
        **{key: values.get(key) or "" for key in PLAIN if key != "established_on"},
        "established_on": values.get("established_on") or None,
        **operations.capital_columns(values.get("capital_text", "")),
        **operations.derived(values["name"], values.get("short_name", ""), values["former_names"], code),
    }


def carry_out(actor: Actor, checked: Sequence[CheckedRow], filename: str) -> Plan:
    """Write the good rows in one short transaction that locks the register and compares once more."""
    columns = {row.number: _columns(row.values) for row in checked if row.values and not row.errors}
    begin_write()
    lock_name("register")
    plan = compare(checked)
    register = _Register()
    imported = operations.save_import(
        actor,
        [columns[row.number] for row in plan.created],
        [
            (enterprise, _with_derived(changes, row, enterprise))
            for row, enterprise, changes in plan.updated
        ],
        filename,
    )
    names, tags, contacts = [], [], []
    for row, enterprise_id in zip(plan.created, imported.ids, strict=True):
        names += [(enterprise_id, name) for name in row.values["former_names"]]
        tags += [(enterprise_id, tag) for tag in dict.fromkeys(row.values["tags"])]
        contacts += [(enterprise_id, c) for c in [_contact(row.values)] if c]
    for row, enterprise, _ in plan.updated:
        more = register.new_details(enterprise, row.values)
        names += [(enterprise.id, name) for name in more[0]]
        tags += [(enterprise.id, tag) for tag in dict.fromkeys(more[1])]
        contacts += [(enterprise.id, c) for c in more[2]]
    operations.save_import_details(imported, names, tags, contacts)
    plan.run_id = imported.run.id
    return plan


def _with_derived(changes: dict[str, Any], row: CheckedRow, enterprise: Enterprise) -> dict[str, Any]:
    if not changes.keys() & {"name", "short_name", "code"} and not row.values["former_names"]:
        return changes
    code = changes.get("code", enterprise.code)
    short = changes.get("short_name", enterprise.short_name)
    known = queries.also_known_as(enterprise.id)
    former = [*known, *(n for n in row.values["former_names"] if n not in known)]
    return changes | operations.derived(changes.get("name", enterprise.name), short, former, code)


def import_file(
    actor: Actor, content: bytes, filename: str, *, maps: Iterable[str] = (), dry_run: bool = False
) -> tuple[Plan, list[str]]:
    """Read, check and (unless `dry_run`) write a file; return what came of it and the ignored headers."""
    table = read_table(content, filename)
    header = header_of(table)
    mapping = mapping_from(header, maps)
    checked = check_table(table, mapping)
    plan = compare(checked) if dry_run else carry_out(actor, checked, filename)
    return plan, [name for column, name in enumerate(header) if name and column not in mapping.values()]


def rejected_cells(
    table: Table, mapping: dict[str, int]
) -> Iterable[tuple[int, list[RowError], list[str]]]:
    """The rejected rows of a file with their reasons; cells a spreadsheet would run are made plain."""
    by_number = dict(zip(table.row_numbers, table.rows, strict=True))
    for row in check_table(table, mapping):
        if row.errors:
            yield row.number, row.errors, [plain_cell(cell) for cell in by_number[row.number]]


def plain_cell(cell: str) -> str:
    """Keep a spreadsheet from taking a cell for a formula."""
    start = unicodedata.normalize("NFKC", UNSEEN.sub("", cell).strip())[:1]
    return "'" + cell if start in {"=", "+", "-", "@"} or cell[:1] in {"\t", "\r", "\n"} else cell
