"""Reads a state table: which moves exist, which are open, and whether one may be made."""

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from visits.core.errors import DomainError, NotAllowed, WrongState
from visits.core.i18n import N_
from visits.core.permissions import Permission

Guard = Callable[[Any], DomainError | None]


@dataclass(frozen=True)
class Move:
    """One row of a state table.

    `origin` empty: the move starts from nothing. `target` None: it stays in its state.
    `guard` is a pure function of the slice's facts that returns a refusal or None.
    `goes_back` leads back to the state the record was in before; the operation knows which.
    `system` opens the move to the system only.
    """

    name: str
    origin: frozenset[StrEnum]
    target: StrEnum | None
    permission: Permission | None
    label: str
    guard: Guard | None = None
    asks_for: tuple[str, ...] = ()
    system: bool = False
    goes_back: bool = False


class Machine:
    """A state table that was checked when it was built."""

    def __init__(self, moves: Iterable[Move]) -> None:
        self.moves: dict[str, Move] = {}
        for move in moves:
            if move.name in self.moves:
                raise ValueError(f"two moves are called {move.name}")
            self.moves[move.name] = move
        self._check_reachable()

    def _check_reachable(self) -> None:
        """Every state a move starts from must be where some move leads."""
        reached = {move.target for move in self.moves.values() if move.target is not None}
        left = set().union(*(move.origin for move in self.moves.values()))
        if missing := left - reached:
            raise ValueError(f"no move leads to {sorted(missing)}")

    @property
    def permissions(self) -> frozenset[Permission]:
        """All permissions named in the table."""
        return frozenset(m.permission for m in self.moves.values() if m.permission)

    def __getitem__(self, name: str) -> Move:
        return self.moves[name]

    def open_to(self, held: Set[Permission], state: StrEnum, facts: Any) -> list[Move]:
        """The moves a person holding these permissions for the row may make now."""
        return [
            move
            for move in self.moves.values()
            if state in move.origin
            and not move.system
            and move.permission in held
            and (move.guard is None or move.guard(facts) is None)
        ]

    def check(self, name: str, held: Set[Permission], state: StrEnum | None, facts: Any) -> Move:
        """Return the move, or raise NotAllowed (right), WrongState (state) or the guard's refusal."""
        move = self.moves[name]
        if move.system or (move.permission is not None and move.permission not in held):
            raise NotAllowed()
        return self.check_state(name, state, facts)

    def check_state(self, name: str, state: StrEnum | None, facts: Any) -> Move:
        """As `check`, for the system, which needs no permission."""
        move = self.moves[name]
        if (state is None) != (not move.origin) or (state is not None and state not in move.origin):
            raise WrongState(
                N_("This step is not possible in the record's present state. Look at the page again.")
            )
        if move.guard is not None and (refusal := move.guard(facts)) is not None:
            raise refusal
        return move
