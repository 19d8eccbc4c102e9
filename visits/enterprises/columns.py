"""Columns of a file and of the register: which of the one fills which of the other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.spreadsheet import Table
from visits.enterprises import rules

HEADER_ROWS = 1


@dataclass(frozen=True)
class Field:
    """A column of the register a file may fill, and the headers by which it is recognised."""

    key: str
    label: str
    headers: tuple[str, ...]
    most: int = 60


FIELDS = (
    Field("name", N_("Enterprise name"), ("企业名称", "单位名称", "公司名称", "名称"), 120),
    Field(
        "code",
        N_("Unified social credit code"),
        ("统一社会信用代码", "社会信用代码", "信用代码", "统一代码"),
        40,
    ),
    Field("short_name", N_("Short name"), ("简称", "企业简称"), 40),
    Field("former_names", N_("Former names"), ("曾用名", "原名称"), 400),
    Field("status", N_("Status"), ("状态", "企业状态", "经营状态"), 20),
    Field("park", N_("Park"), ("园区", "所属园区")),
    Field("district", N_("District"), ("区县", "所属区县", "行政区")),
    Field("street", N_("Street"), ("街道", "镇街", "所属街道", "乡镇街道")),
    Field("address", N_("Address"), ("地址", "注册地址", "住所", "经营地址"), 200),
    Field("industry_code", N_("Industry code"), ("行业代码", "国民经济行业代码"), 10),
    Field("legal_form", N_("Legal form"), ("企业类型", "公司类型")),
    Field("established_on", N_("Date of registration"), ("注册日期", "成立日期"), 20),
    Field("capital_text", N_("Registered capital"), ("注册资金", "注册资本")),
    Field("tags", N_("Tags"), ("标签", "企业标签"), 400),
    Field("contact_name", N_("Contact"), ("联系人", "联络员")),
    Field("contact_post", N_("Post"), ("职务",)),
    Field("contact_phone", N_("Phone"), ("电话", "联系电话", "手机"), 30),
)
BY_KEY = {f.key: f for f in FIELDS}


def header_of(table: Table) -> list[str]:
    """The file's column headings."""
    return [cell.strip() for cell in table.rows[0]] if table.rows else []


def sample_of(table: Table, mapping: dict[str, int]) -> list[list[str]]:
    """The first rows below the header, phones masked, so that one sees what a column holds."""
    phones = mapping.get("contact_phone")
    return [
        [rules.mask_phone(cell) if column == phones else cell for column, cell in enumerate(row)]
        for row in table.rows[HEADER_ROWS : HEADER_ROWS + 3]
    ]


def guess_mapping(header: Sequence[str]) -> dict[str, int]:
    """Which column of the file fills which field, by the table of synonyms; the first match wins."""
    folded = [h.replace(" ", "").replace("\u3000", "").rstrip("*＊") for h in header]
    found: dict[str, int] = {}
    for entry in FIELDS:
        for name in entry.headers:
            if name in folded and folded.index(name) not in found.values():
                found[entry.key] = folded.index(name)
                break
    return found


def mapping_from(header: Sequence[str], wanted: Iterable[str]) -> dict[str, int]:
    """The guessed mapping with `FILE_HEADER=FIELD` overrides; an unknown header or field is refused."""
    mapping = guess_mapping(header)
    for pair in wanted:
        name, _, target = pair.partition("=")
        key = next((f.key for f in FIELDS if target in (f.key, *f.headers)), None)
        if name not in header or key is None:
            raise Refused(N_("The mapping %(pair)s names no column of the file, or no field."), pair=pair)
        mapping = {k: c for k, c in mapping.items() if c != header.index(name)} | {key: header.index(name)}
    return mapping
