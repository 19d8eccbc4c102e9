"""Text to fear, in every field of the demo zone: what a page, list, export or document must stand."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapper

LONGEST = 2000
STRINGS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>\"'`&amp;",
    "{{7*7}}{% raw %}${7*7}%(n)s%s",
    '=HYPERLINK("http://example.invalid","点我")',
    "＝1+1\t@SUM(A1)",
    "-2+3|cmd",
    "'; DROP TABLE issues; --",
    'C:\\temp\\"引号"，"逗号",\r\n第二行\n第三行',
    "ابجد هوز حطي كلمن العربية",
    "שלום עולם \u202eמימין\u202c לשמאל",
    "👩‍👩‍👧‍👦🏳️‍🌈👨🏽‍🔧🇨🇳e\u0301",
    "𠮷野家㙍䶮𪚥𱁬㐂㛃",
    "Z\u0351\u036b\u0343\u036a\u0302A\u0351\u036b\u0343\u036aL\u0351\u036bGO",
    "零\u200b宽\u2060字\ufeff符\u00ad软\u00a0空\u3000格",
    "控\x0b制\x1f字\x7f符\x85行\u2028段\u2029尾",
    "超长无空格" * 40,
    "unbreakable" * 20,
    "ｆｕｌｌ　ｗｉｄｔｈ１２３，。；：？！",
    "]]></w:t><!--&#0;&nbsp;",
    "../../etc/passwd%00..\\CON",
)
# Columns that mean something to the program, or are made from others: no person writes into them.
KEPT = frozenset(
    {
        "acted_as",
        "action",
        "capital_currency",
        "client_id",
        "code",
        "code_hash",
        "digest",
        "key",
        "language",
        "location",
        "month",
        "move",
        "name_key",
        "number",
        "password_hash",
        "pinyin",
        "search_text",
        "section",
        "sha256",
        "token_hash",
        "username",
        "word",
    }
)
# Tables that people do not write, chosen reasons, and names by which the demo finds its own rows again.
KEPT_TABLES = frozenset(
    {
        "audit_entries",
        "calendar_changes",
        "calendar_days",
        "open_forms",
        "settings",
        "submissions",
        "superior_form_cells",
        "superior_form_rows",
    }
)
SPELT = frozenset({"issue_requests.reason", "enterprises.name", "enterprises.short_name", "tags.name"})
FREE_TEXTS = frozenset(
    {
        "comments",
        "complaints",
        "corrections",
        "firm_trades",
        "places",
        "problems",
        "progress",
        "promises",
        "purposes",
        "rejections",
        "results",
        "returns",
        "said_last",
        "seen",
        "send_backs",
        "spot",
        "summaries",
        "voidings",
        "wishes",
    }
)


class Tongue:
    """Says the strings in turn, each with its number, so that no two are alike."""

    def __init__(self) -> None:
        self.count = 0

    def say(self, most: int = LONGEST) -> str:
        """The next string, at most so many characters; every fifth as long as it may be."""
        self.count += 1
        said = STRINGS[self.count % len(STRINGS)]
        if self.count % 5 == 0:
            said *= most // len(said) + 1
        head = str(self.count)
        return head + said[: most - len(head)]


def spoilt(texts: dict[str, Any]) -> dict[str, Any]:
    """The demo's texts with a string to fear behind each that a person would have typed."""
    tongue = Tongue()
    return {key: _spoil(value, tongue) if key in FREE_TEXTS else value for key, value in texts.items()}


def _spoil(texts: Any, tongue: Tongue) -> Any:
    if isinstance(texts, str):
        return texts + tongue.say(50).replace("{", "{{").replace("}", "}}") if texts else texts
    if isinstance(texts, list):
        return [_spoil(one, tongue) for one in texts]
    return {key: _spoil(one, tongue) for key, one in texts.items()}


def _columns(mapper: Mapper[Any]) -> list[tuple[str, int]]:
    """The columns people write text into, with how much each holds."""
    table = mapper.local_table
    return [
        (mapper.get_property_by_column(column).key, column.type.length or LONGEST)
        for column in table.columns
        if isinstance(column.type, sa.String)
        and not isinstance(column.type, sa.Enum)
        and not column.foreign_keys
        and column.name not in KEPT
        and f"{table}.{column.name}" not in SPELT
    ]


@contextmanager
def spoken() -> Iterator[None]:
    """Fill every text a person could have written, in every row added meanwhile."""
    tongue = Tongue()

    def fill(mapper: Mapper[Any], _connection: sa.Connection, row: Any) -> None:
        if str(mapper.local_table) not in KEPT_TABLES:
            for key, most in _columns(mapper):
                if getattr(row, key) or not key.endswith("_reason"):  # no reason without its fact
                    setattr(row, key, tongue.say(most))

    event.listen(Mapper, "before_insert", fill)
    try:
        yield
    finally:
        event.remove(Mapper, "before_insert", fill)
