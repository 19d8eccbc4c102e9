"""A state table answers: which moves are open, and why one is not."""

from enum import StrEnum

import pytest

from visits.core.errors import NotAllowed, Refused, WrongState
from visits.core.permissions import Permission as P
from visits.core.states import Machine, Move


class Light(StrEnum):
    OFF = "off"
    ON = "on"
    BROKEN = "broken"


def has_current(facts):
    return None if facts["current"] else Refused("There is no current.")


SWITCHES = frozenset({P.ISSUES_HANDLE})
MOVES = (
    Move("install", frozenset(), Light.OFF, P.ISSUES_REGISTER, "install"),
    Move("switch_on", frozenset({Light.OFF}), Light.ON, P.ISSUES_HANDLE, "on", guard=has_current),
    Move("switch_off", frozenset({Light.ON}), Light.OFF, P.ISSUES_HANDLE, "off"),
    Move("dust", frozenset({Light.ON, Light.OFF}), None, P.ISSUES_HANDLE, "dust"),
    Move("burn_out", frozenset({Light.ON}), Light.BROKEN, None, "burn out", system=True),
    Move("notice", frozenset(Light), None, None, "notice"),
)
LIFE = Machine(MOVES)
LIT, DARK = {"current": True}, {"current": False}


@pytest.mark.parametrize(
    ("held", "state", "facts", "names"),
    [
        (SWITCHES, Light.OFF, LIT, ["switch_on", "dust"]),
        (SWITCHES, Light.OFF, DARK, ["dust"]),
        (SWITCHES, Light.ON, LIT, ["switch_off", "dust"]),
        (SWITCHES, Light.BROKEN, LIT, []),
        (frozenset(), Light.ON, LIT, []),
    ],
)
def test_open_moves(held, state, facts, names):
    assert [move.name for move in LIFE.open_to(held, state, facts)] == names


@pytest.mark.parametrize(
    ("name", "held", "state", "facts", "refusal"),
    [
        ("switch_on", SWITCHES, Light.OFF, LIT, None),
        ("install", {P.ISSUES_REGISTER}, None, LIT, None),
        ("notice", frozenset(), Light.ON, LIT, None),
        ("switch_on", frozenset(), Light.ON, DARK, NotAllowed),
        ("switch_on", SWITCHES, Light.ON, DARK, WrongState),
        ("switch_on", SWITCHES, None, LIT, WrongState),
        ("switch_on", SWITCHES, Light.OFF, DARK, Refused),
        ("install", {P.ISSUES_REGISTER}, Light.OFF, LIT, WrongState),
        ("burn_out", frozenset(P), Light.ON, LIT, NotAllowed),
    ],
)
def test_right_then_state_then_guard(name, held, state, facts, refusal):
    if refusal is None:
        assert LIFE.check(name, held, state, facts) is LIFE[name]
    else:
        with pytest.raises(refusal) as raised:
            LIFE.check(name, held, state, facts)
        assert type(raised.value) is refusal


def test_the_system_needs_no_permission_but_the_state():
    assert LIFE.check_state("burn_out", Light.ON, LIT).target is Light.BROKEN
    with pytest.raises(WrongState):
        LIFE.check_state("burn_out", Light.OFF, LIT)


def test_a_table_that_contradicts_itself_is_not_built():
    with pytest.raises(ValueError, match="two moves"):
        Machine([MOVES[0], MOVES[0]])
    with pytest.raises(ValueError, match="no move leads"):
        Machine(MOVES[1:2])


def test_a_table_knows_its_permissions():
    assert LIFE.permissions == {P.ISSUES_REGISTER, P.ISSUES_HANDLE}
