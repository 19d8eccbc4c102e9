"""Pictures made anew: nothing beside the pixels survives, and no bomb brings the server down."""

import os
import struct
import time
import zlib

import pytest
from PIL import Image, ImageCms

from tests.support.files import (
    ORIENTATION,
    PNG_START,
    animation,
    chunk,
    encoded,
    exif_with,
    opened,
    packed,
    picture,
    png_of,
    png_with,
    webp_of,
)
from visits.attachments import picture_child, pictures
from visits.attachments.pictures import make_anew
from visits.core import apart
from visits.core.errors import Refused

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
XMP = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>SecretXmp</x:xmpmeta>"
IPTC = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0bSecretIptc"
SECRETS = (
    b"Secret",
    b"GPS",
    b"Exif",
    b"EXIF",
    b"xmpmeta",
    b"eXIf",
    b"tEXt",
    b"iTXt",
    b"zTXt",
    b"<script",
    b"ftyp",
)


def segment(marker, content):
    return b"\xff" + marker + struct.pack(">H", len(content) + 2) + content


def jpeg_with(*segments, **saved_with):
    plain = picture("JPEG", **saved_with)
    return plain[:2] + b"".join(segments) + plain[2:]


def text_chunk(kind, content):
    return chunk(kind, b"Secret\0" + content)


TALKATIVE = {
    "jpeg with exif": picture("JPEG", exif=exif_with()),
    "jpeg with xmp": jpeg_with(segment(b"\xe1", XMP)),
    "jpeg with iptc": jpeg_with(segment(b"\xed", IPTC)),
    "jpeg with comment": jpeg_with(segment(b"\xfe", b"SecretComment <script>alert(1)</script>")),
    "jpeg with embedded thumbnail": jpeg_with(segment(b"\xe1", b"Exif\0\0" + picture("JPEG") + b"Secret")),
    "jpeg and zip": picture("JPEG") + packed(Secret="x"),
    "jpeg and film": picture("JPEG") + b"\0\0\0\x18ftypmp42Secret",
    "jpeg and page": picture("JPEG") + b"<script>alert('Secret')</script>",
    "png with exif": picture("PNG", exif=exif_with()),
    "png with text": png_with(text_chunk(b"tEXt", b"SecretText")),
    "png with packed text": png_with(text_chunk(b"zTXt", b"\0" + zlib.compress(b"SecretText"))),
    "png with xmp": png_with(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta>Secret</x:xmpmeta>")),
    "png and page": picture("PNG") + b"<html><script>alert('Secret')</script></html>",
    "webp with exif": picture("WEBP", exif=exif_with()),
    "webp with xmp": picture("WEBP", xmp=XMP),
    "webp and page": picture("WEBP") + b"<script>alert('Secret')</script>",
}


@pytest.mark.parametrize("name", TALKATIVE)
def test_nothing_but_the_pixels_survives(name):
    content = TALKATIVE[name]
    made = make_anew(content)
    for clean in (made.content, made.thumbnail):
        assert [secret for secret in SECRETS if secret in clean] == []
        assert not opened(clean).getexif()
        assert not {"icc_profile", "xmp", "comment", "exif"} & set(opened(clean).info)
    assert opened(made.content).format == opened(content).format
    assert (made.width, made.height) == (64, 48)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "size", "corner"),
    [(1, (64, 48), "red"), (3, (64, 48), "blue"), (6, (48, 64), "red"), (8, (48, 64), "blue")],
)
def test_a_photo_stands_upright(form, orientation, size, corner):
    made = make_anew(picture(form, exif=exif_with(orientation)))
    image = opened(made.content).convert("RGB")
    assert image.size == (made.width, made.height) == size
    red, _, blue = image.getpixel((4, 4))
    assert (red > 200, blue > 200) == (corner == "red", corner == "blue")
    assert ORIENTATION not in image.getexif()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_modes_come_out_as_colours_a_browser_shows(mode):
    content = encoded(Image.new(mode, (20, 10)), "JPEG" if mode == "CMYK" else "PNG")
    assert opened(make_anew(content).content).mode in {"RGB", "RGBA"}


def test_what_is_see_through_stays_so():
    content = encoded(Image.new("RGBA", (20, 10), (255, 0, 0, 0)), "PNG")
    assert opened(make_anew(content).content).getpixel((1, 1))[3] == 0


