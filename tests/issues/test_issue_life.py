"""Every state, every move, every role: who may do what, and what holds each one back."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from visits.core.errors import DomainError, NotAllowed, Refused
from visits.core.permissions import GRID, Reach, Role, reach_of
from visits.issues.rules import MoveFacts
from visits.issues.states import LIFE, State

S, R = State, Role
AUTHORS = {R.CADRE, R.OFFICER, R.SPECIALIST, R.GROUP_LEADER}
UNIT = {R.HANDLER, R.UNIT_HEAD}
COORDINATOR, LEADER, CALLBACK = {R.COORDINATOR}, {R.LEADER}, {R.CALLBACK}
DESK = {S.ASSIGNED, S.RETURNED, S.IN_PROGRESS}
READERS = AUTHORS | UNIT | COORDINATOR | LEADER | CALLBACK | {R.SUPERVISOR}
LIVE = DESK | {S.REGISTERED, S.REPORTED, S.EVALUATING}

# move: the states it starts from, who may make it there, where it leads; as the rules of the office say
RULES = {
    "assign": [({S.REGISTERED}, COORDINATOR, S.ASSIGNED)],
    "request_info": [({S.REGISTERED}, COORDINATOR, None)],
    "complete_info": [({S.REGISTERED}, AUTHORS | COORDINATOR, None)],
    "reject": [({S.REGISTERED}, COORDINATOR, S.REJECTED)],
    "restore": [({S.REJECTED}, COORDINATOR | LEADER, S.REGISTERED)],
    "sign": [({S.ASSIGNED}, UNIT, S.IN_PROGRESS)],
    "record_contact": [({S.ASSIGNED, S.IN_PROGRESS}, UNIT, None)],
    "add_progress": [(DESK, UNIT, None)],
    "add_note": [(LIVE | {S.REJECTED, S.CLOSED, S.VOID}, READERS, None)],
    "answer_as_co_unit": [(DESK, UNIT, None)],
    "waive_co_unit": [(DESK, COORDINATOR, None)],
    "return": [({S.ASSIGNED, S.IN_PROGRESS}, UNIT, S.RETURNED)],
    "reassign": [({S.RETURNED}, COORDINATOR, S.ASSIGNED)],
    "uphold": [({S.RETURNED}, COORDINATOR, S.ASSIGNED)],
    "report": [({S.IN_PROGRESS}, UNIT, S.REPORTED)],
    "pass_review": [({S.REPORTED}, COORDINATOR, S.EVALUATING)],
    "send_back": [({S.REPORTED}, COORDINATOR, S.IN_PROGRESS)],
    "record_evaluation": [({S.EVALUATING}, CALLBACK, None)],
    "log_attempt": [({S.EVALUATING}, CALLBACK, None)],
    "close_unreached": [({S.EVALUATING}, COORDINATOR, S.CLOSED)],
    "correct": [({S.REGISTERED}, AUTHORS | COORDINATOR, None), (LIVE - {S.REGISTERED}, COORDINATOR, None)],
    "void": [(LIVE | {S.REJECTED}, COORDINATOR, S.VOID), ({S.CLOSED}, LEADER, S.VOID)],
    "register": [],
    "close_on_spot": [],
    "close_evaluated": [],
    "rework": [],
    "recompute_due": [],
}


def facts_in(state, role, move):
    """Facts under which nothing but state and role can stand in the way."""
    return MoveFacts(
        today=date(2026, 11, 23),
        return_until=date(2026, 11, 23),
        is_registered=state is S.REGISTERED,
        is_closed=state is S.CLOSED,
        needs_info=move == "complete_info",
        return_count=1,
        is_coordinator=role is R.COORDINATOR,
        is_leader=role is R.LEADER,
        is_head=role is R.UNIT_HEAD,
        in_lead_unit=role in UNIT,
        in_handling_unit=role in UNIT,
        waiting_co_units=1 if move == "waive_co_unit" else 0,
        in_waiting_co_unit=move == "answer_as_co_unit",
        attempts=3,
        attempt_days=2,
    )


def held_by(role):
    return frozenset(p for p in GRID if reach_of(role, p) is not Reach.NONE)


def may_make(move, state, role):
    try:
        LIFE.check(move, held_by(role), state, facts_in(state, role, move))
    except DomainError:
        return False
    return True


def test_the_table_of_rules_names_every_move():
    assert set(RULES) == set(LIFE.moves)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("move", RULES)
def test_who_may_do_what_where(move, role):
    allowed = {state for state in State if may_make(move, state, role)}
    assert allowed == {state for states, roles, _ in RULES[move] if role in roles for state in states}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", State)
def test_the_page_offers_what_may_be_done(state, role):
    offered = {
        move
        for move in LIFE.moves
        if move in {m.name for m in LIFE.open_to(held_by(role), state, facts_in(state, role, move))}
    }
    assert offered == {move for move in LIFE.moves if may_make(move, state, role)}


@pytest.mark.parametrize("move", RULES)
def test_where_a_move_leads(move):
    targets = {target for _, _, target in RULES[move]}
    assert targets <= {LIFE[move].target}


@pytest.mark.parametrize(("move", "role"), list(product(("register", "close_on_spot"), Role)))
def test_who_may_register(move, role):
    if role in AUTHORS | COORDINATOR:
        assert LIFE.check(move, held_by(role), None, None).name == move
    else:
        with pytest.raises(NotAllowed):
            LIFE.check(move, held_by(role), None, None)


OTHER_DAY = date(2026, 11, 20)
# what holds a move back although state and role are right
HURDLES = [
    ("request_info", S.REGISTERED, R.COORDINATOR, {"needs_info": True}, Refused),
    ("complete_info", S.REGISTERED, R.CADRE, {"needs_info": False}, Refused),
    ("correct", S.ASSIGNED, R.CADRE, {}, NotAllowed),
    ("sign", S.ASSIGNED, R.HANDLER, {"in_lead_unit": False}, NotAllowed),
    ("record_contact", S.IN_PROGRESS, R.HANDLER, {"in_lead_unit": False}, NotAllowed),
    ("record_contact", S.IN_PROGRESS, R.HANDLER, {"is_contacted": True}, Refused),
    ("answer_as_co_unit", S.IN_PROGRESS, R.HANDLER, {"in_waiting_co_unit": False}, NotAllowed),
    ("waive_co_unit", S.IN_PROGRESS, R.COORDINATOR, {"waiting_co_units": 0}, Refused),
    ("return", S.ASSIGNED, R.HANDLER, {"return_until": OTHER_DAY}, Refused),
    ("return", S.IN_PROGRESS, R.HANDLER, {"return_until": None}, Refused),
    ("return", S.ASSIGNED, R.HANDLER, {"was_returned": True}, Refused),
    ("return", S.ASSIGNED, R.HANDLER, {"no_return": True}, Refused),
    ("return", S.ASSIGNED, R.HANDLER, {"head_confirms": True}, NotAllowed),
    ("return", S.ASSIGNED, R.HANDLER, {"in_lead_unit": False}, NotAllowed),
    ("report", S.IN_PROGRESS, R.HANDLER, {"waiting_co_units": 1}, Refused),
    ("report", S.IN_PROGRESS, R.HANDLER, {"head_confirms": True}, NotAllowed),
    ("report", S.IN_PROGRESS, R.HANDLER, {"in_lead_unit": False}, NotAllowed),
    ("reassign", S.RETURNED, R.COORDINATOR, {"return_count": 2}, NotAllowed),
    ("reassign", S.RETURNED, R.LEADER, {"return_count": 1}, NotAllowed),
    ("uphold", S.RETURNED, R.COORDINATOR, {"return_count": 3}, NotAllowed),
    ("pass_review", S.REPORTED, R.COORDINATOR, {"in_handling_unit": True}, NotAllowed),
    ("send_back", S.REPORTED, R.COORDINATOR, {"in_handling_unit": True}, NotAllowed),
    ("pass_review", S.REPORTED, R.LEADER, {"has_independent_coordinator": True}, NotAllowed),
    ("record_evaluation", S.EVALUATING, R.CALLBACK, {"in_handling_unit": True}, NotAllowed),
    ("log_attempt", S.EVALUATING, R.CALLBACK, {"in_handling_unit": True}, NotAllowed),
    ("close_unreached", S.EVALUATING, R.COORDINATOR, {"attempts": 2}, Refused),
    ("close_unreached", S.EVALUATING, R.COORDINATOR, {"attempt_days": 1}, Refused),
    ("close_unreached", S.EVALUATING, R.COORDINATOR, {"in_handling_unit": True}, NotAllowed),
    ("void", S.CLOSED, R.COORDINATOR, {}, NotAllowed),
    ("void", S.ASSIGNED, R.LEADER, {}, NotAllowed),
]


@pytest.mark.parametrize(("move", "state", "role", "changes", "error"), HURDLES)
def test_hurdles(move, state, role, changes, error):
    facts = replace(facts_in(state, role, move), **changes)
    with pytest.raises(error):
        LIFE.check(move, held_by(role), state, facts)
    assert move not in {m.name for m in LIFE.open_to(held_by(role), state, facts)}


@pytest.mark.parametrize(
    ("move", "state", "role", "changes"),
    [
        ("reassign", S.RETURNED, R.LEADER, {"return_count": 2}),
        ("uphold", S.RETURNED, R.LEADER, {"return_count": 2}),
        ("reassign", S.RETURNED, R.COORDINATOR, {"return_count": 2, "has_leader": False}),
        ("return", S.ASSIGNED, R.UNIT_HEAD, {"head_confirms": True}),
        ("report", S.IN_PROGRESS, R.UNIT_HEAD, {"head_confirms": True}),
        ("pass_review", S.REPORTED, R.LEADER, {"has_independent_coordinator": False}),
        ("send_back", S.REPORTED, R.LEADER, {"has_independent_coordinator": False}),
    ],
)
def test_who_stands_in(move, state, role, changes):
    facts = replace(facts_in(state, role, move), **changes)
    assert LIFE.check(move, held_by(role), state, facts).name == move
