"""Every change to suggestions: sent, answered from both sides, settled."""

from sqlalchemy.orm.attributes import flag_modified

from visits.accounts import queries as accounts
from visits.core import audit
from visits.core.authz import Actor, may, require
from visits.core.clock import now
from visits.core.db import db
from visits.core.errors import NotAllowed, WrongState
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.feedback.models import Suggestion, SuggestionReply, SuggestionState
from visits.feedback.rules import page_of
from visits.inbox.models import NoticeKind
from visits.inbox.operations import Telling, post_notice


def send(actor: Actor, text: str, page: str = "") -> Suggestion:
    """Write a suggestion down, with the page it was written on, and tell who answers."""
    if actor.person_id is None:
        raise NotAllowed()
    suggestion = Suggestion(person_id=actor.person_id, page=page_of(page), text=text)
    db.session.add(suggestion)
    db.session.flush()
    audit.record(actor, "suggestion.sent", suggestion, path=suggestion.page)
    said = N_("%(who)s has sent feedback about the system.")
    _tell(
        actor,
        accounts.people_who_may(Permission.FEEDBACK_ANSWER),
        f"suggestions:{suggestion.id}",
        said,
        suggestion,
    )
    return suggestion


def reply(
    actor: Actor, suggestion: Suggestion, text: str, revision: int | None, *, settles: bool = False
) -> SuggestionReply:
    """Say something to a suggestion; it is settled with that where who answers says so, else open again."""
    _require_part(actor, suggestion)
    suggestion.require_revision(revision)
    settles = settles and may(actor, Permission.FEEDBACK_ANSWER)
    said = SuggestionReply(suggestion_id=suggestion.id, person_id=actor.person_id, text=text)
    db.session.add(said)
    was_settled = suggestion.state is SuggestionState.SETTLED
    _set_state(suggestion, SuggestionState.SETTLED if settles else SuggestionState.OPEN)
    db.session.flush()
    audit.record(actor, "suggestion.answered", suggestion)
    if settles and not was_settled:
        audit.record(actor, "suggestion.settled", suggestion)
    if was_settled and not settles:
        audit.record(actor, "suggestion.opened_again", suggestion)
    _tell_of_reply(actor, suggestion, said)
    return said


def settle(actor: Actor, suggestion: Suggestion) -> None:
    """Note that nothing more is to be said."""
    require(actor, Permission.FEEDBACK_ANSWER)
    if suggestion.state is SuggestionState.SETTLED:
        raise WrongState(N_("This feedback is settled already."))
    _set_state(suggestion, SuggestionState.SETTLED)
    audit.record(actor, "suggestion.settled", suggestion)


def _require_part(actor: Actor, suggestion: Suggestion) -> None:
    if actor.person_id != suggestion.person_id and not may(actor, Permission.FEEDBACK_ANSWER):
        raise NotAllowed()


def _set_state(suggestion: Suggestion, state: SuggestionState) -> None:
    """Each reply makes a new revision, so that two who answer at once see each other's words."""
    suggestion.state = state
    suggestion.settled_at = now() if state is SuggestionState.SETTLED else None
    flag_modified(suggestion, "state")


def _tell_of_reply(actor: Actor, suggestion: Suggestion, said: SuggestionReply) -> None:
    event = f"suggestion_replies:{said.id}"
    if actor.person_id == suggestion.person_id:
        sentence = N_("%(who)s has written again to feedback sent earlier.")
        _tell(actor, accounts.people_who_may(Permission.FEEDBACK_ANSWER), event, sentence, suggestion)
    else:
        sentence = N_("%(who)s has replied to your feedback.")
        _tell(actor, [suggestion.person_id], event, sentence, suggestion)


def _tell(actor: Actor, people: list[int], event: str, said: str, suggestion: Suggestion) -> None:
    post_notice(actor, people, Telling(NoticeKind.FEEDBACK, event, said, suggestion, {"who": actor.name}))
