"""Every change to notices and to the outbox."""

from visits.inbox.operations.deputies import tell_deputy
from visits.inbox.operations.points import Owner, PointEntry, remove_point, save_point, send_test
from visits.inbox.operations.queueing import Message, queue_message
from visits.inbox.operations.resending import resend, resend_all
from visits.inbox.operations.telling import Telling, post_notice

__all__ = [
    "Message",
    "Owner",
    "PointEntry",
    "Telling",
    "post_notice",
    "queue_message",
    "remove_point",
    "resend",
    "resend_all",
    "save_point",
    "send_test",
    "tell_deputy",
]
