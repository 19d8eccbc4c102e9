"""Whole valid rows of the register."""

from itertools import count
from typing import Any

from stdnum.cn import uscc

from visits.core.authz import SYSTEM
from visits.enterprises.models import Enterprise
from visits.enterprises.operations import EnterpriseEntry, register_enterprise

# Far from the numbers tests choose themselves, so that none comes up by itself in a long run.
_numbers = count(1_000_001)


def make_code(number: int | None = None) -> str:
    """An invented credit code that checks (region 999999 does not exist)."""
    body = f"91999999MA{number if number is not None else next(_numbers):07d}"
    return body + uscc.calc_check_digit(body)


def make_enterprise(name: str | None = None, **values: Any) -> Enterprise:
    """An enterprise in the register."""
    number = next(_numbers)
    values.setdefault("code", make_code(number))
    entry = EnterpriseEntry(name=name or f"甲乙精密机械{number}有限公司", **values)
    return register_enterprise(SYSTEM, entry)
