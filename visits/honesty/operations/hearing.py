"""What an enterprise says of a visit to it, by the link of a problem of its own."""

from dataclasses import dataclass

from visits.core import audit
from visits.core.authz import ENTERPRISE
from visits.core.db import db, lock_name
from visits.core.errors import Gone, NotFound
from visits.core.i18n import N_
from visits.honesty import looking, queries, rules, visits_seen
from visits.honesty.models import VisitAnswer
from visits.honesty.operations.raising import raise_denied, settle_those
from visits.honesty.rules import Doubt, Kind
from visits.issues.models import Issue
from visits.issues.progress import lock_issue_of
from visits.outreach.models import Visit

OVER = N_("This link is used, over or not whole.")
SAID = N_("What you said of this visit is recorded already.")


@dataclass(frozen=True)
class SaidEntry:
    """Of which visit an enterprise says what; `turn` 2 for a change of mind."""

    visit_id: int
    has_come: bool
    words: str = ""
    turn: int = 1


def answer_by_link(code: str, entry: SaidEntry) -> VisitAnswer:
    """Record what the enterprise says, once, and one change of mind; raise Gone where its right is used.

    A visit it denies is put before the office at once; saying later that somebody came settles that.
    """
    issue = lock_issue_of(code)
    if issue is None:
        raise Gone(OVER)
    visit = visits_seen.get_seen(issue.enterprise_id, entry.visit_id)
    if visit is None:
        raise NotFound()
    lock_name(f"said of {visit.id}")
    said = queries.answers_of(issue.enterprise_id, visit.id)
    if entry.turn != len(said) + 1 or entry.turn > rules.ANSWERS:
        raise Gone(SAID)
    answer = VisitAnswer(
        visit_id=visit.id,
        enterprise_id=issue.enterprise_id,
        issue_id=issue.id,
        turn=entry.turn,
        has_come=entry.has_come,
        words=entry.words,
    )
    db.session.add(answer)
    audit.record(ENTERPRISE, "visit.answered", visit, enterprise=issue.enterprise_id, value=entry.has_come)
    db.session.flush()
    _follow_up(issue, visit, has_come=entry.has_come)
    return answer


def _follow_up(issue: Issue, visit: Visit, *, has_come: bool) -> None:
    if has_come:
        settle_those(queries.naming(visit.id))
        return
    about = f"{visit.id}:{issue.enterprise_id}"
    doubts = looking.not_asked([Doubt(Kind.DENIED, about, visit.author_id, (visit.id,))])
    asked_id = None if queries.is_of_unit_with(issue.id, visit.author_id) else visit.author_id
    for doubt in doubts:
        raise_denied(issue, doubt, asked_id)
