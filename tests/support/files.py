"""Files made in code: honest photos and documents, and those that strangers send with ill will."""

import io
import struct
import zipfile
import zlib

from PIL import Image

PNG_START = b"\x89PNG\r\n\x1a\n"
GPS = 0x8825
ORIENTATION = 0x0112
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTI" + b"VIRUS-TEST-FILE!$H+H*"
OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN_PARTS = {
    "docx": f"{OFFICE}wordprocessingml.document.main+xml",
    "xlsx": f"{OFFICE}spreadsheetml.sheet.main+xml",
    "pptx": f"{OFFICE}presentationml.presentation.main+xml",
    "docm": "application/vnd.ms-word.document.macroEnabled.main+xml",
}
PDF = b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"


def picture(form="JPEG", size=(64, 48), mode="RGB", **saved_with):
    """An honest picture: left red, right blue."""
    made = Image.new(mode, size, "red")
    made.paste("blue", (size[0] // 2, 0, *size))
    return encoded(made, form, **saved_with)


def encoded(image, form, **saved_with):
    """A picture's bytes."""
    stream = io.BytesIO()
    image.save(stream, form, **saved_with)
    return stream.getvalue()


def opened(content):
    """Bytes as a picture."""
    return Image.open(io.BytesIO(content))


def exif_with(orientation=1):
    """What a phone writes into a photo: where it was taken, with what, and which way up."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010F], exif[0x9286] = "SecretPhone", b"ASCII\0\0\0SecretComment"
    exif.get_ifd(GPS).update({1: "N", 2: (30.0, 26.0, 12.0), 3: "E", 4: (120.0, 18.0, 5.0)})
    return exif


def animation(form, frames=3, **saved_with):
    """A picture that moves: the first frame red, the others blue."""
    first, *rest = [
        Image.new("RGB", (32, 24), "red" if n == 0 else (0, 0, 255 - n % 100)) for n in range(frames)
    ]
    return encoded(first, form, save_all=True, append_images=rest, **saved_with)


def chunk(kind, content):
    """One chunk of a PNG file."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_of(width, height, *chunks):
    """A PNG whose header says this size; whether anything lies behind it is another matter."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return PNG_START + header + b"".join(chunks) + chunk(b"IEND", b"")


def png_with(*chunks):
    """An honest PNG with further chunks behind its header."""
    honest = picture("PNG")
    return honest[:33] + b"".join(chunks) + honest[33:]


def webp_of(width, height):
    """A WebP whose header says this size, without the picture."""
    bits = (width - 1) | (height - 1) << 14
    body = b"VP8L" + struct.pack("<I", 5) + b"\x2f" + struct.pack("<I", bits) + b"\0"
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def packed(**members):
    """A zip archive; two underlines in a name stand for a slash."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def office(kind="docx", **members):
    """A document of an office program, as far as its table of contents tells."""
    listed = f'<Types><Override PartName="/x.xml" ContentType="{MAIN_PARTS[kind]}"/></Types>'
    return packed(**{"[Content_Types].xml": listed, "x.xml": "<x/>"}, **members)


def old_office(*streams):
    """A document of the former formats; its directory names its streams in UTF-16."""
    names = b"".join(name.encode("utf-16-le") for name in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + names
