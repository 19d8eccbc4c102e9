"""Every state, every move, every role: who may do what, and what holds each one back."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from visits.core.errors import DomainError, NotAllowed, Refused
from visits.core.permissions import GRID, Reach, Role, reach_of
from visits.issues.guards import MoveFacts
from visits.issues.states import LIFE, State

S, R = State, Role
AUTHORS = {R.CADRE, R.OFFICER, R.SPECIALIST, R.GROUP_LEADER}
UNIT = {R.HANDLER, R.UNIT_HEAD}
COORDINATOR, LEADER, CALLBACK = {R.COORDINATOR}, {R.LEADER}, {R.CALLBACK}
DESK = {S.ASSIGNED, S.RETURNED, S.IN_PROGRESS}
SUPERVISOR, OFFICERS = {R.SUPERVISOR}, {R.OFFICER, R.SPECIALIST}
READERS = AUTHORS | UNIT | COORDINATOR | LEADER | CALLBACK | SUPERVISOR
PRESSING = COORDINATOR | LEADER | SUPERVISOR | {R.GROUP_LEADER}
LIVE = DESK | {S.REGISTERED, S.SUSPENDED, S.REPORTED, S.EVALUATING}
RULED = {S.IN_PROGRESS, S.REPORTED, S.EVALUATING}

# move: the states it starts from, who may make it there, where it leads; as the rules of the office say
RULES = {
    "assign": [({S.REGISTERED}, COORDINATOR, S.ASSIGNED)],
    "request_info": [({S.REGISTERED}, COORDINATOR, None)],
    "complete_info": [({S.REGISTERED}, AUTHORS | COORDINATOR, None)],
    "reject": [({S.REGISTERED}, COORDINATOR, S.REJECTED)],
    "restore": [({S.REJECTED}, COORDINATOR | LEADER, S.REGISTERED)],
    "sign": [({S.ASSIGNED}, UNIT, S.IN_PROGRESS)],
    "record_contact": [({S.ASSIGNED, S.IN_PROGRESS}, UNIT, None)],
    "add_progress": [(DESK | {S.SUSPENDED}, UNIT, None)],
    "add_note": [(set(S), READERS, None)],
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
    "recompute_review": [],
    "ask_extension": [({S.IN_PROGRESS}, UNIT, None)],
    "grant_extension": [({S.IN_PROGRESS}, COORDINATOR, None)],
    "refuse_extension": [({S.IN_PROGRESS}, COORDINATOR, None)],
    "ask_suspension": [({S.IN_PROGRESS}, UNIT, None)],
    "suspend": [({S.IN_PROGRESS}, LEADER, S.SUSPENDED)],
    "refuse_suspension": [({S.IN_PROGRESS}, LEADER, None)],
    "resume": [({S.SUSPENDED}, COORDINATOR, S.IN_PROGRESS)],
    "merge": [(DESK | {S.REGISTERED}, COORDINATOR, S.MERGED)],
    "unmerge": [({S.MERGED}, COORDINATOR, None)],
    "split": [(LIVE, COORDINATOR, None)],
    "link_repeat": [(LIVE, COORDINATOR, None)],
    "ask_withdrawal": [(LIVE, OFFICERS, None)],
    "withdraw": [(LIVE, CALLBACK, S.WITHDRAWN)],
    "refuse_withdrawal": [(LIVE, CALLBACK, None)],
    "reopen": [({S.CLOSED}, OFFICERS | LEADER | SUPERVISOR | {R.GROUP_LEADER}, S.IN_PROGRESS)],
    "reopen_to_office": [({S.CLOSED}, OFFICERS | LEADER | SUPERVISOR | {R.GROUP_LEADER}, S.REGISTERED)],
    "fulfil": [({S.CLOSED}, UNIT, S.REPORTED)],
    "ask_ruling": [(RULED, LEADER, None)],
    "rule_closed": [(RULED, SUPERVISOR, S.CLOSED)],
    "refuse_ruling": [(RULED, SUPERVISOR, None)],
    "rate_later": [({S.CLOSED}, CALLBACK, None)],
    "hide_enterprise": [(LIVE, AUTHORS | COORDINATOR, None)],
    "show_enterprise": [(LIVE | {S.CLOSED}, AUTHORS | COORDINATOR, None)],
    "raise_flag": [(LIVE, AUTHORS | COORDINATOR | LEADER | SUPERVISOR, None)],
    "lower_flag": [(LIVE, PRESSING, None)],
    "remind": [(LIVE - {S.REGISTERED, S.SUSPENDED}, PRESSING, None)],
    "escalate": [(LIVE, PRESSING, None)],
    "instruct": [(LIVE, LEADER, None)],
    "set_duty": [(LIVE, COORDINATOR, None)],
    "complete_duty": [(LIVE | {S.CLOSED}, UNIT | COORDINATOR, None)],
    "cancel_duty": [(LIVE | {S.CLOSED}, COORDINATOR, None)],
    "order_supervision": [(LIVE, COORDINATOR | LEADER | SUPERVISOR, None)],
    "answer_supervision": [(set(S), UNIT, None)],
    "send_back_supervision": [(set(S), COORDINATOR | LEADER | SUPERVISOR, None)],
    "end_supervision": [(set(S), COORDINATOR | LEADER | SUPERVISOR, None)],
    "put_on_agenda": [(LIVE, PRESSING, None)],
    "conclude": [(LIVE | {S.CLOSED}, PRESSING, None)],
    "hand_over": [],
}
# what must have happened before, for a move to be open
BEFORE = {
    "complete_info": {"needs_info": True},
    "waive_co_unit": {"waiting_co_units": 1},
    "answer_as_co_unit": {"in_waiting_co_unit": True},
    "grant_extension": {"extension_asked": True},
    "refuse_extension": {"extension_asked": True},
    "suspend": {"suspension_asked": True},
    "refuse_suspension": {"suspension_asked": True},
    "withdraw": {"withdrawal_asked": True},
    "refuse_withdrawal": {"withdrawal_asked": True},
    "reopen": {"has_unit": True},
    "fulfil": {"is_planned": True, "commitment_due": date(2026, 11, 23)},
    "ask_ruling": {"is_rated_badly": True},
    "rule_closed": {"ruling_asked": True},
    "refuse_ruling": {"ruling_asked": True},
    "rate_later": {"may_rate_again": True},
    "show_enterprise": {"is_confidential": True},
    "lower_flag": {"has_flag": True},
    "complete_duty": {"has_duty": True},
    "cancel_duty": {"has_duty": True},
}


def facts_in(state, role, move):
    """Facts under which nothing but state and role can stand in the way."""
    facts = MoveFacts(
        today=date(2026, 11, 23),
        return_until=date(2026, 11, 23),
        extend_until=date(2026, 11, 23),
        reopen_until=date(2026, 11, 23),
        is_registered=state is S.REGISTERED,
        is_closed=state is S.CLOSED,
        return_count=1,
        is_coordinator=role is R.COORDINATOR,
        is_leader=role is R.LEADER,
        is_supervisor=role is R.SUPERVISOR,
        is_head=role is R.UNIT_HEAD,
        in_lead_unit=role in UNIT,
        in_handling_unit=role in UNIT,
        attempts=3,
        attempt_days=2,
    )
    return replace(facts, **BEFORE.get(move, {}))


def held_by(role):
    return frozenset(p for p in GRID if reach_of(role, p) is not Reach.NONE)


def may_make(move, state, role):
    try:
        LIFE.check(move, held_by(role), state, facts_in(state, role, move))
    except DomainError:
        return False
    return True


def test_the_table_of_rules_names_every_move():
    imported = {name for name in LIFE.moves if name.startswith("import:")}
    assert set(RULES) == set(LIFE.moves) - imported
    assert all(LIFE[name].system and LIFE[name].permission is None for name in imported)


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
LATE = {"today": date(2026, 11, 24)}
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
    ("ask_extension", S.IN_PROGRESS, R.HANDLER, {"extension_asked": True}, Refused),
    ("ask_extension", S.IN_PROGRESS, R.HANDLER, {"extended": 2}, Refused),
    ("ask_extension", S.IN_PROGRESS, R.HANDLER, LATE, Refused),
    ("ask_extension", S.IN_PROGRESS, R.HANDLER, {"head_confirms": True}, NotAllowed),
    ("ask_extension", S.IN_PROGRESS, R.HANDLER, {"in_lead_unit": False}, NotAllowed),
    ("grant_extension", S.IN_PROGRESS, R.COORDINATOR, {"extension_asked": False}, Refused),
    ("grant_extension", S.IN_PROGRESS, R.COORDINATOR, {"extended": 1}, NotAllowed),
    ("grant_extension", S.IN_PROGRESS, R.COORDINATOR, {"in_handling_unit": True}, NotAllowed),
    ("grant_extension", S.IN_PROGRESS, R.LEADER, {}, NotAllowed),
    ("ask_suspension", S.IN_PROGRESS, R.HANDLER, {"suspension_asked": True}, Refused),
    ("ask_suspension", S.IN_PROGRESS, R.HANDLER, {"in_lead_unit": False}, NotAllowed),
    ("suspend", S.IN_PROGRESS, R.LEADER, {"suspension_asked": False}, Refused),
    ("suspend", S.IN_PROGRESS, R.COORDINATOR, {}, NotAllowed),
    ("ask_withdrawal", S.ASSIGNED, R.OFFICER, {"withdrawal_asked": True}, Refused),
    ("withdraw", S.ASSIGNED, R.CALLBACK, {"withdrawal_asked": False}, Refused),
    ("withdraw", S.ASSIGNED, R.CALLBACK, {"in_handling_unit": True}, NotAllowed),
    ("reopen", S.CLOSED, R.OFFICER, {"has_unit": False}, Refused),
    ("reopen", S.CLOSED, R.OFFICER, LATE, Refused),
    ("reopen_to_office", S.CLOSED, R.OFFICER, {"has_unit": True}, Refused),
    ("reopen_to_office", S.CLOSED, R.GROUP_LEADER, LATE, Refused),
    ("fulfil", S.CLOSED, R.HANDLER, {"is_planned": False}, Refused),
    ("fulfil", S.CLOSED, R.HANDLER, LATE, Refused),
    ("fulfil", S.CLOSED, R.HANDLER, {"head_confirms": True}, NotAllowed),
    ("ask_ruling", S.IN_PROGRESS, R.LEADER, {"is_rated_badly": False}, Refused),
    ("ask_ruling", S.IN_PROGRESS, R.LEADER, {"ruling_asked": True}, Refused),
    ("ask_ruling", S.IN_PROGRESS, R.COORDINATOR, {}, NotAllowed),
    ("rule_closed", S.IN_PROGRESS, R.SUPERVISOR, {"ruling_asked": False}, Refused),
    ("rule_closed", S.IN_PROGRESS, R.SUPERVISOR, {"in_handling_unit": True}, NotAllowed),
    ("rate_later", S.CLOSED, R.CALLBACK, {"may_rate_again": False}, Refused),
    ("rate_later", S.CLOSED, R.CALLBACK, LATE, Refused),
    ("rate_later", S.CLOSED, R.CALLBACK, {"in_handling_unit": True}, NotAllowed),
    ("hide_enterprise", S.ASSIGNED, R.CADRE, {"is_confidential": True}, Refused),
    ("show_enterprise", S.ASSIGNED, R.CADRE, {"is_confidential": False}, Refused),
    ("raise_flag", S.ASSIGNED, R.CADRE, {"has_flag": True}, Refused),
    ("lower_flag", S.ASSIGNED, R.COORDINATOR, {"has_flag": False}, Refused),
    ("escalate", S.ASSIGNED, R.SUPERVISOR, {"escalation": 3}, Refused),
    ("instruct", S.ASSIGNED, R.COORDINATOR, {}, NotAllowed),
    ("complete_duty", S.ASSIGNED, R.HANDLER, {"has_duty": False}, Refused),
    ("cancel_duty", S.ASSIGNED, R.COORDINATOR, {"has_duty": False}, Refused),
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
        ("grant_extension", S.IN_PROGRESS, R.LEADER, {"extended": 1}),
        ("grant_extension", S.IN_PROGRESS, R.LEADER, {"has_independent_coordinator": False}),
        ("grant_extension", S.IN_PROGRESS, R.COORDINATOR, {"extended": 1, "has_leader": False}),
        ("suspend", S.IN_PROGRESS, R.COORDINATOR, {"has_leader": False}),
        ("reopen", S.CLOSED, R.SUPERVISOR, LATE),
        ("reopen_to_office", S.CLOSED, R.LEADER, LATE),
        ("fulfil", S.CLOSED, R.UNIT_HEAD, {"head_confirms": True}),
        ("rate_later", S.CLOSED, R.CALLBACK, {"is_rated": True}),
        ("pass_review", S.REPORTED, R.LEADER, {"has_independent_coordinator": False}),
        ("send_back", S.REPORTED, R.LEADER, {"has_independent_coordinator": False}),
    ],
)
def test_who_stands_in(move, state, role, changes):
    facts = replace(facts_in(state, role, move), **changes)
    assert LIFE.check(move, held_by(role), state, facts).name == move
