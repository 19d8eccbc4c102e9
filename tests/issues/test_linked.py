"""What is linked to other problems does not leave silently, nor change its enterprise."""

import pytest

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_enterprise
from visits.core.errors import Refused
from visits.core.permissions import Role
from visits.issues import operations as do
from visits.issues.operations import CorrectionEntry, PartEntry, WithdrawalAnswer
from visits.issues.states import State

FREE = WithdrawalAnswer("王经理", is_free=True, said="不再需要")


def corrected(issue, **values):
    names = ("enterprise_id", "title", "description", "category_id", "complexity", "wish")
    return CorrectionEntry(**({name: getattr(issue, name) for name in names} | values))


def with_merged(office, problem, state):
    """A target of this state, and the problem merged into it."""
    merged, target = problem(), problem(state)
    do.merge(office.coordinator, merged, target, "同一件事")
    return merged, target


def leaves(office, target, way):
    """Take a problem out of what counts in one of the three ways."""
    if way == "void":
        do.void(office.leader if target.state is State.CLOSED else office.coordinator, target, "误录")
    elif way == "reject":
        do.reject(office.coordinator, target, "已在诉讼中", "建议通过司法途径解决")
    else:
        do.withdraw(office.callback, target, FREE)


@pytest.mark.parametrize(
    ("way", "state"),
    [
        ("void", State.REGISTERED),
        ("void", State.IN_PROGRESS),
        ("void", State.CLOSED),
        ("reject", State.REGISTERED),
        ("withdraw", State.IN_PROGRESS),
    ],
)
def test_into_what_others_were_merged_leaves_only_after_the_merges_are_undone(
    db, office, problem, way, state
):
    merged, target = with_merged(office, problem, state)
    if way == "withdraw":
        officer = actor_for(make_person([Role.OFFICER]))
        do.watch(officer, target)
        do.ask_withdrawal(officer, target, "企业来电")
    with pytest.raises(Refused, match="Undo the merges first") as refused:
        leaves(office, target, way)
    assert merged.number in refused.value.params["numbers"]
    db.session.expire_all()
    assert (target.state, merged.merged_into_id) == (state, target.id)
    do.unmerge(office.coordinator, merged, "并错了")
    leaves(office, target, way)
    assert target.state in {State.VOID, State.REJECTED, State.WITHDRAWN}


def linked_pair(office, problem, how):
    """Two linked problems, the later first."""
    earlier, later = problem(), problem()
    if how == "merge":
        do.merge(office.coordinator, later, earlier, "同一件事")
    elif how == "repeat":
        do.link_repeat(office.coordinator, later, earlier)
    else:
        part = PartEntry("围墙外积水", "雨后积水", earlier.category_id)
        [later] = do.split(office.coordinator, earlier, [part], "两件事")
    return later, earlier


@pytest.mark.parametrize("how", ["merge", "repeat", "split"])
def test_what_is_linked_keeps_its_enterprise(db, office, problem, how):
    later, earlier = linked_pair(office, problem, how)
    other = make_enterprise()
    open_ones = [issue for issue in (later, earlier) if issue.state is State.REGISTERED]
    for issue in open_ones:
        entry = corrected(issue, enterprise_id=other.id)
        with pytest.raises(Refused, match="linked to other problems") as refused:
            do.correct(office.coordinator, issue, entry, "填错企业")
        beside = earlier if issue is later else later
        assert refused.value.field == "enterprise_id"
        assert refused.value.params["numbers"] == beside.number
        do.correct(office.coordinator, issue, corrected(issue, title="厂区门口路面"), "写清楚")
        assert issue.title == "厂区门口路面"


def test_alone_again_it_may_change_its_enterprise(office, problem):
    later, earlier = linked_pair(office, problem, "merge")
    do.unmerge(office.coordinator, later, "不是一件事")
    other = make_enterprise()
    do.correct(office.coordinator, earlier, corrected(earlier, enterprise_id=other.id), "填错企业")
    assert earlier.enterprise_id == other.id


def test_the_page_names_what_holds_it_back_and_keeps_what_was_typed(db, client_for, office, problem):
    merged, target = with_merged(office, problem, State.REGISTERED)
    db.session.commit()
    coordinator = client_for(office.people["coordinator"])
    page = coordinator.post(
        "issues.make_move", {"note": "重复登记作废"}, status=422, issue_id=target.id, move="void"
    )
    assert merged.number in page.main
    assert "先取消并件" in page.main
    assert "重复登记作废" in page.text


def test_the_correction_says_at_the_field_why_the_enterprise_stays(db, client_for, office, problem):
    later, earlier = linked_pair(office, problem, "repeat")
    other = make_enterprise()
    db.session.commit()
    values = {
        "enterprise_id": str(other.id),
        "title": "厂区门口道路积水",
        "description": later.description,
        "category_id": str(later.category_id),
        "complexity": str(later.complexity),
        "note": "企业选错了",
    }
    coordinator = client_for(office.people["coordinator"])
    page = coordinator.post("issues.make_move", values, status=422, issue_id=later.id, move="correct")
    error = page.root.first(id="enterprise_id-error").text
    assert earlier.number in error
    assert page.root.first("input", name="title")["value"] == "厂区门口道路积水"
