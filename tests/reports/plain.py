"""The figures once more, slowly: the definitions read off the stored rows one by one, without SQL."""

from datetime import date, timedelta
from statistics import median

from tests.reports.plain_visits import grouped, is_of, rate, visit_figures
from visits.core.calendar import load_calendar
from visits.core.db import db
from visits.core.periods import Span, end_of, local_date, start_of
from visits.core.workdays import Calendar, add_workdays, workdays_between
from visits.enterprises.models import Enterprise
from visits.issues.models import Dispatch, Evaluation, Issue, IssueMove, IssueProgramme
from visits.issues.states import State
from visits.supervision.models import Measure, PolicyOutput, SampleItem, Topic

OPEN = {"registered", "assigned", "returned", "in_progress", "suspended", "reported", "evaluating"}
EXCLUDED = {"rejected", "merged", "withdrawn"}
ON_SPOT = {"close_on_spot", "import:close_on_spot"}
STEPS = {
    *("assign", "sign", "record_contact", "add_progress", "report", "remind", "escalate", "instruct"),
    *("set_duty", "put_on_agenda", "conclude", "order_supervision", "lower_flag"),
}


class Story:
    """What one problem's rows say, as known at a moment and looked at from the end of a period."""

    def __init__(self, issue, moves, dispatches, evaluations, question):
        first, last, as_of = question
        self.issue, end = issue, end_of(last)
        self.later = [m for m in sorted(moves, key=lambda m: m.seq) if m.recorded_at > as_of]
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
        self.outcome = (closings[-1].details.get("outcome") or issue.outcome) if closings else None
        self.dispatches = [d for d in dispatches if d.assigned_at <= as_of]
        leads = [d for d in self.dispatches if d.kind == "lead" and d.assigned_at < end]
        self.lead = max(leads, key=lambda d: d.id, default=None)
        said = [
            e for e in sorted(evaluations, key=lambda e: e.id) if e.at <= as_of and e.answered_on <= last
        ]
        self.said = said
        self.category = self.former("category_id", issue.category_id)
        self.answer = next((e for e in reversed(said) if e.solved), None)
        self.rating = next((e for e in reversed(said) if e.level), None)

    def former(self, name, now):
        """What a particular was before it was corrected later than it is asked."""
        corrected = (m.details[name] for m in self.later if m.move == "correct" and name in m.details)
        return next(corrected, [now])[0]

    def due(self, task):
        """By which day a task was due, as it was known."""
        if task.due_on is None:
            return None
        moved = (
            m.details["former_due_on"]
            for m in self.later
            if "former_due_on" in m.details
            and m.round == task.round
            and m.happened_at >= task.assigned_at
            and (task.ended_at is None or m.happened_at <= task.ended_at)
        )
        return date.fromisoformat(next(moved, str(task.due_on)))

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


def figures_of(span, as_of, **part):
    """Every figure of a period, of the whole or of one part, as {key: value}."""
    question = (span.from_on, span.to_on, as_of)
    found = visit_figures(span, as_of, part)
    found.update(_problem_figures(span, question, part))
    found["problems_per_visit"] = _ratio(found.pop("heard"), found["visit_count"])
    found["topics_converted"] = _converted(span, as_of, part)
    return found


def _converted(span, as_of, part):
    if {"programme", "group", "park"} & {name for name, key in part.items() if key is not None}:
        return None  # a topic belongs to none of them
    topics = [
        topic
        for topic in db.session.query(Topic)
        if topic.closed_on in span
        and topic.closed_on <= local_date(as_of)
        and is_of(part.get("unit"), {topic.lead_unit_id})
        and is_of(part.get("category"), {topic.category_id})
    ]
    until = min(span.to_on, local_date(as_of))
    done = {m.topic_id for m in db.session.query(Measure) if m.done_on and m.done_on <= until}
    published = {
        o.topic_id
        for o in db.session.query(PolicyOutput)
        if o.published_on <= span.to_on and o.added_at <= as_of
    }
    return sum(topic.id in done | published for topic in topics)


