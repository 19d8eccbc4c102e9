"""The folder that holds the bytes of attached files, each under a random key of our own making."""

import contextlib
import os
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

KEY = re.compile(r"[0-9a-f]{32}")
THUMBNAIL = ".thumbnail"


class Store:
    """Files by key: `ab/ab12…`, a thumbnail beside its picture; a file is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, key: str, *, thumbnail: bool = False) -> Path:
        """Where a file lies or would lie."""
        if not KEY.fullmatch(key):
            raise ValueError(f"no key of this store: {key!r}")
        return self.folder / key[:2] / (key + (THUMBNAIL if thumbnail else ""))

    def keep(self, content: bytes, thumbnail: bytes | None = None) -> str:
        """Write a file and its thumbnail to disk for good and return the key; raise OSError."""
        key = secrets.token_hex(16)
        try:
            if thumbnail is not None:
                _write(self.path(key, thumbnail=True), thumbnail)
            _write(self.path(key), content)
        except OSError:
            with contextlib.suppress(OSError):
                self.erase(key)
            raise
        return key

    def read(self, key: str, *, thumbnail: bool = False) -> bytes | None:
        """The bytes of a file; None where it is missing or cannot be read."""
        try:
            return self.path(key, thumbnail=thumbnail).read_bytes()
        except OSError:
            return None

    def has(self, key: str) -> bool:
        """Say whether the file is there."""
        return self.path(key).is_file()

    def erase(self, key: str) -> None:
        """Remove a file and its thumbnail; one that is gone already is no fault."""
        for thumbnail in (False, True):
            self.path(key, thumbnail=thumbnail).unlink(missing_ok=True)

    def files_older_than(self, seconds: float) -> Iterator[tuple[Path, str]]:
        """The files that were there so long ago, each with the key it belongs to."""
        oldest = time.time() - seconds
        for path in self.folder.glob("[0-9a-f][0-9a-f]/*"):
            found = KEY.match(path.name.lstrip("."))
            if found and path.is_file() and path.stat().st_mtime < oldest:
                yield path, found[0]


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}")  # a backup leaves out what begins with a dot
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return  # elsewhere a folder cannot be opened
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
