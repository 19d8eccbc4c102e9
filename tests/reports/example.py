"""The worked example of the domain's figures: November 2026, five enterprises, six visits, ten problems."""

from datetime import date

from tests.reports.problem import Problem
from tests.reports.world import World
from tests.reports.world import november as nov
from visits.issues.models import Level, Outcome, Solved
from visits.issues.states import State
from visits.programmes.models import VisitMode

DECEMBER_3 = date(2026, 12, 3)


def lay_visits(world, a, b, c, d, e):
    """v1 to v6; v4 is a phone call, v6 is void."""
    both = [world.visiting, world.linked]
    world.visit(nov(3), [a], programmes=both, people=3)
    world.visit(nov(10), [a])
    world.visit(nov(12), [b], programmes=[world.linked], people=2)
    world.visit(nov(13), [c], mode=VisitMode.PHONE)
    world.visit(nov(20), [b, c, d], mode=VisitMode.SYMPOSIUM, people=2)
    world.visit(nov(21), [e], voided=nov(22))


def lay_problems(world, a, b, c, d, e):
    """i1 to i10, as they stand on 30 November."""

    def heard(firm, day):
        return Problem(world, firm, nov(day))

    limits = {"sign_due": nov(4), "contact_due": nov(4)}
    i1 = heard(a, 3).assign(nov(3), nov(10), **limits).sign(nov(4)).contact(nov(4)).report(nov(9))
    i1.pass_review(nov(10)).answer(nov(11)).close(nov(11)).save()
    limits = {"sign_due": nov(9), "contact_due": nov(9)}
    i2 = heard(a, 6).assign(nov(8), nov(17), **limits).sign(nov(9)).contact(nov(10)).report(nov(18))
    i2.pass_review(nov(19)).answer(nov(20), level=Level.BASICALLY).close(nov(20)).save()
    limits = {"sign_due": nov(13), "contact_due": nov(13)}
    i3 = heard(b, 12).assign(nov(12), nov(24), **limits).sign(nov(16)).report(nov(20)).pass_review(nov(20))
    i3.answer(nov(20), Solved.UNSOLVED, Level.DISSATISFIED).rework(nov(20), nov(27)).save()
    i4 = heard(b, 10).assign(nov(10), nov(19)).sign(nov(11)).report(nov(12), Outcome.EXPLAINED)
    i4.pass_review(nov(13)).answer(nov(16), Solved.UNSOLVED).close(nov(16)).save()
    heard(c, 24).assign(nov(24), DECEMBER_3).sign(nov(25)).save()
    heard(c, 24).leave(State.MERGED, nov(25)).save()
    heard(d, 20).void(nov(23)).save()
    i8 = heard(d, 17).assign(nov(17), nov(26)).sign(nov(18)).report(nov(25)).pass_review(nov(25))
    i8.close(nov(30)).save()
    heard(d, 20).assign(nov(20), nov(27)).sign(nov(23)).suspend(nov(24)).save()
    Problem(world, a, nov(3), on_spot=True).answer(nov(3)).save()


def lay_example():
    """The whole example; returns the world it lies in."""
    world = World()
    firms = [world.firm(name=f"示例{letter}机械有限公司") for letter in "甲乙丙丁戊"]
    lay_visits(world, *firms)
    lay_problems(world, *firms)
    return world