def _stories(question, part):
    moves, dispatches, evaluations, programmes = (
        grouped(db.session.query(table), "issue_id")
        for table in (IssueMove, Dispatch, Evaluation, IssueProgramme)
    )
    parks = {firm.id: firm.park for firm in db.session.query(Enterprise)}
    found = []
    for issue in db.session.query(Issue):
        story = Story(issue, moves[issue.id], dispatches[issue.id], evaluations[issue.id], question)
        has = {
            "programme": {row.programme_id for row in programmes[issue.id]},
            "category": {story.category},
            "group": {issue.group_id} - {None},
            "park": {parks[issue.enterprise_id]} - {""},
        }
        if story.exists and all(is_of(part.get(key), ids) for key, ids in has.items()):
            found.append(story)
    return found


def _problem_figures(span, question, part):
    _first, last, as_of = question
    everybody, unit = _stories(question, part), part.get("unit")
    stories = [s for s in everybody if is_of(unit, {s.lead.unit_id} if s.lead else set())]

    def within(moment):
        return moment is not None and local_date(moment) in span

    new = [s for s in stories if within(s.past[0].happened_at)]
    registered = [s for s in new if s.state not in EXCLUDED]
    closed = [s for s in stories if s.state == "closed" and within(s.closed_at)]
    overdue = sum(_is_overdue(s, last, as_of) for s in stories)
    found = {
        "opening": sum(s.before in OPEN for s in stories),
        "new": len(new),
        "heard": sum(s.issue.source == "visit" for s in new),
        "registered": len(registered),
        "excluded": len(new) - len(registered),
        **{state: sum(s.state == state for s in new) for state in EXCLUDED},
        "dispatched": sum(within(s.first("registered", "assigned")) for s in stories),
        "closed": len(closed),
        "closed_on_spot": sum(s.closing in ON_SPOT for s in closed),
        "open": sum(s.state in OPEN for s in stories),
        "suspended": sum(s.state == "suspended" for s in stories),
        "overdue_open": overdue,
        "overdue_share": _share(overdue, sum(s.state in OPEN for s in stories)),
        "solved": sum(s.outcome == "A" for s in closed),
        **{f"outcome_{letter.lower()}": sum(s.outcome == letter for s in closed) for letter in "ABCD"},
        "close_rate": rate(registered, lambda s: s.state == "closed"),
        "solved_rate": rate(registered, lambda s: s.state == "closed" and s.outcome == "A"),
    }
    found["repeat_rate"] = rate(registered, _is_repeat)
    found.update(_event_figures(stories, within))
    found.update(_evaluation_figures(stories, span, within))
    tasks = [(s, d) for s in everybody for d in s.dispatches if is_of(unit, {d.unit_id})]
    found.update(_unit_figures(stories, tasks, question, within))
    found.update(_watched_figures(stories, span, as_of))
    return found | _durations(closed)


def _durations(closed):
    days = [
        workdays_between(local_date(s.past[0].happened_at), local_date(s.closed_at), Calendar())
        for s in closed
        if s.closing not in ON_SPOT
    ]
    return {
        "mean_workdays": round(sum(days) / len(days), 2) if days else None,
        "median_workdays": median(days) if days else None,
    }


def _watched_figures(stories, span, as_of):
    flags = [
        (s, m)
        for s in stories
        for m in s.known
        if m.move in ("raise_flag", "register")
        and m.details.get("red_flag")
        and local_date(m.happened_at) in span
    ]
    drawn = grouped(db.session.query(SampleItem), "issue_id")
    checked = [
        item.result
        for s in stories
        for item in drawn[s.issue.id]
        if item.checked_at and item.checked_at <= as_of and item.checked_on in span
    ]
    return {
        "red_flag_count": len(flags),
        "red_flag_rate": rate(flags, _is_answered),
        "sample_true_rate": rate(checked, lambda result: result == "true"),
    }


def _is_answered(flagged):
    """Whether a person took a step by the end of the second working day after a flag was raised."""
    story, flag = flagged
    until = add_workdays(local_date(flag.happened_at), 2, load_calendar())
    steps = [m for m in story.known if m.seq > flag.seq and m.move in STEPS and m.actor_id]
    return any(local_date(m.happened_at) <= until for m in steps)


def _is_repeat(story):
    """Whether it was linked to one last closed less than 90 days before its registration."""
    if story.earlier_id is None:
        return False
    moves = db.session.query(IssueMove).filter_by(issue_id=story.earlier_id, to_state="closed")
    began = story.past[0].happened_at
    closings = [m.happened_at for m in moves if m.from_state != "closed" and m.happened_at < began]
    return bool(closings) and (local_date(began) - local_date(max(closings))).days < 90


