"""How a spreadsheet of each kind of cargo is recognised, checked and written: what the wizard is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from visits.core.authz import Actor
from visits.core.permissions import Permission
from visits.enterprises.columns import Columns
from visits.enterprises.models import Cargo
from visits.enterprises.stages import Work


@dataclass(frozen=True)
class Found:
    """What came of a file: figures and first rows for the page, and all reasons why rows were rejected."""

    outcome: dict[str, Any]
    rejected: list[dict[str, Any]]


@dataclass(frozen=True)
class Carrier:
    """All that is special to one cargo.

    `require` refuses a mapping of columns that lacks what is needed. `check` reads only; `write` may commit
    by and by, and leaves what comes last to be committed together with the end of the work.
    """

    cargo: Cargo
    permission: Permission
    columns: Columns
    require: Callable[[Mapping[str, int]], None]
    check: Callable[[Work], Found]
    write: Callable[[Actor, Work], Found]


_carriers: dict[Cargo, Carrier] = {}


def bind_carriers(*carriers: Carrier) -> None:
    """Say who carries which cargo."""
    _carriers.update({carrier.cargo: carrier for carrier in carriers})


def carrier_of(cargo: Cargo) -> Carrier:
    """Who carries such a cargo."""
    return _carriers[cargo]
