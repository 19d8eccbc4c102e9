"""How a move is offered on the page of its problem, and which of those open now stand where."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from itertools import groupby
from typing import Any

from visits.core.authz import Actor
from visits.core.i18n import N_
from visits.core.states import Move
from visits.issues.forms import MoveForm
from visits.issues.models import Issue, RequestKind

BUTTONS = 4


class Place(IntEnum):
    """Where a move stands: first, the step that leads on; beside it while there is room; or in the menu."""

    NEXT = 1
    LIKELY = 2
    REST = 3


class Group(Enum):
    """Under which heading the menu holds a move; in this order."""

    HANDLING = N_("Handling")
    OFFICE = N_("Office")
    PRESSING = N_("Pressing")
    RECORD = N_("For the record")


@dataclass(frozen=True)
class Offer:
    """One move on the page: its form, what a filled-in form makes of it, its place and its heading.

    `carry_out` takes the actor, the problem, the form and the revision that the form was made from;
    `is_grave` shows in the colour of its buttons. What `decides` a request stands in the request's card;
    `page` is the template of a form that needs its own.
    """

    form: type[MoveForm]
    carry_out: Callable[[Actor, Issue, Any, int | None], object]
    group: Group
    place: Place = Place.REST
    is_grave: bool = False
    decides: RequestKind | None = None
    page: str = "issues/move.html"


@dataclass(frozen=True)
class Actions:
    """The moves open on a page: the buttons, the first of them perhaps the main one, and the menu."""

    buttons: list[Move]
    menu: list[tuple[str, list[Move]]]
    main: str | None

    @property
    def names(self) -> set[str]:
        """All moves open here."""
        return {move.name for moves in (self.buttons, *(held for _, held in self.menu)) for move in moves}


def arranged(moves: Iterable[Move], offers: Mapping[str, Offer]) -> Actions:
    """Put the open moves in their places: in the order of the state table, the grave ones last."""
    offered = [move for move in moves if move.name in offers and offers[move.name].decides is None]
    offered.sort(key=lambda move: (offers[move.name].place, offers[move.name].is_grave))
    likely = [move for move in offered if offers[move.name].place is not Place.REST]
    buttons = offered if len(offered) <= BUTTONS + 1 else likely[:BUTTONS]
    order = list(Group)
    rest = sorted(offered[len(buttons) :], key=lambda move: order.index(offers[move.name].group))
    menu = [(group.value, list(held)) for group, held in groupby(rest, lambda m: offers[m.name].group)]
    leads_on = bool(buttons) and offers[buttons[0].name].place is Place.NEXT
    return Actions(buttons, menu, buttons[0].name if leads_on else None)


def deciding(moves: Iterable[Move], offers: Mapping[str, Offer]) -> dict[RequestKind, list[Move]]:
    """The open moves that decide what is asked for, by the kind of it; the one that grants comes first."""
    decisions: dict[RequestKind, list[Move]] = {}
    for move in moves:
        if move.name in offers and (kind := offers[move.name].decides):
            decisions.setdefault(kind, []).append(move)
    return decisions