def _share(number, whole):
    return number / whole if whole else None


def _ratio(number, whole):
    return round(number / whole, 2) if whole else None


def _is_overdue(story, last, as_of):
    if story.state not in ("assigned", "returned", "in_progress") or story.lead.due_on is None:
        return False
    return story.due(story.lead) < min(last + timedelta(days=1), local_date(as_of))


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
    evaluated = [s for s in stories if within(s.accepted())]
    to_be_rated = [
        s for s in stories if s in evaluated or (s.issue.on_spot and within(s.past[0].happened_at))
    ]
    called = [s for s in evaluated if _is_heard(s, "phone") or not _is_heard(s, "link", "paper")]
    strict, bad = ("very_satisfied", "satisfied"), ("dissatisfied", "very_dissatisfied")
    return {
        "solved_rate_verified": rate(answered, lambda s: s.answer.solved == "solved"),
        "satisfaction_rate": rate(rated, lambda s: s.rating.level in (*strict, "basically")),
        "satisfaction_rate_strict": rate(rated, lambda s: s.rating.level in strict),
        "dissatisfied_count": sum(s.rating.level in bad for s in rated),
        "dissatisfaction_rate": rate(rated, lambda s: s.rating.level in bad),
        "self_rated_share": rate(rated, lambda s: s.rating.channel in ("link", "paper")),
        "rating_coverage": rate(to_be_rated, lambda s: s.rating),
        "callback_rate": rate(called, lambda s: _is_heard(s, "phone")),
    }


def _is_heard(story, *channels):
    return any(e.channel in channels for e in story.said)


def _keeps(limit):
    """Whether a task's accepted feedback came by a limit and led to no rework."""

    def is_kept(pair):
        story, task = pair
        made = story.feedback and local_date(story.feedback) <= limit(story, task)
        return made and not story.is_reworked

    return is_kept


def _unit_figures(stories, tasks, question, within):
    first_on, last, as_of = question
    span = Span(first_on, last)
    assigned = [s for s in stories if within(s.first("registered", "assigned"))]
    with_feedback = [s for s in stories if within(s.feedback)]
    firsts = [(s, d) for s, d in tasks if d.round == 1 and d.kind == "lead"]
    given = [
        d for s, d in firsts if within(s.first("registered", "assigned")) and d.assigned_at < end_of(last)
    ]
    leads = [(s, d) for s, d in firsts if s.state not in EXCLUDED and not _was_returned(d, as_of)]

    def stamped(stamp, limit):
        due = [d for _, d in tasks if getattr(d, limit) and getattr(d, limit) in span]
        return rate(
            due,
            lambda d: (at := getattr(d, stamp)) and at <= as_of and local_date(at) <= getattr(d, limit),
        )

    limited = [(s, d) for s, d in leads if d.due_on]  # a ledger may know no limit
    due = [(s, d) for s, d in limited if s.due(d) in span and s.state != State.SUSPENDED]
    originally = [(s, d) for s, d in limited if d.original_due_on in span]
    is_on_time = _keeps(lambda s, d: s.due(d))
    on_time = sum(bool(is_on_time(pair)) for pair in due)
    accepted = sum(bool(s.feedback) for s, _ in due)
    return {
        "on_time_rate": rate(due, is_on_time),
        "on_time_count": on_time,
        "late_count": accepted - on_time,
        "unreported_count": len(due) - accepted,
        "on_time_rate_original": rate(originally, _keeps(lambda _, d: d.original_due_on)),
        "sign_rate": stamped("signed_at", "sign_due"),
        "response_rate": stamped("contacted_at", "contact_due"),
        "return_rate": rate(assigned, lambda s: s.ever("returned")),
        "assignments_per_problem": _ratio(len(given), len(assigned)),
        "extension_rate": rate(assigned, lambda s: any(m.move == "grant_extension" for m in s.past)),
        "rework_rate": rate(with_feedback, lambda s: s.is_reworked),
    }


def _was_returned(task, as_of):
    return bool(task.returned_at and task.ended_at and task.ended_at <= as_of)
