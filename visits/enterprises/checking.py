"""Rows of a spreadsheet checked one by one, before they are compared with the register."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from visits.core.clock import today
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.spreadsheet import Table
from visits.core.spreadsheet_heading import Heading
from visits.core.spreadsheet_values import Fault, fault_of, plain_number, read_day, spoilt_number, tidy
from visits.enterprises import operations, rules
from visits.enterprises.columns import BY_KEY
from visits.enterprises.models import STATUS_LABELS, EnterpriseStatus

LISTS = ("former_names", "tags")
DIGITS = ("code", "industry_code", "contact_phone")
STATUS_WORDS = {
    "正常": EnterpriseStatus.NORMAL,
    "存续": EnterpriseStatus.NORMAL,
    "在业": EnterpriseStatus.NORMAL,
    "停产": EnterpriseStatus.HALTED,
    "失联": EnterpriseStatus.LOST,
    "外迁": EnterpriseStatus.MOVED,
    "注销": EnterpriseStatus.DEREGISTERED,
} | {label: status for status, label in STATUS_LABELS.items()}
# Totals, and what people write below a table: who made it, who checked it, remarks, the page.
FOOT = re.compile(
    r"(?:合计|总计|小计|共计|累计|总数)[:：]?[\d,，.]*[家户个条]?"
    r"|(?:制表|填表|填报|审核|复核|统计|报送|经办|负责|联系)(?:人|员|单位|部门|日期|时间|电话)?(?:[(（]?签[字名章][)）]?)?[:：].*"
    r"|(?:备注|说明|注)[:：].*"
    r"|第\d+页.*|共\d+[家户个条页].*|(?:单位)?[(（]?盖章.*"
)
HEADING_UNIT = re.compile(r"[(（]\s*((?:万|亿)?(?:元|美元|人民币|元人民币))\s*[)）]")
BARE_NUMBER = re.compile(r"[\d,.]+")
ROWS_A_STEP = 500

NAMELESS = N_("A phone without the name of a contact is not taken over.")

Progress = Callable[[int], None]


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
    """One row of the file after its own checks; one without values is skipped."""

    number: int
    values: dict[str, Any]
    errors: list[RowError] = field(default_factory=list)
    warning: RowError | None = None


def check_table(
    table: Table, heading: Heading, mapping: dict[str, int], progress: Progress = lambda done: None
) -> list[CheckedRow]:
    """Check every row by itself; long work, done outside any transaction. Blank rows have no values.

    `progress` is told every so often how many rows are done.
    """
    if "name" not in mapping:
        raise Refused(N_("No column is the enterprise name (企业名称). Name the column, or map it."))
    checker = _Checker(table, heading, mapping)
    checked = []
    for done, at in enumerate(range(heading.first, len(table.rows))):
        if done % ROWS_A_STEP == 0:
            progress(done)
        checked.append(checker.check(table.row_numbers[at], table.rows[at]))
    return checked


class _Checker:
    """What the rows of one file have in common while they are checked."""

    def __init__(self, table: Table, heading: Heading, mapping: dict[str, int]) -> None:
        self.is_1904, self.labels, self.mapping = table.is_1904, heading.labels, mapping
        unit = (
            HEADING_UNIT.search(heading.labels[mapping["capital_text"]])
            if "capital_text" in mapping
            else None
        )
        self.capital_unit = unit[1] if unit else ""

    def check(self, number: int, cells: Sequence[str]) -> CheckedRow:
        """Check one row's cells and turn them into the register's types."""
        values = {key: _tidied(key, cells[column]) for key, column in self.mapping.items()}
        row = CheckedRow(number, values)
        if not any(values.values()):
            row.values = {}
        elif reason := self._is_no_enterprise(cells, values):
            first = next(text for cell in cells if (text := tidy(cell)))
            row.values, row.warning = {}, RowError(number, BY_KEY["name"].headers[0], first[:60], reason)
        else:
            self._judge(row)
        return row

    def _is_no_enterprise(self, cells: Sequence[str], values: dict[str, str]) -> str | None:
        first = next((text for cell in cells if (text := tidy(cell))), "")
        has_code = len(values.get("code", "")) >= rules.CODE_LENGTH
        if not has_code and FOOT.fullmatch(first.replace(" ", "")):
            return N_("This row is a total or a note, not an enterprise; it is left out.")
        if values["name"] == self.labels[self.mapping["name"]].rpartition("/")[2]:
            return N_("This row repeats the column headings; it is left out.")
        return None

    def _judge(self, row: CheckedRow) -> None:
        for key, value in row.values.items():
            if fault := fault_of(value):
                _reject(row, key, fault.reason, **fault.params)
            elif len(value) > BY_KEY[key].most:
                _reject(row, key, N_("Longer than %(most)d characters."), most=BY_KEY[key].most)
        if not row.values["name"]:
            _reject(row, "name", N_("The enterprise name is missing."))
        if not row.errors:
            self._convert(row)

    def _convert(self, row: CheckedRow) -> None:
        values = row.values
        _convert_code(row)
        _convert_status(row)
        _look_at_phone(row)
        if values.get("established_on"):
            self._convert_day(row)
        if BARE_NUMBER.fullmatch(values.get("capital_text", "")):
            values["capital_text"] += self.capital_unit
        for key in LISTS:
            values[key] = rules.split_list(values.get(key, ""))
        if long := operations.too_long(values["former_names"], values["tags"]):
            _reject(row, long.field, operations.TOO_LONG, most=long.most)

    def _convert_day(self, row: CheckedRow) -> None:
        day = read_day(row.values["established_on"], is_1904=self.is_1904)
        if isinstance(day, Fault):
            _reject(row, "established_on", day.reason, **day.params)
        elif not rules.is_possible_day(day, today()):
            _reject(row, "established_on", operations.IMPOSSIBLE_DAY)
        else:
            row.values["established_on"] = day


def _tidied(key: str, cell: str) -> str:
    text = tidy(cell, keep_lines=key in LISTS)
    return plain_number(unicodedata.normalize("NFKC", text)) if key in DIGITS else text


def _convert_code(row: CheckedRow) -> None:
    row.values["code"] = rules.normalise_code(row.values.get("code", ""))
    if row.values["code"] and (problem := rules.check_code(row.values["code"])):
        _reject(row, "code", problem.message, **problem.params)


def _convert_status(row: CheckedRow) -> None:
    text = row.values.get("status")
    if text and text not in STATUS_WORDS:
        _reject(row, "status", N_("Not a status; one of 正常, 停产, 失联, 外迁, 注销."))
    elif text:
        row.values["status"] = STATUS_WORDS[text]


def _look_at_phone(row: CheckedRow) -> None:
    phone = row.values.get("contact_phone", "")
    if fault := spoilt_number(phone):
        _reject(row, "contact_phone", fault.reason, **fault.params)
    elif phone and not row.values.get("contact_name", "-"):
        row.warning = row_error(row, "contact_phone", NAMELESS)


def _reject(row: CheckedRow, key: str, reason: str, **params: Any) -> None:
    row.errors.append(row_error(row, key, reason, **params))


def row_error(row: CheckedRow, key: str, reason: str, **params: Any) -> RowError:
    """Say what is wrong with one cell of a row; a phone is masked."""
    value = str(row.values.get(key) or "")[:60]
    shown = rules.mask_phone(value) if key == "contact_phone" and "value" not in params else value
    return RowError(row.number, BY_KEY[key].headers[0], shown, reason, params)
