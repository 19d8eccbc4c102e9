"""Names of participants as ledgers write them, and of enterprises: several in one cell."""

import re
from typing import NamedTuple

GROUPS = re.compile(r"[;；\n]+")
NAMES = re.compile(r"[、，,/／\s]+(?![^(（]*[)）])")  # what stands in brackets belongs together
FIRMS = re.compile(r"[、，,;；\n]+")
UNIT_BEFORE = re.compile(r"([^:：]{2,40})[:：](.+)", re.DOTALL)
IN_BRACKETS = re.compile(r"(.+?)[(（]([^()（）]*)[)）]")
# 张 伟: two characters set apart to be as wide as three.
SET_APART = re.compile(
    r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])[ \u3000]+([\u4e00-\u9fff])(?![\u4e00-\u9fff])"
)
AND_OTHERS = re.compile(r"等(?:\d+|[一二三四五六七八九十]+)?[人位名]?$")
TITLE = re.compile(
    r"(?:党[工组]?委|管委会)?(?:常务)?副?(?:书记|主任|局长|科长|处长|所长|站长|股长|部长|秘书长|镇长|乡长|区长|县长|"
    r"市长|组长|院长|行长|总经理|经理|主席|委员|专员|调研员|科员|同志)$"
)
UNIT_LIKE = re.compile(r"(?:局|委|办|办公室|中心|所|行|公司|街道|镇|乡|院|会|处|科|部|校|站|队|厅|府)$")


class Written(NamedTuple):
    """A participant as written: the name, the same without a title, and the unit if one stands there."""

    name: str
    bare: str
    unit: str


def names_of(text: str) -> tuple[list[Written], bool]:
    """The participants a cell names, and whether it says that there were others (等)."""
    found: list[Written] = []
    has_others = False
    for group in GROUPS.split(SET_APART.sub(r"\1\2", text)):
        unit = ""
        if before := UNIT_BEFORE.fullmatch(group.strip()):
            unit, group = before[1].strip(), before[2]
        for part in NAMES.split(group):
            name = AND_OTHERS.sub("", part)
            has_others |= name != part
            if name:
                found.append(_written(name, unit))
    return found, has_others


def _written(text: str, unit: str) -> Written:
    name = text
    if found := IN_BRACKETS.fullmatch(text):
        name = found[1].strip()
        unit = next(filter(UNIT_LIKE.search, re.split(r"[、，,\s]+", found[2])), unit)
    bare = TITLE.sub("", name)
    return Written(name, bare if len(bare) > 1 else name, unit)


def firms_of(text: str) -> list[str]:
    """The enterprises a cell names."""
    return list(dict.fromkeys(filter(None, (name.strip() for name in FIRMS.split(text)))))
