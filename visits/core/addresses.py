"""Whole addresses of pages, for what is read outside the system: mails and messages."""

from typing import Any

from flask import current_app


def whole_address(endpoint: str, **values: Any) -> str:
    """The address of a page as people outside reach it; empty while PUBLIC_BASE_URL names none."""
    base = current_app.config["PUBLIC_BASE_URL"]
    if not base:
        return ""
    path = current_app.url_map.bind("localhost").build(endpoint, values)
    return f"{base.rstrip('/')}{path}"
