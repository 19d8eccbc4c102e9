"""What a file is, by its content: what is taken, and with which sentence the rest is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.files import (
    EICAR,
    PDF,
    PNG_START,
    animation,
    office,
    old_office,
    packed,
    picture,
)
from visits.attachments.kinds import Kind, kind_of
from visits.core.errors import Refused

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
TAKEN = {
    "jpg": (picture("JPEG"), Kind.JPEG),
    "png": (picture("PNG"), Kind.PNG),
    "webp": (picture("WEBP"), Kind.WEBP),
    "pdf": (PDF, Kind.PDF),
    "pdf padded": (PDF + bytes(5000), Kind.PDF),
    "ofd": (packed(**{"OFD.xml": "<ofd/>", "Doc_0__Document.xml": "<d/>"}), Kind.OFD),
    "docx": (office("docx"), Kind.DOCX),
    "xlsx": (office("xlsx"), Kind.XLSX),
    "pptx": (office("pptx"), Kind.PPTX),
    "utf-16 list": (
        packed(
            **{"[Content_Types].xml": f"<x>{'wordprocessingml.document.main+xml'}</x>".encode("utf-16")}
        ),
        Kind.DOCX,
    ),
}
REFUSED = {
    "nothing": (b"", "empty"),
    "svg": (SVG, "web page"),
    "svg without head": (b"\xef\xbb\xbf  <svg onload=alert(1)>", "web page"),
    "html": (b"<!DOCTYPE html><script>alert(1)</script>", "web page"),
    "html in utf-16": ("<html>".encode("utf-16"), "web page"),
    "xml": (b"<?xml version='1.0'?><a/>", "web page"),
    "mhtml": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "web page"),
    "flash": (b"FWS\x09" + bytes(40), "Films"),
    "gif": (animation("GIF"), "kind of picture"),
    "gif and script": (b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)//", "kind of picture"),
    "bmp": (picture("BMP"), "kind of picture"),
    "tiff": (picture("TIFF"), "kind of picture"),
    "eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n", "kind of picture"),
    "psd": (b"8BPS\x00\x01" + bytes(40), "kind of picture"),
    "fits": (b"SIMPLE  =                    T", "kind of picture"),
    "jpeg 2000": (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "kind of picture"),
    "heic": (b"\x00\x00\x00\x18ftypheic" + bytes(40), "HEIC"),
    "film": (b"\x00\x00\x00\x18ftypmp42" + bytes(40), "Films"),
    "sound": (b"RIFF\x00\x00\x00\x00WAVE", "Films"),
    "macros": (office("docm"), "macros"),
    "macros inside": (office("docx", word__vbaProject__bin="x"), "macros"),
    "macros inside, spelled otherwise": (office("xlsx", xl__VBAPROJECT="x"), "macros"),
    "macro sheet": (office("xlsx", xl__macrosheets__sheet1="x"), "macros"),
    "active control": (office("docx", word__activeX__activeX1="x"), "macros"),
    "two main parts": (
        packed(**{"[Content_Types].xml": "document.main+xml"}),
        "kind of file is not taken",
    ),
    "doc": (old_office("WordDocument"), "old formats"),
    "xls": (old_office("Workbook", "VBA"), "old formats"),
    "password": (old_office("EncryptedPackage"), "password"),
    "zip": (packed(a="b"), "Archives"),
    "empty zip": (b"PK\x05\x06" + bytes(18), "Archives"),
    "zip cut off": (office("docx")[:60], "damaged"),
    "rar": (b"Rar!\x1a\x07", "Archives"),
    "exe": (b"MZ\x90\x00", "Programs"),
    "script": (b"#!/bin/sh\nrm -rf /", "Programs"),
    "text": ("一段话".encode(), "Plain text"),
    "virus test": (EICAR, "Plain text"),
    "noise": (b"\x00\x01\x02\x03" * 50, "kind of file is not taken"),
    "pdf cut off": (PDF[:30], "damaged"),
    "pdf behind something": (b"\n<b>" + PDF, "web page"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_kind_is_known_by_its_content(name):
    content, kind = TAKEN[name]
    assert kind_of(content) is kind


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_taken_is_refused_with_a_sentence(name):
    content, says = REFUSED[name]
    with pytest.raises(Refused, match=says):
        kind_of(content)


def answer_to(content):
    """The kind, or the sentence of the refusal; anything else fails the test."""
    try:
        return kind_of(content)
    except Refused as refusal:
        return refusal.message


@given(st.binary(max_size=200), st.sampled_from([b"", b"PK\x03\x04", b"%PDF-", b"<", b"\xd0\xcf\x11\xe0"]))
def test_any_bytes_get_a_kind_or_a_sentence(content, start):
    assert answer_to(start + content)


@given(st.integers(0, len(TAKEN["docx"][0]) - 1), st.integers(0, 255))
def test_any_damaged_document_gets_a_kind_or_a_sentence(position, byte):
    content = TAKEN["docx"][0]
    assert answer_to(content[:position] + bytes([byte]) + content[position + 1 :])


def test_the_start_alone_makes_no_picture_safe():
    """Sniffing says PNG; whether it is one is found out by the process that makes it anew."""
    assert kind_of(PNG_START + b"<script>") is Kind.PNG