@pytest.mark.parametrize("profile", [SRGB, b"nonsense" * 200])
def test_a_colour_profile_is_used_and_dropped(profile):
    made = opened(make_anew(picture("JPEG", icc_profile=profile)).content)
    assert "icc_profile" not in made.info
    red, _, blue = made.getpixel((4, 4))
    assert red > 200 > 50 > blue


@pytest.mark.parametrize(("form", "frames"), [("PNG", 3), ("WEBP", 3), ("PNG", 2000)])
def test_of_what_moves_the_first_frame_is_kept(form, frames):
    made = opened(make_anew(animation(form, frames)).content)
    assert getattr(made, "n_frames", 1) == 1
    red, _, blue = made.convert("RGB").getpixel((3, 3))
    assert red > 200 > 50 > blue


def test_the_thumbnail_is_small_and_of_the_same_shape():
    thumbnail = opened(make_anew(picture("JPEG", size=(1600, 800))).thumbnail)
    assert (thumbnail.format, thumbnail.size) == ("WEBP", (320, 160))
    assert opened(make_anew(picture("JPEG", size=(40, 30))).thumbnail).size == (40, 30)


def zeros(width, height):
    """The packed pixels of a black picture of this size."""
    packer, row = zlib.compressobj(9), bytes(1 + 3 * width)
    return b"".join([*(packer.compress(row) for _ in range(height)), packer.flush()])


TOO_LARGE = {
    "png header": png_of(65_535, 65_535),
    "png header with a little": png_of(65_535, 65_535, chunk(b"IDAT", zlib.compress(bytes(1000)))),
    "webp header": webp_of(16_384, 16_384),
    "real pixels": png_of(9_000, 5_000, chunk(b"IDAT", zeros(9_000, 5_000))),
}
BROKEN = {
    "png cut off": picture("PNG")[:-20],
    "jpeg cut off": picture("JPEG", size=(400, 300))[:-2000],
    "webp cut off": picture("WEBP", size=(400, 300), quality=100)[:-100],
    "start only": PNG_START,
    "start and page": PNG_START + b"<html><script>alert(1)</script>",
    "page called jpeg": b"\xff\xd8\xff<html><script>alert(1)</script>",
    "no pixels": png_of(0, 0),
    "too few pixels": png_of(64, 48, chunk(b"IDAT", zlib.compress(b"1"))),
    "wrong sum": picture("PNG").replace(b"IDAT", b"IDAT\0", 1),
    "text bomb": png_with(chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(80_000_000), 9))),
    "profile that swells": png_with(chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(100_000_000), 9))),
    "tiff called png": PNG_START + picture("TIFF"),
}


@pytest.mark.parametrize("name", TOO_LARGE)
def test_a_pixel_flood_is_refused(name):
    begun = time.monotonic()
    with pytest.raises(Refused, match="40 million points"):
        make_anew(TOO_LARGE[name])
    assert time.monotonic() - begun < 8


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_picture_is_refused(name):
    with pytest.raises(Refused, match="damaged or not complete"):
        make_anew(BROKEN[name])


def test_the_server_lives_on():
    """Nothing of this happened in this process: it holds no pixels and has the same number."""
    number = os.getpid()
    for content in [*TOO_LARGE.values(), *BROKEN.values()]:
        with pytest.raises(Refused):
            make_anew(content)
    assert os.getpid() == number
    assert make_anew(picture()).width == 64


def stand_in(monkeypatch, key):
    def stop(*_arguments):
        raise apart.Stopped(key)

    monkeypatch.setattr(pictures, "run_apart", stop)


@pytest.mark.parametrize(("key", "says"), [("took_too_long", "too long"), ("crashed", "cannot be read")])
def test_a_process_that_does_not_answer_is_a_sentence(monkeypatch, key, says):
    stand_in(monkeypatch, key)
    with pytest.raises(Refused, match=says):
        make_anew(picture())
    with pytest.raises(Refused, match=says):  # its place was given back
        make_anew(picture())


def test_a_third_picture_waits_its_turn(monkeypatch):
    monkeypatch.setattr(pictures, "WAIT_SECONDS", 0)
    for _ in range(pictures.AT_ONCE):
        assert pictures._slots.acquire()
    try:
        with pytest.raises(Refused, match="Too many pictures"):
            make_anew(picture())
    finally:
        for _ in range(pictures.AT_ONCE):
            pictures._slots.release()


def test_want_of_memory_is_a_sentence(monkeypatch):
    def fail(*_arguments, **_named):
        raise MemoryError

    monkeypatch.setattr(picture_child.Image, "open", fail)
    assert b"too_large" in picture_child.answer(picture())
