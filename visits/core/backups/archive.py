"""The file of a backup: a tar.gz whose end carries the digest of all that stands before.

`tar xzf` opens it anywhere. A byte changed or lost anywhere in it is found before anything is read.
"""

import gzip
import hashlib
import json
import os
import re
import shutil
import struct
import tarfile
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from visits.core.errors import Refused
from visits.core.i18n import N_

FORMAT = 1
MANIFEST = "manifest.json"
MEMBER = re.compile(r"(manifest\.json|tables/[a-z0-9_]+\.jsonl|attachments(/[A-Za-z0-9_][A-Za-z0-9._-]*)+)")
CHUNK = 1 << 20
COMPRESSION = 3
MAGIC = b"\x1f\x8b"
HAS_COMMENT = 0x10


@dataclass(frozen=True)
class TableNote:
    """What a backup holds of one table."""

    columns: list[str]
    rows: int


@dataclass(frozen=True)
class FileNote:
    """The size and digest of one member of the file."""

    size: int
    sha256: str


@dataclass
class Manifest:
    """What a backup says of itself."""

    revision: str
    made_at: str
    database: str
    settings: dict[str, str] = field(default_factory=dict)
    tables: dict[str, TableNote] = field(default_factory=dict)
    files: dict[str, FileNote] = field(default_factory=dict)
    format: int = FORMAT

    def to_bytes(self) -> bytes:
        """Write the manifest down."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Read a manifest; raise Refused when this version cannot."""
        read: dict[str, Any] = json.loads(content)
        if read.get("format") != FORMAT:
            raise Refused(
                N_("This backup has the format %(format)s, which this version of the program cannot read."),
                format=read.get("format"),
            )
        read["tables"] = {name: TableNote(**note) for name, note in read["tables"].items()}
        read["files"] = {name: FileNote(**note) for name, note in read["files"].items()}
        return cls(**read)


def seal(digest: str) -> bytes:
    """The end of the file: an empty gzip member that names the digest of what stands before it."""
    head = MAGIC + bytes([8, HAS_COMMENT, 0, 0, 0, 0, 0, 255])
    return head + f"sha256={digest}".encode() + b"\x00" + b"\x03\x00" + struct.pack("<II", 0, 0)


SEAL_SIZE = len(seal("0" * 64))


class _Hashing:
    """A file read through once, its digest taken on the way."""

    def __init__(self, source: Any) -> None:
        self.source, self.digest, self.size = source, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        piece: bytes = self.source.read(size)
        self.digest.update(piece)
        self.size += len(piece)
        return piece

    def note(self) -> FileNote:
        return FileNote(self.size, self.digest.hexdigest())


class Writer:
    """Writes a backup to an open file, member by member; `close` adds the manifest and the seal."""

    def __init__(self, file: BinaryIO, manifest: Manifest) -> None:
        self.file, self.manifest = file, manifest
        self.zipped = gzip.GzipFile("", "wb", COMPRESSION, fileobj=file, mtime=0)
        self.tar = tarfile.TarFile(fileobj=self.zipped, mode="w", format=tarfile.PAX_FORMAT)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: object, _traceback: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()

    def _add(self, name: str, source: Any, size: int) -> FileNote:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        hashing = _Hashing(source)
        self.tar.addfile(member, hashing)
        return hashing.note()

    def add(self, name: str, path: Path) -> None:
        """Add a file under a name."""
        with path.open("rb") as source:
            self.manifest.files[name] = self._add(name, source, os.fstat(source.fileno()).st_size)

    def close(self) -> None:
        """Finish the file and see that it is on the disk."""
        content = self.manifest.to_bytes()
        self._add(MANIFEST, BytesIO(content), len(content))
        self.tar.close()
        self.zipped.close()
        self.file.flush()
        self.file.seek(0)
        self.file.write(seal(_digest(self.file)))
        self.file.flush()
        os.fsync(self.file.fileno())


def _digest(file: BinaryIO, until: int | None = None) -> str:
    digest, left = hashlib.sha256(), until
    while piece := file.read(CHUNK if left is None else min(CHUNK, left)):
        digest.update(piece)
        left = left if left is None else left - len(piece)
    return digest.hexdigest()


def require_whole(path: Path) -> None:
    """Raise Refused when the file is no backup, or not the very bytes that were written."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if file.read(2) != MAGIC:
            raise Refused(
                N_("%(file)s is no backup of this program, or its beginning is damaged."), file=path.name
            )
        file.seek(max(0, size - SEAL_SIZE))
        end = file.read()
        file.seek(0)
        if end != seal(_digest(file, max(0, size - SEAL_SIZE))):
            raise Refused(
                N_(
                    "%(file)s is not whole: its digest does not fit. It was cut off, or changed after it "
                    "was written. Nothing in it was read; take another backup."
                ),
                file=path.name,
            )


def unpack(path: Path, folder: Path, wanted: Callable[[str], bool] = lambda _name: True) -> Manifest:
    """Check a backup whole and member by member, write the wanted ones below a folder, return its manifest.

    Raises Refused with the reason; what was written below the folder until then is worth nothing.
    """
    require_whole(path)
    seen: dict[str, FileNote] = {}
    content = b""
    try:
        with tarfile.open(path, "r|gz") as tar:
            for member in tar:
                source = tar.extractfile(member)
                if source is None or not MEMBER.fullmatch(member.name) or member.name in seen:
                    raise Refused(
                        N_("The backup holds something that does not belong into it: %(member)s."),
                        member=member.name,
                    )
                if member.name == MANIFEST:
                    content = source.read()
                else:
                    seen[member.name] = _keep(source, folder / member.name, wanted(member.name))
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise Refused(
            N_("The backup cannot be unpacked here: %(reason)s."), reason=str(error) or type(error).__name__
        ) from error
    manifest = Manifest.from_bytes(content or b"{}")
    wrong = sorted(name for name in seen | manifest.files if seen.get(name) != manifest.files.get(name))
    if wrong:
        raise Refused(
            N_("The backup's list of contents does not fit its content: %(names)s."),
            names=", ".join(wrong[:5]),
        )
    return manifest


def _keep(source: Any, place: Path, is_wanted: bool) -> FileNote:
    hashing = _Hashing(source)
    if not is_wanted:
        while hashing.read(CHUNK):
            pass
        return hashing.note()
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("xb") as file:
        shutil.copyfileobj(hashing, file, CHUNK)
    return hashing.note()
