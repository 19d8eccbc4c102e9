"""The figures once more, slowly: the definitions read off the stored rows one by one, without SQL."""

from collections import defaultdict
from datetime import timedelta
from statistics import median

from visits.core.db import db
from visits.core.periods import end_of, local_date, start_of
from visits.core.workdays import Calendar, workdays_between
from visits.issues.models import Dispatch, Evaluation, Issue, IssueMove, IssueProgramme
from visits.issues.states import State
from visits.outreach.models import Attendance, PairProgramme, Visit, VisitPair
from visits.programmes.models import Programme

OPEN = {"registered", "assigned", "returned", "in_progress", "suspended", "reported", "evaluating"}
EXCLUDED = {"rejected", "merged", "withdrawn"}
ON_SPOT = {"close_on_spot", "import:close_on_spot"}


def _grouped(rows, key):
    found = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


class Story:
    """What one problem's rows say, as known at a moment and looked at from the end of a period."""

    def __init__(self, issue, moves, dispatches, evaluations, question):
        first, last, as_of = question
        self.issue, end = issue, end_of(last)
        self.known = [m for m in sorted(moves, key=lambda m: m.seq) if m.recorded_at <= as_of]
        self.past = [m for m in self.known if m.happened_at < end]
        before = [m for m in self.past if first and m.happened_at < start_of(first)]
        self.exists = bool(self.past) and not any(m.to_state == "void" for m in self.known)
        self.state = self.past[-1].to_state if self.past else None
        self.before = before[-1].to_state if before else None
        closings = [m for m in self.past if m.to_state == "closed" and m.from_state != "closed"]
        self.closed_at = closings[-1].happened_at if closings else None
        self.closing = closings[-1].move if closings else None
        links = [m for m in self.past if m.move == "link_repeat"]
        self.earlier_id = links[-1].details["earlier_id"] if links else None
        self.outcome = closings[-1].details["outcome"] if closings else None
        self.dispatches = [d for d in dispatches if d.assigned_at <= as_of]
        leads = [d for d in self.dispatches if d.kind == "lead" and d.assigned_at < end]
        self.lead = max(leads, key=lambda d: d.id, default=None)
        said = [
            e for e in sorted(evaluations, key=lambda e: e.id) if e.at <= as_of and e.answered_on <= last
        ]
        self.answer = next((e for e in reversed(said) if e.solved), None)
        self.rating = next((e for e in reversed(said) if e.level), None)

    def first(self, came_from, to):
        return next(
            (m.happened_at for m in self.known if m.from_state == came_from and m.to_state == to), None
        )

    def accepted(self):
        """When the report was accepted: by the review, or by the closing that a ledger says."""
        ledger = [m.happened_at for m in self.known if m.move == "import:close" and self.dispatches]
        return self.first("reported", "evaluating") or next(iter(ledger), None)

    def ever(self, to, *came_from):
        return any(m.to_state == to and (not came_from or m.from_state in came_from) for m in self.past)

    @property
    def feedback(self):
        """When the report was made that passed review in the first round."""
        reports = [
            m
            for m in self.known
            if m.to_state == "reported" and m.from_state != "reported" and m.round == 1
        ]
        passed = any(
            m.from_state == "reported" and m.to_state == "evaluating" and m.round == 1 for m in self.known
        )
        if not passed and any(m.move == "import:close" for m in self.known) and self.dispatches:
            return (reports or [m for m in self.known if m.move == "import:close"])[-1].happened_at
        return reports[-1].happened_at if reports and passed else None

    @property
    def is_reworked(self):
        return self.ever("in_progress", "evaluating")


def figures_of(span, as_of, programme=None):
    """Every figure of a period, as {key: value}."""
    question = (span.from_on, span.to_on, as_of)
    found = _visit_figures(span, as_of, programme)
    found.update(_issue_figures(span, question, programme))
    return found


def _holds(row, moment):
    """Whether a row had been recorded by then and not been superseded yet."""
    return row.recorded_at <= moment and (row.superseded_at is None or row.superseded_at > moment)


def _visit_figures(span, as_of, programme):
    modes = {p.id: set(p.counted_modes) for p in db.session.query(Programme)}
    programmes = _grouped(db.session.query(PairProgramme), "pair_id")
    people = _grouped(db.session.query(Attendance), "visit_id")
    pairs = _grouped(db.session.query(VisitPair), "visit_id")
    counted, contacts, late, persons = [], 0, 0, 0
    for visit in db.session.query(Visit):
        if visit.voided_at and visit.voided_at <= as_of:
            continue
        of_visit = []
        known = [row for row in pairs[visit.id] if _holds(row, as_of) and row.visited_on in span]
        for pair in known:
            ids = {row.programme_id for row in programmes[pair.id]}
            if programme and programme not in ids:
                continue
            of_visit.append(any(pair.mode in modes[i] for i in ids if not programme or i == programme))
            contacts += pair.mode in ("phone", "online")
            if of_visit[-1]:
                counted.append(pair.enterprise_id)
        late += bool(of_visit) and visit.recorded_on > known[0].visited_on + timedelta(days=3)
        persons += sum(_holds(row, as_of) for row in people[visit.id]) if any(of_visit) else 0
    return {
        "visit_count": len(counted),
        "enterprise_count": len(set(counted)),
        "person_times": persons,
        "contact_count": contacts,
        "late_entry_count": late,
    }


def _stories(question, programme):
    moves, dispatches, evaluations, programmes = (
        _grouped(db.session.query(table), "issue_id")
        for table in (IssueMove, Dispatch, Evaluation, IssueProgramme)
    )
    stories = [
        Story(issue, moves[issue.id], dispatches[issue.id], evaluations[issue.id], question)
        for issue in db.session.query(Issue)
        if not programme or programme in {row.programme_id for row in programmes[issue.id]}
    ]
    return [story for story in stories if story.exists]


