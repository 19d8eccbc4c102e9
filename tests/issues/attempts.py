"""How somebody makes a move of a problem, with entries drawn by chance, good and bad ones."""

from datetime import date, timedelta

from visits.core.clock import today
from visits.issues import operations as do
from visits.issues.models import Block, Delay, Level, Outcome, RedFlag, Solved
from visits.issues.operations import (
    AssignEntry,
    ContactEntry,
    EvaluationEntry,
    ExtensionEntry,
    ReportEntry,
    SuspensionEntry,
    WithdrawalAnswer,
)

WORDS = "情况属实，已研究办理。"


def _later(dice) -> date:
    return today() + timedelta(days=dice.randint(-1, 40))


def _assign(office, dice):
    units = [office.unit.id, office.other_unit.id]
    dice.shuffle(units)
    return AssignEntry(units[0], units[1:] if dice.random() < 0.3 else ())


def _report(dice):
    outcome = dice.choice(list(Outcome))
    return ReportEntry(outcome, WORDS, WORDS, _later(dice) if outcome is Outcome.PLANNED else None)


def _rating(dice):
    solved, level = dice.choice(list(Solved)), dice.choice(list(Level))
    accepts, words = dice.random() < 0.8, "请上门说明" if dice.random() < 0.8 else ""
    return EvaluationEntry(solved, level, accepts=accepts, evaluator="王经理", to_unit=words)


def _other(lives, dice):
    return dice.choice(lives.issues)


def _unit_waited_for(issue, office):
    return office.other_unit.id if issue.lead_unit_id == office.unit.id else office.unit.id


# move: what is called, with the whole machine, the actor, the problem and the dice
ATTEMPTS = {
    "assign": lambda m, a, i, d: do.assign(a, i, _assign(m.office, d)),
    "request_info": lambda m, a, i, d: do.request_info(a, i, WORDS),
    "complete_info": lambda m, a, i, d: do.complete_info(a, i, WORDS),
    "reject": lambda m, a, i, d: do.reject(a, i, WORDS, WORDS),
    "restore": lambda m, a, i, d: do.restore(a, i, WORDS),
    "sign": lambda m, a, i, d: do.sign(a, i),
    "record_contact": lambda m, a, i, d: do.record_contact(a, i, ContactEntry("王经理")),
    "add_progress": lambda m, a, i, d: do.add_progress(a, i, WORDS),
    "add_note": lambda m, a, i, d: do.add_note(a, i, WORDS),
    "answer_as_co_unit": lambda m, a, i, d: do.answer_as_co_unit(a, i, WORDS),
    "waive_co_unit": lambda m, a, i, d: do.waive_co_unit(a, i, _unit_waited_for(i, m.office), WORDS),
    "return": lambda m, a, i, d: do.return_issue(a, i, WORDS, m.office.other_unit.id),
    "reassign": lambda m, a, i, d: do.reassign(a, i, _assign(m.office, d)),
    "uphold": lambda m, a, i, d: do.uphold(a, i, WORDS),
    "report": lambda m, a, i, d: do.report(a, i, _report(d)),
    "pass_review": lambda m, a, i, d: do.pass_review(a, i),
    "send_back": lambda m, a, i, d: do.send_back(a, i, WORDS),
    "record_evaluation": lambda m, a, i, d: do.record_evaluation(a, i, _rating(d)),
    "log_attempt": lambda m, a, i, d: do.log_attempt(a, i, "无人接听"),
    "close_unreached": lambda m, a, i, d: do.close_unreached(a, i, WORDS),
    "void": lambda m, a, i, d: do.void(a, i, WORDS),
    "ask_extension": lambda m, a, i, d: do.ask_extension(
        a, i, ExtensionEntry(d.choice(list(Delay)), WORDS, _later(d), told_enterprise=True)
    ),
    "grant_extension": lambda m, a, i, d: do.grant_extension(a, i, d.choice([None, _later(d)])),
    "refuse_extension": lambda m, a, i, d: do.refuse_extension(a, i, WORDS),
    "ask_suspension": lambda m, a, i, d: do.ask_suspension(
        a, i, SuspensionEntry(d.choice(list(Block)), WORDS, "张主任", _later(d))
    ),
    "suspend": lambda m, a, i, d: do.suspend(a, i, d.choice([None, _later(d)]), WORDS),
    "refuse_suspension": lambda m, a, i, d: do.refuse_suspension(a, i, WORDS),
    "resume": lambda m, a, i, d: do.resume(a, i, WORDS),
    "merge": lambda m, a, i, d: do.merge(a, i, _other(m, d), WORDS),
    "unmerge": lambda m, a, i, d: do.unmerge(a, i, WORDS),
    "link_repeat": lambda m, a, i, d: do.link_repeat(a, i, _other(m, d), WORDS),
    "ask_withdrawal": lambda m, a, i, d: do.ask_withdrawal(a, i, WORDS),
    "withdraw": lambda m, a, i, d: do.withdraw(a, i, WithdrawalAnswer("王经理", is_free=True)),
    "refuse_withdrawal": lambda m, a, i, d: do.refuse_withdrawal(
        a, i, WithdrawalAnswer("王经理", is_free=False)
    ),
    "reopen": lambda m, a, i, d: do.reopen(a, i, WORDS),
    "reopen_to_office": lambda m, a, i, d: do.reopen(a, i, WORDS),
    "fulfil": lambda m, a, i, d: do.fulfil(a, i, ReportEntry(Outcome.SOLVED, WORDS, WORDS)),
    "ask_ruling": lambda m, a, i, d: do.ask_ruling(a, i, WORDS),
    "rule_closed": lambda m, a, i, d: do.rule_closed(a, i, WORDS),
    "refuse_ruling": lambda m, a, i, d: do.refuse_ruling(a, i, WORDS),
    "rate_later": lambda m, a, i, d: do.rate_later(a, i, _rating(d)),
    "hide_enterprise": lambda m, a, i, d: do.hide_enterprise(a, i, WORDS),
    "show_enterprise": lambda m, a, i, d: do.show_enterprise(a, i, WORDS),
    "raise_flag": lambda m, a, i, d: do.raise_flag(a, i, d.choice(list(RedFlag)), WORDS),
    "lower_flag": lambda m, a, i, d: do.lower_flag(a, i, WORDS),
    "remind": lambda m, a, i, d: do.remind(a, i, WORDS),
    "escalate": lambda m, a, i, d: do.escalate(a, i, WORDS),
    "instruct": lambda m, a, i, d: do.instruct(a, i, WORDS),
}


def attempt(machine, actor, issue, move, dice):
    """Try a move; raise what the operation raises."""
    ATTEMPTS[move](machine, actor, issue, dice)
