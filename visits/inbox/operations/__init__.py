"""Every change to notices and to the outbox."""

from visits.inbox.operations.queueing import Message, queue_message
from visits.inbox.operations.telling import Telling, post_notice

__all__ = ["Message", "Telling", "post_notice", "queue_message"]
