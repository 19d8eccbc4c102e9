"""The process that makes a picture anew apart from the server: picture in, clean picture and thumbnail out.

It writes one line of JSON, then the picture's bytes, then the thumbnail's.
"""

import io
import json
import sys
import warnings
from typing import Any

from PIL import Image, ImageCms, ImageOps

from visits.attachments.rules import MAX_FILE_BYTES, MAX_PIXELS, MEGABYTE, THUMBNAIL_SIDE
from visits.core.apart import limit_resources

MAX_MEMORY_BYTES = 768 * MEGABYTE
MAX_CPU_SECONDS = 10
MAX_PROFILE_BYTES = MEGABYTE
MAX_MADE_BYTES = 2 * MAX_FILE_BYTES  # encoded anew a picture may grow, but not without end
FORMATS = ("JPEG", "PNG", "WEBP")
SAVED_WITH: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 88, "optimize": True},
    "PNG": {"compress_level": 4},
    "WEBP": {"quality": 85, "method": 2},
}


def answer(content: bytes) -> bytes:
    """Return the clean picture and its thumbnail, or what is wrong with it."""
    try:
        return _made_anew(content)
    except (MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return _head(problem="too_large")
    except Exception:  # Pillow lets errors of every kind through on broken files
        return _head(problem="broken")


def _made_anew(content: bytes) -> bytes:
    if (form := _checked_form(content)) is None:
        return _head(problem="too_large")
    picture = _plain(Image.open(io.BytesIO(content), formats=FORMATS), form)
    clean = _saved(picture, form)
    if len(clean) > MAX_MADE_BYTES:
        return _head(problem="too_large")
    size = {"width": picture.width, "height": picture.height}
    picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    thumbnail = _saved(picture, "WEBP")
    return _head(**size, bytes=len(clean)) + clean + thumbnail


def _checked_form(content: bytes) -> str | None:
    """The picture's format; None where it has too many points. Its decoder goes before the next opens."""
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            return None
        picture.verify()
        return str(picture.format)


def _plain(picture: Image.Image, form: str) -> Image.Image:
    """The first frame, upright, in sRGB, with nothing beside its pixels."""
    picture.seek(0)
    picture.load()
    profile = picture.info.get("icc_profile")
    has_alpha = form != "JPEG" and picture.has_transparency_data
    picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith("I;16"):
        picture = picture.point(lambda value: value / 256).convert("L")
    picture = _in_srgb(picture, profile, "RGBA" if has_alpha else "RGB")
    picture.info.clear()
    return picture


def _in_srgb(picture: Image.Image, profile: bytes | None, mode: str) -> Image.Image:
    if profile and len(profile) <= MAX_PROFILE_BYTES and picture.mode in {"RGB", "RGBA", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            wanted = ImageCms.createProfile("sRGB")
            picture = ImageCms.profileToProfile(picture, source, wanted, outputMode=mode) or picture
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that cannot be read says nothing of the colours
    return picture if picture.mode == mode else picture.convert(mode)


def _saved(picture: Image.Image, form: str) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, form, **SAVED_WITH[form])
    return stream.getvalue()


def _head(**said: Any) -> bytes:
    return json.dumps(said).encode() + b"\n"


if __name__ == "__main__":
    limit_resources(MAX_MEMORY_BYTES, MAX_CPU_SECONDS)
    warnings.simplefilter("error")
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))
