"""What a file is by its content, never by its name; what is not on the list is refused with a sentence."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from enum import StrEnum

from visits.core.errors import Refused
from visits.core.i18n import N_

HEAD = 64 * 1024
MAX_MEMBERS = 5_000
MAX_LIST_BYTES = 1024 * 1024
PACKED = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Kind(StrEnum):
    """A kind of file that is taken."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    PDF = "pdf"
    OFD = "ofd"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"


@dataclass(frozen=True)
class About:
    """How a kind is sent to a browser and how its names end, the usual ending first."""

    media_type: str
    suffixes: tuple[str, ...]
    is_picture: bool = False


_OFFICE = "application/vnd.openxmlformats-officedocument."
ABOUT = {
    Kind.JPEG: About("image/jpeg", (".jpg", ".jpeg"), True),
    Kind.PNG: About("image/png", (".png",), True),
    Kind.WEBP: About("image/webp", (".webp",), True),
    Kind.PDF: About("application/pdf", (".pdf",)),
    Kind.OFD: About("application/ofd", (".ofd",)),
    Kind.DOCX: About(f"{_OFFICE}wordprocessingml.document", (".docx",)),
    Kind.XLSX: About(f"{_OFFICE}spreadsheetml.sheet", (".xlsx",)),
    Kind.PPTX: About(f"{_OFFICE}presentationml.presentation", (".pptx",)),
}
ACCEPTED = ",".join(suffix for about in ABOUT.values() for suffix in about.suffixes)
_MAIN_PARTS = {
    b"wordprocessingml.document.main+xml": Kind.DOCX,
    b"spreadsheetml.sheet.main+xml": Kind.XLSX,
    b"presentationml.presentation.main+xml": Kind.PPTX,
}
# What a content list or a member's name says where a document can run something.
_RUNS = re.compile(rb"macro-?enabled|vbaproject|vbadata|activex|macrosheet|dialogsheet", re.IGNORECASE)

NOT_TAKEN = N_(
    "This kind of file is not taken. Choose a photo (JPG, PNG, WebP), PDF, OFD, DOCX, XLSX or PPTX."
)
OTHER_PICTURE = N_("This kind of picture is not taken. Save it as JPG or PNG and add that.")
IPHONE_PICTURE = N_(
    "This is a picture in the HEIC format. Set the phone's camera to “most compatible”, "
    "or send a screenshot of it, and add that."
)
WEB_PAGE = N_("This is a web page, SVG or XML file, whatever its name says. Print it to PDF and add that.")
OLD_DOCUMENT = N_(
    "Documents of the old formats (DOC, XLS, PPT, WPS) can hide macros and are not taken. "
    "Open it in WPS or Word, save it as DOCX, XLSX, PPTX or PDF, and add that."
)
LOCKED = N_("The file is protected by a password. Remove the password, save the file, and add it again.")
RUNNING = N_("The document holds macros or active controls. Save it without them or as PDF, and add that.")
ARCHIVE = N_("Archives are not taken. Unpack it and add the files themselves.")
FILM = N_("Films and sound are not taken.")
PROGRAM = N_("Programs are not taken.")
TEXT = N_("Plain text is not taken. Put it into the note, or save it as PDF and add that.")
EMPTY = N_("The file is empty.")
DAMAGED = N_("The file is damaged or not complete. Open it, save it anew, and add that.")

_STARTS = (
    (b"%!PS", OTHER_PICTURE),
    (b"\xc5\xd0\xd3\xc6", OTHER_PICTURE),
    (b"GIF8", OTHER_PICTURE),
    (b"BM", OTHER_PICTURE),
    (b"II*\x00", OTHER_PICTURE),
    (b"MM\x00*", OTHER_PICTURE),
    (b"8BPS", OTHER_PICTURE),
    (b"SIMPLE  =", OTHER_PICTURE),
    (b"\x00\x00\x00\x0cjP", OTHER_PICTURE),
    (b"Rar!", ARCHIVE),
    (b"7z\xbc\xaf", ARCHIVE),
    (b"\x1f\x8b", ARCHIVE),
    (b"PK", ARCHIVE),
    (b"MZ", PROGRAM),
    (b"\x7fELF", PROGRAM),
    (b"#!", PROGRAM),
    (b"FWS", FILM),
    (b"CWS", FILM),
    (b"ID3", FILM),
    (b"RIFF", FILM),
)


def kind_of(content: bytes) -> Kind:
    """Say what a file is; raise Refused with what to do instead where it is none of the kinds taken."""
    if not content:
        raise Refused(EMPTY)
    if content.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return Kind.WEBP
    if content.startswith(b"%PDF-"):
        return _complete_pdf(content)
    if content.startswith(PACKED):
        return _kind_of_packed(content)
    raise Refused(_why_not(content))


def _complete_pdf(content: bytes) -> Kind:
    if b"%%EOF" not in content.rstrip(b"\0\t\r\n ")[-2048:]:
        raise Refused(DAMAGED)
    return Kind.PDF


def _why_not(content: bytes) -> str:
    if content.startswith(OLD_OFFICE):
        return LOCKED if "EncryptedPackage".encode("utf-16-le") in content else OLD_DOCUMENT
    if content[4:8] == b"ftyp":
        return IPHONE_PICTURE if content[8:12] in {b"heic", b"heix", b"mif1", b"msf1", b"avif"} else FILM
    if said := next((why for start, why in _STARTS if content.startswith(start)), None):
        return said
    head = content[:HEAD].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").replace(b"\0", b"")
    if head.startswith(b"<") or re.match(rb"mime-version:", head, re.IGNORECASE):
        return WEB_PAGE
    return NOT_TAKEN if b"\0" in content[:HEAD] else TEXT


def _kind_of_packed(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _kind_of_members(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,  # a way of packing that Python lacks
        EOFError,
        ValueError,
        RuntimeError,
    ) as error:
        raise Refused(DAMAGED) from error


def _kind_of_members(archive: zipfile.ZipFile) -> Kind:
    members = archive.infolist()
    names = [member.filename for member in members]
    if len(members) > MAX_MEMBERS or len(set(names)) < len(names):
        raise Refused(DAMAGED)
    if any(member.flag_bits & 1 for member in members):
        raise Refused(LOCKED)
    if any(_RUNS.search(name.encode(errors="replace")) for name in names):
        raise Refused(RUNNING)
    if "OFD.xml" in names:
        return Kind.OFD
    if "[Content_Types].xml" not in names:
        raise Refused(ARCHIVE)
    return _kind_of_office(archive)


def _kind_of_office(archive: zipfile.ZipFile) -> Kind:
    with archive.open("[Content_Types].xml") as stream:
        listed = stream.read(MAX_LIST_BYTES)
    if listed.startswith((b"\xff\xfe", b"\xfe\xff")):
        listed = listed.replace(b"\0", b"")
    if _RUNS.search(listed):
        raise Refused(RUNNING)
    found = {kind for part, kind in _MAIN_PARTS.items() if part in listed}
    if len(found) != 1:
        raise Refused(NOT_TAKEN)
    return found.pop()
