"""Names that strangers give their files, and the header that hands them out again."""

from email.message import Message
from email.utils import collapse_rfc2231_value

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.attachments.rules import clean_name, disposition, shown_size

JPG = (".jpg", ".jpeg")
NAMES = {
    "照片.jpg": "照片.jpg",
    "Photo.JPEG": "Photo.JPEG",
    "photo.png": "photo.jpg",
    "page.html": "page.html.jpg",
    "": "file.jpg",
    ".jpg": "jpg.jpg",
    "../../etc/passwd": "passwd.jpg",
    "..\\..\\boot.ini": "boot.ini.jpg",
    "C:\\照片\\a.jpg": "a.jpg",
    "/": "file.jpg",
    "..": "file.jpg",
    "%2e%2e%2fa.jpg": "%2e%2e%2fa.jpg",
    "a\0.jpg": "a.jpg",
    "a\r\nSet-Cookie: x=1.jpg": "aSet-Cookie_ x=1.jpg",
    "CON": "_CON.jpg",
    "nul.txt": "_nul.txt.jpg",
    "com1.jpg": "_com1.jpg",
    "aux .jpg": "_aux.jpg",
    "\u202egpj.exe": "gpj.exe.jpg",
    "a\u200b\ufeff.jpg": "a.jpg",
    'a"b;c<d>e|f?g*h:i.jpg': "a_b;c_d_e_f_g_h_i.jpg",
    "a. . .jpg": "a.jpg",
    "\ud800.jpg": "?.jpg".replace("?", "_"),
    "~$报告.jpg": "~$报告.jpg",
    "e\u0301.jpg": "\u00e9.jpg",
}


@pytest.mark.parametrize("given_name", NAMES, ids=ascii)
def test_a_name_is_made_safe(given_name):
    assert clean_name(given_name, JPG) == NAMES[given_name]


def test_a_long_name_keeps_its_ending():
    for name in ("长" * 300 + ".jpg", "x" * 300 + ".jpg", "x" * 300):
        made = clean_name(name, JPG)
        assert made.endswith(".jpg")
        assert len(made.encode()) <= 200


def parsed(header):
    """The file names a client reads out of the header."""
    message = Message()
    message["Content-Disposition"] = header
    return [
        value
        for key, value in message.get_params(header="content-disposition")
        if key.startswith("filename")
    ]


@given(st.text(max_size=300))
def test_any_name_makes_one_header_line_with_one_name(given_name):
    name = clean_name(given_name, JPG)
    header = disposition(name, inline=False)
    assert header.isascii()
    assert header.isprintable()
    assert header.startswith("attachment; ")
    [found] = parsed(header)
    assert collapse_rfc2231_value(found) == name
    assert not set(name) & set('/\\:*?"<>|\r\n\0')
    assert name.rpartition(".")[0].strip(" .")


def test_a_picture_is_shown_in_the_browser():
    assert disposition("a.jpg", inline=True) == 'inline; filename="a.jpg"'
    assert disposition("图.jpg", inline=True) == "inline; filename*=UTF-8''%E5%9B%BE.jpg"


def test_a_size_is_said_in_few_figures():
    sizes = [0, 1023, 1024, 700_000, 1_048_575, 1_048_576, 10_485_760]
    assert [shown_size(size) for size in sizes] == [
        "0 B",
        "1023 B",
        "1 KB",
        "684 KB",
        "1024 KB",
        "1.0 MB",
        "10.0 MB",
    ]
