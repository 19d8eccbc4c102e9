"""A picture made anew from its pixels, without anything its camera or its sender put beside them."""

import json
from dataclasses import dataclass
from threading import BoundedSemaphore

from visits.core.apart import Stopped, run_apart
from visits.core.errors import Refused
from visits.core.i18n import N_

WALL_SECONDS = 20
AT_ONCE = 2
WAIT_SECONDS = 30
PROBLEMS = {
    "broken": N_("The picture is damaged or not complete. Open it, save it anew, and add that."),
    "too_large": N_(
        "The picture is too large to be read; it may have up to 40 million points. "
        "Save it smaller, and add that."
    ),
    "took_too_long": N_("Reading this picture takes too long. Save it smaller, and add that."),
    "crashed": N_("The picture cannot be read. Save it anew as JPG, and add that."),
    "busy": N_("Too many pictures are being added just now. Wait a minute and add this one again."),
}
_slots = BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Picture:
    """A clean picture with its thumbnail (WebP)."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int


def make_anew(content: bytes) -> Picture:
    """Decode a picture in a process of its own and encode it again; raise Refused where that fails."""
    if not _slots.acquire(timeout=WAIT_SECONDS):
        raise Refused(PROBLEMS["busy"])
    try:
        said, _, rest = run_apart("visits.attachments.picture_child", content, WALL_SECONDS).partition(
            b"\n"
        )
    except Stopped as stopped:
        raise Refused(PROBLEMS[stopped.key]) from stopped
    finally:
        _slots.release()
    head = json.loads(said)
    if "problem" in head:
        raise Refused(PROBLEMS[head["problem"]])
    length = head["bytes"]
    return Picture(rest[:length], rest[length:], head["width"], head["height"])
