"""Rows of a spreadsheet into the register: check, compare, write; behind every door."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from visits.core.authz import Actor
from visits.core.clock import now
from visits.core.db import begin_write, lock_name
from visits.core.i18n import N_
from visits.core.spreadsheet import Table, read_table
from visits.core.spreadsheet_heading import Heading
from visits.enterprises import likeness, operations, queries, rules
from visits.enterprises.checking import NAMELESS, CheckedRow, RowError, check_table, row_error
from visits.enterprises.columns import REGISTER
from visits.enterprises.likeness import Named
from visits.enterprises.models import Enterprise, EnterpriseStatus
from visits.enterprises.operations import PLAIN
from visits.enterprises.plan import Plan as LedgerPlan

NO_CODE = "导入无代码"
OLD_NAME = N_(
    "The register calls this enterprise %(name)s today; the former name in the file changes nothing."
)
RENAMED = N_("The register calls this enterprise %(name)s; the import renames it. Check the code.")
UNUSED = N_("This column is not used.")
ALIKE = N_("The register has %(name)s, which may be the same enterprise; if so, merge the two afterwards.")


@dataclass
class Plan(LedgerPlan):
    """What an import would do: the rows by fate, those that change an enterprise among them."""

    updated: list[tuple[CheckedRow, Enterprise, dict[str, Any]]] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """The six figures of an import; the first is the sum of the others."""
        counts = super().counts()
        first = {key: counts.pop(key) for key in ("rows", "created")}
        return first | {"updated": len(self.updated)} | counts


def compare(checked: Sequence[CheckedRow]) -> Plan:
    """Lay the checked rows beside the register: what is new, changed, unchanged, rejected. Reads only."""
    return _compare(checked, _Register())


def _compare(checked: Sequence[CheckedRow], register: "_Register") -> Plan:
    plan = Plan(rows=len(checked))
    seen: dict[str, int] = {}
    for row in checked:
        plan.warnings += [row.warning] if row.warning else []
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
    plan.warnings += register.likes_of(plan.created)
    return plan


def _identity(row: CheckedRow) -> str:
    return row.values["code"] or "name:" + rules.fold_name(row.values["name"])


def _warning(row: CheckedRow, reason: str, **params: Any) -> RowError:
    return RowError(row.number, "企业名称", row.values["name"][:60], reason, params)


class _Register:
    """The register as an import compares with it, read in five statements."""

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
        self.former_keys = {i: [rules.fold_name(n) for n in names] for i, names in self.former.items()}
        self.by_former: dict[str, list[Enterprise]] = {}
        for enterprise in rows:
            for key in self.former_keys.get(enterprise.id, ()):
                self.by_former.setdefault(key, []).append(enterprise)
        self.liaisons = queries.liaisons()
        self.whole_tags = queries.whole_tags()

    def find(self, row: CheckedRow) -> Enterprise | None:
        """The record a row speaks of: by code; else by name, where one of the two has no code.

        Of a name that somebody else bears today, only those speak; a former one must be of one record only.
        """
        code, key = row.values["code"], rules.fold_name(row.values["name"])
        if code in self.by_code:
            return self.by_code[code]
        earlier = [rules.fold_name(name) for name in row.values["former_names"]]
        renamed = {e.id: e for name in earlier for e in self.by_name.get(name, ())}
        formerly = {e.id: e for e in self.by_former.get(key, ())} or renamed
        named = self.by_name.get(key) or (list(formerly.values()) if len(formerly) == 1 else [])
        return next((e for e in named if not code or e.is_provisional), None)

    def is_former(self, enterprise: Enterprise, name: str) -> bool:
        """Whether the record went by this name once and goes by another now."""
        key = rules.fold_name(name)
        return key != enterprise.name_key and key in self.former_keys.get(enterprise.id, ())

    def likes_of(self, rows: Sequence[CheckedRow]) -> Iterator[RowError]:
        """Warn of new rows that look like a record where one of the two has no code."""
        if not rows or not self.by_name:
            return
        known = {e.id: self._named(e) for named in self.by_name.values() for e in named}
        wanted = [_named_row(row) for row in rows]
        near = likeness.sharing_a_key(wanted, list(known.values()))
        for row, asked in zip(rows, wanted, strict=True):
            found = [known[i] for i in near[asked.id] if not (asked.code and known[i].code)]
            if match := next(iter(likeness.candidates_among(asked, found, most=1)), None):
                yield _warning(row, ALIKE, name=match.name)

    def _named(self, e: Enterprise) -> Named:
        short = rules.fold_name(e.short_name) if e.short_name else ""
        return Named(e.id, e.name, e.code, e.name_key, short, tuple(self.former_keys.get(e.id, ())))

    def changes(self, enterprise: Enterprise, values: dict[str, Any]) -> dict[str, Any]:
        """The columns a row changes; an empty cell changes nothing."""
        wanted = {k: values[k] for k in ("name", *PLAIN) if values.get(k)}
        if self.is_former(enterprise, values["name"]):
            del wanted["name"]
        if values["code"] and enterprise.is_provisional:
            wanted |= {"code": values["code"], "is_provisional": False, "provisional_reason": ""}
        if values.get("capital_text"):
            wanted |= operations.capital_columns(values["capital_text"])
        if values.get("status"):
            wanted["status"] = values["status"]
        return {k: v for k, v in wanted.items() if getattr(enterprise, k) != v}

    def spell_out(self, row: CheckedRow) -> None:
        """Write the tags of a row as the register calls them: 规上 is 规上企业."""
        row.values["tags"] = [self.whole_tags.get(tag, tag) for tag in row.values["tags"]]

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
        row.errors.append(row_error(row, "code", reason, name=winner.name))
        plan.rejected.append(row)
        return
    register.spell_out(row)
    enterprise = register.find(row)
    if enterprise is None:
        if namesakes := register.by_name.get(rules.fold_name(row.values["name"])):
            reason = N_(
                "The register has this name under the code %(code)s; check that these are two enterprises."
            )
            plan.warnings.append(_warning(row, reason, code=namesakes[0].code))
        plan.created.append(row)
        return
    if register.is_former(enterprise, row.values["name"]):
        plan.warnings.append(_warning(row, OLD_NAME, name=enterprise.name))
    changes = register.changes(enterprise, row.values)
    if "name" in changes and not _tells_old_name(row, enterprise):
        plan.warnings.append(_warning(row, RENAMED, name=enterprise.name))
    if changes or register.is_new_detail(enterprise, row.values):
        plan.updated.append((row, enterprise, changes))
    else:
        plan.unchanged.append(row)


def _tells_old_name(row: CheckedRow, enterprise: Enterprise) -> bool:
    """Whether a row names the record's name of today, as its own or as a former one, whatever its width."""
    names = (row.values["name"], *row.values["former_names"])
    return enterprise.name_key in map(rules.fold_name, names)


