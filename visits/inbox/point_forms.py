"""The form of one contact point."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from visits.core.forms import BaseForm, text
from visits.inbox.addresses import EXAMPLES
from visits.inbox.models import Channel, ContactPoint
from visits.inbox.operations.points import PointEntry
from visits.inbox.rules import masked

MOST_ADDRESS = 400


class PointForm(BaseForm):
    """Where somebody is told by one channel; the secrets of a kept address are not shown again."""

    address = text(_l("Address"), MOST_ADDRESS, render_kw={"autocomplete": "off", "spellcheck": "false"})
    secret = text(
        _l("Signing secret"),
        100,
        hint=_l("Only where the robot's security settings ask for a signature (加签); begins with SEC."),
        render_kw={"autocomplete": "off"},
    )
    takes_digest = BooleanField(
        _l("The morning digest goes there too"),
        description=_l("Without this only what is told at once: red flags."),
    )

    def __init__(
        self, channel: Channel, point: ContactPoint | None, *, has_digest: bool, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        if not has_digest:
            del self.takes_digest
        if channel is not Channel.DINGTALK:
            del self.secret
        if channel is not Channel.MAIL:
            self.address.description = _about(channel, point)

    @staticmethod
    def shown(channel: Channel, point: ContactPoint | None) -> dict[str, Any]:
        """What the form holds when it is opened."""
        if point is None:
            return {"takes_digest": True}
        address = point.address if channel is Channel.MAIL else ""
        return {"takes_digest": point.takes_digest, "revision": point.revision, "address": address}

    def entry(self) -> PointEntry:
        """What was entered."""
        secret = self.secret.data if "secret" in self else ""
        takes_digest = "takes_digest" in self and bool(self.takes_digest.data)
        return PointEntry(self.address.data or "", secret or "", takes_digest, self.revision.data)


def _about(channel: Channel, point: ContactPoint | None) -> str:
    if point:
        return gettext(
            "Kept is %(address)s. Leave this empty to keep it, or paste another.",
            address=masked(point.address),
        )
    return gettext("Copy it from the robot's page; it looks like %(example)s", example=EXAMPLES[channel])
