"""Briefs as one file that is read without network: no link leads out of it, nothing is fetched."""

from collections.abc import Sequence
from typing import Any

from flask import current_app, render_template
from flask_babel import get_locale, gettext
from markupsafe import escape

SHEET = (
    "body{margin:0 auto;padding:8mm;max-width:210mm;background:#fff;"
    'font-family:"Segoe UI","Microsoft YaHei UI","Microsoft YaHei",'
    '"PingFang SC","Noto Sans CJK SC",sans-serif}'
    "footer{font-size:9pt;color:#566272}@page{size:A4;margin:12mm}@media print{body{padding:0}}"
)
PAGE = (
    '<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width,initial-scale=1"><title>{title}</title>'
    "<style>{style}</style></head><body><main>{body}</main><footer>{mark}</footer></body></html>"
)


def as_file(briefs: Sequence[Any], mark: str, **labels: Any) -> bytes:
    """Write briefs into one page that carries its own styles; `mark` says who took it and when."""
    style = f"{SHEET}{_own_rules()}"
    body = "".join(render_template("home/_brief.html", brief=brief, **labels) for brief in briefs)
    page = PAGE.format(
        lang=escape(str(get_locale()).replace("_", "-")),
        title=escape(gettext("Brief before a visit")),
        style=style,
        body=body,
        mark=escape(mark),
    )
    return page.encode()


def _own_rules() -> str:
    """The rules of the brief itself, as the page uses them."""
    with current_app.open_resource("static/home/brief.css", "r", encoding="utf-8") as file:
        return str(file.read())
