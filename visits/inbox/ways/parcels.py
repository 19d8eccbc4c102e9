"""What is handed to a way of sending, and how it says that it could not."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Timer
from typing import Any

from visits.inbox.models import Channel


@dataclass(frozen=True)
class Parcel:
    """One message on its way to one address, held by one sender."""

    delivery_id: int
    token: str
    tries: int
    held_until: datetime
    channel: Channel
    address: str
    message_id: str
    written_at: datetime
    subject: str
    text: str
    html: str = ""


class Failed(Exception):
    """A message was not taken: a sentence and the number of the answer.

    `is_final`: another try is in vain. `is_general`: every other message would fare the same at present.
    """

    def __init__(
        self, sentence: str, code: int | None = None, *, is_final: bool = False, is_general: bool = False
    ) -> None:
        super().__init__(sentence)
        self.sentence, self.code, self.is_final, self.is_general = sentence, code, is_final, is_general


@contextmanager
def cut_off(seconds: float, find_socket: Callable[[], Any]) -> Iterator[None]:
    """End a conversation that takes too long as a whole, as with a server that answers letter by letter."""

    def end() -> None:
        try:
            # of the plain socket: the TLS layer above would take it amiss from another thread
            socket.socket.shutdown(find_socket(), socket.SHUT_RDWR)
        except (OSError, TypeError):
            return  # it has ended meanwhile, or not begun

    timer = Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
