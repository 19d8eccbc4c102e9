"""The folder that holds ledgers made as files, each under a random key of our own making."""

import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

KEY = re.compile(r"[0-9a-f]{32}")


class Shelf:
    """Ledgers by key; a file is there whole or not at all, while it is made its name begins with a dot."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, key: str) -> Path:
        """Where a file lies or would lie."""
        if not KEY.fullmatch(key):
            raise ValueError(f"no key of this folder: {key!r}")
        return self.folder / key

    @contextmanager
    def written(self) -> Iterator[tuple[str, IO[bytes]]]:
        """A new file's key and the file to write; it stays only if the block ends well. Raise OSError."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = secrets.token_hex(16)
        partial = self.folder / f".{key}"
        try:
            with open(os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
                yield key, file
                file.flush()
                os.fsync(file.fileno())
            partial.replace(self.path(key))
        finally:
            partial.unlink(missing_ok=True)

    def erase(self, key: str) -> None:
        """Remove a file; one that is gone already is no fault."""
        self.path(key).unlink(missing_ok=True)

    def older_than(self, seconds: float) -> Iterator[str]:
        """The keys of the files, finished or not, that nobody has written to for so long."""
        oldest = time.time() - seconds
        for path in sorted(self.folder.glob("*")):
            found = KEY.fullmatch(path.name.lstrip("."))
            if found and path.is_file() and path.stat().st_mtime < oldest:
                yield path.name

    def sweep(self, name: str) -> None:
        """Remove what lies under a name that `older_than` gave."""
        if KEY.fullmatch(name.lstrip(".")):
            (self.folder / name).unlink(missing_ok=True)
