"""Where the moves that are open stand on the page of their problem."""

import pytest

from visits.issues.moves import OFFERS, Group, Place, arranged
from visits.issues.states import LIFE


def shown(*names):
    """The buttons, the menu and the main move for these open moves."""
    actions = arranged([LIFE[name] for name in LIFE.moves if name in names], OFFERS)
    menu = {heading: [move.name for move in moves] for heading, moves in actions.menu}
    return [move.name for move in actions.buttons], menu, actions.main


def test_few_moves_need_no_menu():
    names = {"report", "add_progress", "add_note", "return", "record_contact"}
    buttons, menu, main = shown(*names)
    assert (set(buttons), menu, main) == (names, {}, "record_contact")


def test_many_moves_leave_the_likely_ones_as_buttons():
    buttons, menu, main = shown("assign", "request_info", "reject", "correct", "void", "add_note")
    assert (buttons, main) == (["assign", "request_info", "reject"], "assign")
    assert menu == {Group.RECORD.value: ["correct", "add_note", "void"]}


def test_more_likely_moves_than_room_go_into_the_menu_under_their_headings():
    likely = [name for name in LIFE.moves if name in OFFERS and OFFERS[name].place is not Place.REST]
    buttons, menu, main = shown(*likely, "void")
    assert len(buttons) == 4
    assert main == buttons[0] == "assign"
    assert list(menu) == [group.value for group in Group if group.value in menu]
    held = [name for names in menu.values() for name in names]
    assert sorted(buttons + held) == sorted([*likely, "void"])


@pytest.mark.parametrize("names", [{"add_note"}, {"void", "add_note"}, {"add_progress", "correct"}])
def test_nothing_is_the_main_thing_where_no_move_leads_on(names):
    assert shown(*names)[2] is None


def test_every_offer_is_a_move_of_people():
    assert {name for name in OFFERS if LIFE[name].permission is None} == set()


def test_whoever_supervises_is_offered_the_reminder_first():
    for names in (
        {"add_note", "remind"},
        {"add_note", "remind", "escalate", "raise_flag", "set_duty", "hide_enterprise"},
    ):
        buttons, _, main = shown(*names)
        assert (buttons[0], main) == ("remind", None)
