"""What was typed into a form whose sign-in had run out: kept, signed, and offered again after sign-in."""

from dataclasses import dataclass

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

MOST = 256 * 1024
LASTS = 12 * 3600
PASSWORD_FIELDS = frozenset({"password", "present", "again", "link_code"})


@dataclass(frozen=True)
class Kept:
    """A form's address and fields, and whose they are, where that is known."""

    path: str
    fields: list[tuple[str, str]]
    person_id: int | None


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="kept-form")


def pack(person_id: int | None) -> str | None:
    """Sign the present request's form; None where there is nothing to keep, or too much."""
    fields = [
        (k, v) for k, v in request.form.items(multi=True) if k != "csrf_token" and k not in PASSWORD_FIELDS
    ]
    if request.method != "POST" or not fields or sum(len(v) for _, v in fields) > MOST:
        return None
    return _serializer().dumps([request.full_path.rstrip("?"), fields, person_id])


def unpack(text: str | None, person_id: int) -> Kept | None:
    """Read a kept form back for the person it belongs to."""
    try:
        path, fields, owner = _serializer().loads(text or "", max_age=LASTS)
    except BadData:
        return None
    if owner is not None and owner != person_id:
        return None
    return Kept(path, [(name, value) for name, value in fields], owner)
