"""Columns of a file and fields of records: which of the one fills which of the other."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.spreadsheet import Table
from visits.core.spreadsheet_heading import Heading, find_heading
from visits.core.spreadsheet_values import tidy
from visits.enterprises import rules

SAMPLE_ROWS = 3
# What stands beside a heading's own words: blanks, the joint of two headings, marks of what must be filled.
BESIDE = re.compile(r"[\s/]|[(（][^()（）]*[)）]|[*＊:：]+$|^[*＊]+")
PHONE_LABEL = re.compile("电话|手机|联系方式")
PHONE = re.compile(r"(?:\+?86[- ]?)?1\d{2}[- ]?\d{4}[- ]?\d{4}(?:\.0)?|0\d{2,3}[- ]?\d{7,8}(?:[- ]\d+)?")


@dataclass(frozen=True)
class Field:
    """What a column of a file may fill, and the headers by which it is recognised."""

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
    Field("park", N_("Park"), ("园区", "所属园区", "所在园区", "园区名称")),
    Field("district", N_("District"), ("区县", "所属区县", "所在区县", "行政区")),
    Field(
        "street", N_("Street"), ("街道", "镇街", "所属街道", "所在街道", "所属镇街", "所在镇街", "乡镇街道")
    ),
    Field("address", N_("Address"), ("地址", "注册地址", "住所", "经营地址", "企业地址", "详细地址"), 200),
    Field("industry_code", N_("Industry code"), ("行业代码", "国民经济行业代码"), 10),
    Field("legal_form", N_("Legal form"), ("企业类型", "公司类型")),
    Field(
        "established_on", N_("Date of registration"), ("注册日期", "成立日期", "注册时间", "成立时间"), 40
    ),
    Field("capital_text", N_("Registered capital"), ("注册资金", "注册资本")),
    Field("tags", N_("Tags"), ("标签", "企业标签"), 400),
    Field(
        "contact_name",
        N_("Contact"),
        ("联系人", "联络员", "联系人姓名", "联络员姓名", "企业联系人", "企业联络员"),
    ),
    Field("contact_post", N_("Post"), ("职务", "联系人职务", "联络员职务")),
    Field(
        "contact_phone",
        N_("Phone"),
        (
            "电话",
            "联系电话",
            "手机",
            "手机号",
            "手机号码",
            "电话号码",
            "联系方式",
            "联系人电话",
            "联络员电话",
        ),
        30,
    ),
)


@dataclass(frozen=True)
class Columns:
    """The fields that files of one kind may fill, and how the files' columns are recognised."""

    fields: tuple[Field, ...]

    @cached_property
    def by_key(self) -> dict[str, Field]:
        """The fields by their keys."""
        return {entry.key: entry for entry in self.fields}

    def heading_of(self, table: Table, row: int | None = None) -> Heading:
        """The file's column headings, found by the table of synonyms, or standing in the given row."""
        return find_heading(table, lambda labels: len(self.guess(labels)), row)

    def guess(self, labels: Sequence[str]) -> dict[str, int]:
        """Which column of the file fills which field, by the table of synonyms; the first match wins."""
        folded = [BESIDE.sub("", label) for label in labels]
        found: dict[str, int] = {}
        for entry in self.fields:
            for name in entry.headers:
                if name in folded and folded.index(name) not in found.values():
                    found[entry.key] = folded.index(name)
                    break
        return found

    def mapping_from(self, labels: Sequence[str], wanted: Iterable[str]) -> dict[str, int]:
        """The guessed mapping with `FILE_HEADER=FIELD` overrides; an unknown header or field is refused."""
        mapping = self.guess(labels)
        for pair in wanted:
            name, _, target = pair.rpartition("=")
            name = tidy(name)
            key = next((f.key for f in self.fields if target in (f.key, *f.headers)), None)
            if name not in labels or key is None:
                raise Refused(
                    N_("The mapping %(pair)s names no column of the file, or no field."), pair=pair
                )
            column = labels.index(name)
            mapping = {k: c for k, c in mapping.items() if c != column} | {key: column}
        return mapping


REGISTER = Columns(FIELDS)
BY_KEY = REGISTER.by_key


def sample_of(table: Table, heading: Heading, mapping: dict[str, int]) -> list[list[str]]:
    """The first rows below the headings, phones masked, so that one sees what a column holds."""
    phones = {n for n, label in enumerate(heading.labels) if PHONE_LABEL.search(label)}
    phones.add(mapping.get("contact_phone", -1))
    return [
        [shown(cell, is_phone=column in phones) for column, cell in enumerate(row)]
        for row in table.rows[heading.first : heading.first + SAMPLE_ROWS]
    ]


def shown(cell: str, *, is_phone: bool = False) -> str:
    """A cell as it is shown before anybody has said what it holds: what looks like a phone is masked."""
    text = tidy(cell)
    return rules.mask_phone(text) if is_phone or PHONE.fullmatch(text) else text
