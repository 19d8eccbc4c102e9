"""Processes of their own: for strangers' files, bound and ignorant of our secrets; and for long work."""

import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

log = logging.getLogger(__name__)


class Stopped(Exception):
    """The process did not come to its end; `key` is "took_too_long" or "crashed"."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def run_apart(module: str, content: bytes, wall_seconds: float) -> bytes:
    """Give a file to a module that runs as a process, and return what it writes; raise Stopped."""
    try:
        child = subprocess.run(
            [sys.executable, "-m", module],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            # Secrets of the server stay out of a process that opens strangers' files.
            env={} if os.name == "posix" else None,
            timeout=wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Stopped("took_too_long") from error
    if child.returncode:
        log.warning("%s ended with %s", module, child.returncode)
        out_of_time = os.name == "posix" and child.returncode == -signal.SIGXCPU
        raise Stopped("took_too_long" if out_of_time else "crashed")
    return child.stdout


def begin_apart(*command: str) -> None:
    """Start a command of this application as a process that outlives the request and this server."""
    try:
        subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", *command],
            cwd=ROOT,
            env=os.environ.copy(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        log.exception("no process could be started for %s", " ".join(command))


def limit_resources(memory_bytes: int, cpu_seconds: int) -> None:
    """Bind this process to its share of memory and time, and let it leave no core file."""
    if sys.platform == "win32":
        return
    import resource  # exists on POSIX only

    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