def _issue_figures(span, question, programme):
    _first, last, as_of = question
    stories = _stories(question, programme)

    def within(moment):
        return moment is not None and local_date(moment) in span

    new = [s for s in stories if within(s.past[0].happened_at)]
    registered = [s for s in new if s.state not in EXCLUDED]
    closed = [s for s in stories if s.state == "closed" and within(s.closed_at)]
    found = {
        "opening": sum(s.before in OPEN for s in stories),
        "new": len(new),
        "registered": len(registered),
        "excluded": len(new) - len(registered),
        "closed": len(closed),
        "closed_on_spot": sum(s.closing in ON_SPOT for s in closed),
        "open": sum(s.state in OPEN for s in stories),
        "suspended": sum(s.state == "suspended" for s in stories),
        "overdue_open": sum(_is_overdue(s, last, as_of) for s in stories),
        "solved": sum(s.outcome == "A" for s in closed),
        **{f"outcome_{letter.lower()}": sum(s.outcome == letter for s in closed) for letter in "ABCD"},
        "close_rate": _rate(registered, lambda s: s.state == "closed"),
        "solved_rate": _rate(registered, lambda s: s.state == "closed" and s.outcome == "A"),
    }
    found["repeat_rate"] = _rate(registered, _is_repeat)
    found.update(_event_figures(stories, within))
    found.update(_evaluation_figures(stories, span, within))
    found.update(_unit_figures(stories, span, as_of, within))
    days = [
        workdays_between(local_date(s.past[0].happened_at), local_date(s.closed_at), Calendar())
        for s in closed
        if s.closing not in ON_SPOT
    ]
    found["mean_workdays"] = round(sum(days) / len(days), 2) if days else None
    found["median_workdays"] = median(days) if days else None
    return found


def _is_repeat(story):
    """Whether it was linked to one last closed less than 90 days before its registration."""
    if story.earlier_id is None:
        return False
    moves = db.session.query(IssueMove).filter_by(issue_id=story.earlier_id, to_state="closed")
    began = story.past[0].happened_at
    closings = [m.happened_at for m in moves if m.from_state != "closed" and m.happened_at < began]
    return bool(closings) and (local_date(began) - local_date(max(closings))).days < 90


def _rate(whole, is_part):
    return sum(bool(is_part(one)) for one in whole) / len(whole) if whole else None


def _is_overdue(story, last, as_of):
    if story.state not in ("assigned", "returned", "in_progress") or story.lead.due_on is None:
        return False
    return story.lead.due_on < min(last + timedelta(days=1), local_date(as_of))


def _event_figures(stories, within):
    events = [(m.from_state, m.to_state) for s in stories for m in s.known if within(m.happened_at)]
    gone = sum(a in OPEN and b in EXCLUDED for a, b in events)
    return {
        "reopened": sum(a == "closed" and b in OPEN for a, b in events),
        "closed_events": sum(a != "closed" and b == "closed" for a, b in events),
        "excluded_events": gone - sum(a in EXCLUDED and b in OPEN for a, b in events),
    }


def _evaluation_figures(stories, span, within):
    answered = [s for s in stories if s.answer and s.answer.answered_on in span]
    rated = [s for s in stories if s.rating and s.rating.answered_on in span]
    to_be_rated = [
        s for s in stories if within(s.accepted()) or (s.issue.on_spot and within(s.past[0].happened_at))
    ]
    strict = ("very_satisfied", "satisfied")
    return {
        "solved_rate_verified": _rate(answered, lambda s: s.answer.solved == "solved"),
        "satisfaction_rate": _rate(rated, lambda s: s.rating.level in (*strict, "basically")),
        "satisfaction_rate_strict": _rate(rated, lambda s: s.rating.level in strict),
        "self_rated_share": _rate(rated, lambda s: s.rating.channel in ("link", "paper")),
        "rating_coverage": _rate(to_be_rated, lambda s: s.rating),
    }


def _unit_figures(stories, span, as_of, within):
    assigned = [s for s in stories if within(s.first("registered", "assigned"))]
    with_feedback = [s for s in stories if within(s.feedback)]
    tasks = [(s, d) for s in stories for d in s.dispatches]
    leads = [
        (s, d)
        for s, d in tasks
        if d.round == 1 and d.kind == "lead" and s.state not in EXCLUDED and not _was_returned(d, as_of)
    ]

    def kept(limit):
        def is_kept(pair):
            story, task = pair
            made = story.feedback and local_date(story.feedback) <= getattr(task, limit)
            return made and not story.is_reworked

        return is_kept

    def stamped(stamp, limit):
        due = [d for _, d in tasks if getattr(d, limit) and getattr(d, limit) in span]
        return _rate(
            due,
            lambda d: (at := getattr(d, stamp)) and at <= as_of and local_date(at) <= getattr(d, limit),
        )

    limited = [(s, d) for s, d in leads if d.due_on]  # a ledger may know no limit
    due = [(s, d) for s, d in limited if d.due_on in span and s.state != State.SUSPENDED]
    originally = [(s, d) for s, d in limited if d.original_due_on in span]
    return {
        "on_time_rate": _rate(due, kept("due_on")),
        "on_time_rate_original": _rate(originally, kept("original_due_on")),
        "sign_rate": stamped("signed_at", "sign_due"),
        "response_rate": stamped("contacted_at", "contact_due"),
        "return_rate": _rate(assigned, lambda s: s.ever("returned")),
        "extension_rate": 0.0 if assigned else None,
        "rework_rate": _rate(with_feedback, lambda s: s.is_reworked),
    }


def _was_returned(task, as_of):
    return bool(task.returned_at and task.ended_at and task.ended_at <= as_of)
