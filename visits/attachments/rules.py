"""Pure questions about attached files: how many and how large, and what they may be called."""

import re
import unicodedata
from urllib.parse import quote

MEGABYTE = 1024 * 1024
MAX_FILE_BYTES = 10 * MEGABYTE
MAX_FILES = 20
MAX_PIXELS = 40_000_000
THUMBNAIL_SIDE = 320
MAX_NAME_BYTES = 180  # file systems hold 255; a browser adds " (1)" and the like
MAX_REASON = 200
# Not allowed in a name on Windows, or read by it as a device.
UNFIT = re.compile(r'[<>:"|?*]')
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(\..*)?", re.IGNORECASE)
NAMELESS = "file"
PICTURE_ENDINGS = frozenset({"jpg", "jpeg", "png", "webp", "gif", "bmp", "heic"})


def shown_name(given: str) -> str:
    """A stranger's file name as a sentence may show it."""
    return _last_part(given)[:80]


def clean_name(given: str, suffixes: tuple[str, ...]) -> str:
    """Make of a stranger's file name one that is safe everywhere and ends as its content demands.

    `suffixes` are those of the kind that was found in the content, the usual one first.
    """
    seen = UNFIT.sub("_", _last_part(given)).strip(" .")
    stem, dot, ending = seen.rpartition(".")
    if not dot or f".{ending.lower()}" not in suffixes:
        is_other_picture = dot and ending.lower() in PICTURE_ENDINGS
        stem, ending = stem if is_other_picture else seen, suffixes[0][1:]
    stem = stem.strip(" .") or NAMELESS
    if DEVICES.fullmatch(stem):
        stem = f"_{stem}"
    return f"{_cut(stem, MAX_NAME_BYTES)}.{ending}"


def _last_part(given: str) -> str:
    plain = unicodedata.normalize("NFC", given.encode("utf-8", "replace").decode())
    # Category C holds control characters, what turns the direction of writing, and lone surrogates.
    seen = "".join(sign for sign in plain if unicodedata.category(sign)[0] != "C")
    return re.split(r"[/\\]", seen)[-1]


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore").rstrip(" .")


def shown_size(size: int) -> str:
    """A number of bytes as people read it: 341 B, 662 KB, 1.2 MB."""
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:.0f} KB" if size < MEGABYTE else f"{size / MEGABYTE:.1f} MB"


def disposition(name: str, *, inline: bool) -> str:
    """The Content-Disposition header of a download: exactly one file name (RFC 6266, RFC 5987)."""
    how = "inline" if inline else "attachment"
    if re.fullmatch(r"[A-Za-z0-9 ._()-]+", name):
        return f'{how}; filename="{name}"'
    return f"{how}; filename*=UTF-8''{quote(name, safe='')}"
