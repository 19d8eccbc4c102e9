"""Every change to notices and to the outbox."""

from visits.inbox.operations.deputies import tell_deputy
from visits.inbox.operations.points import Owner, PointEntry, remove_point, save_point, send_test
from visits.inbox.operations.queueing import Message, queue_message
from visits.inbox.operations.reading import choose_kinds, mark_all_read, mark_read
from visits.inbox.operations.resending import resend, resend_all
from visits.inbox.operations.telling import Telling, in_silence, post_notice, post_notices
from visits.inbox.operations.withholding import withhold

__all__ = [
    "Message",
    "Owner",
    "PointEntry",
    "Telling",
    "choose_kinds",
    "in_silence",
    "mark_all_read",
    "mark_read",
    "post_notice",
    "post_notices",
    "queue_message",
    "remove_point",
    "resend",
    "resend_all",
    "save_point",
    "send_test",
    "tell_deputy",
    "withhold",
]