def _named_row(row: CheckedRow) -> Named:
    """A row as the matcher sees it; no record has its id."""
    values = row.values
    short = rules.fold_name(values["short_name"]) if values.get("short_name") else ""
    former = tuple(rules.fold_name(name) for name in values["former_names"])
    name = values["name"]
    return Named(-row.number, name, values["code"] or None, rules.fold_name(name), short, former)


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
    register = _Register()
    plan = _compare(checked, register)
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
    actor: Actor,
    content: bytes,
    filename: str,
    *,
    maps: Iterable[str] = (),
    sheet: str = "",
    dry_run: bool = False,
) -> tuple[Plan, list[str]]:
    """Read, check and (unless `dry_run`) write a file; return what came of it and the ignored headers."""
    table = read_table(content, filename, sheet)
    heading = REGISTER.heading_of(table)
    mapping = REGISTER.mapping_from(heading.labels, maps)
    checked = check_table(table, heading, mapping)
    plan = compare(checked) if dry_run else carry_out(actor, checked, filename)
    plan.heading_row = heading.row
    plan.warnings = [*file_warnings(table, heading, mapping), *plan.warnings]
    used = mapping.values()
    return plan, [name for column, name in enumerate(heading.labels) if name and column not in used]


def unread_columns(heading: Heading, mapping: dict[str, int]) -> list[RowError]:
    """The columns of the file that fill no field, lest anybody believe them taken over."""
    used = mapping.values()
    return [
        RowError(heading.row, name, "", UNUSED)
        for column, name in enumerate(heading.labels)
        if name and column not in used
    ]


def file_warnings(table: Table, heading: Heading, mapping: dict[str, int]) -> list[RowError]:
    """What to look at in the file as a whole: other sheets, hidden rows, phones of nobody."""
    warnings = []
    if "contact_phone" in mapping and "contact_name" not in mapping:
        column = heading.labels[mapping["contact_phone"]]
        warnings.append(RowError(heading.row, column, "", NAMELESS))
    return [*warnings, *sheet_warnings(table, heading)]


def sheet_warnings(table: Table, heading: Heading) -> list[RowError]:
    """What to look at in a workbook, whatever it holds: other sheets and hidden rows."""
    warnings = []
    if table.other_sheets:
        reason = N_("Only the sheet “%(sheet)s” is read; these have contents too.")
        others = "、".join(table.other_sheets)
        warnings.append(RowError(heading.row, "", others, reason, {"sheet": table.sheet}))
    if hidden := [row for row in table.hidden_rows if row > heading.row]:
        reason = N_("%(count)d rows are hidden in the file; they are read like the others.")
        warnings.append(RowError(hidden[0], "", "", reason, {"count": len(hidden)}))
    return warnings


def rejected_cells(
    table: Table, heading: Heading, errors: Iterable[RowError]
) -> Iterable[tuple[int, list[RowError], list[str]]]:
    """The rejected rows of a file, each with its reasons and its cells as they stood there."""
    by_number = dict(zip(table.row_numbers[heading.first :], table.rows[heading.first :], strict=True))
    reasons: dict[int, list[RowError]] = {}
    for error in errors:
        reasons.setdefault(error.row, []).append(error)
    for number, found in reasons.items():
        yield number, found, by_number[number]
