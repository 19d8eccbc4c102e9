"""The word that proves a set-up page's visitor has seen the server's own output."""

import hashlib
import hmac
import ipaddress


def setup_token(secret: str) -> str:
    """The token of this installation; printed at the start when others can reach the address."""
    return hmac.new(secret.encode(), b"set-up", hashlib.sha256).hexdigest()[:20]


def is_loopback(address: str | None) -> bool:
    """Say whether a request came from this very machine."""
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False
