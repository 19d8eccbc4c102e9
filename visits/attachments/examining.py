"""A file as it was sent, examined and made fit to be stored; nothing here knows the database."""

import logging
import shlex
import subprocess
import tempfile
from dataclasses import dataclass

from visits.attachments import rules
from visits.attachments.kinds import ABOUT, Kind, kind_of
from visits.attachments.pictures import make_anew
from visits.core.errors import Refused
from visits.core.i18n import N_

SCAN_SECONDS = 60
INFECTED = 1  # as clamscan and clamdscan end

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Examined:
    """A file that may be stored."""

    name: str
    kind: Kind
    content: bytes
    thumbnail: bytes | None = None
    width: int | None = None
    height: int | None = None


def examine(content: bytes, name: str, scanner: str = "") -> Examined:
    """Find out what a file is and make a picture anew; raise Refused with a sentence.

    `scanner` is the command of a virus scanner, to which the path of a file is added; it ends with 0 where
    it finds nothing and with 1 where it does.
    """
    if len(content) > rules.MAX_FILE_BYTES:
        raise Refused(
            N_("The file is larger than %(limit)d MB. Save it smaller, or split it."),
            limit=rules.MAX_FILE_BYTES // rules.MEGABYTE,
        )
    kind = kind_of(content)
    if scanner:
        _scan(content, scanner)
    fit_name = rules.clean_name(name, ABOUT[kind].suffixes)
    if not ABOUT[kind].is_picture:
        return Examined(fit_name, kind, content)
    made = make_anew(content)
    return Examined(fit_name, kind, made.content, made.thumbnail, made.width, made.height)


def _scan(content: bytes, scanner: str) -> None:
    with tempfile.NamedTemporaryFile(prefix="attachment-") as file:
        file.write(content)
        file.flush()
        ended = _ended([*shlex.split(scanner), file.name])
    if ended == INFECTED:
        raise Refused(N_("The virus scanner refuses this file. Have the computer it comes from checked."))
    if ended != 0:
        raise Refused(N_("The virus scanner does not answer, so no file is taken. Tell the administrator."))


def _ended(command: list[str]) -> int:
    try:
        ended = subprocess.run(command, capture_output=True, timeout=SCAN_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        log.exception("the virus scanner %s cannot be run", command[0])
        return -1
    if ended.returncode:
        log.warning("%s ended with %s: %s", command[0], ended.returncode, ended.stdout[-500:])
    return ended.returncode
