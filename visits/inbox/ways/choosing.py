"""By which way a message goes: by the settings, or into the log on a machine that has no mail server."""

import logging
from collections.abc import Mapping
from typing import Any

from visits.core.i18n import N_
from visits.core.outside import certificates
from visits.inbox.models import Channel
from visits.inbox.ways.mail import Mailbox
from visits.inbox.ways.parcels import Failed, Parcel
from visits.inbox.ways.posting import Poster
from visits.inbox.ways.robots import Robots

NO_SERVER = N_("No mail server is named in the settings of the system.")

log = logging.getLogger(__name__)


class Console:
    """The log in place of a mail server: for machines on which the program is tried out."""

    def send(self, parcel: Parcel) -> None:
        """Write one message to the log, and count it as sent."""
        log.info("mail to %s: %s\n%s", parcel.address, parcel.subject, parcel.text)


class NoServer:
    """In production nothing is said to be sent that is not."""

    def send(self, _parcel: Parcel) -> None:
        """Fail: another try may find a server."""
        raise Failed(NO_SERVER)


class Ways:
    """All ways of sending that the settings offer."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        ca_file, server = settings["CA_FILE"], settings["MAIL_SERVER"]
        self.robots = Robots(Poster(settings["HOOK_HOSTS"], certificates(ca_file)))
        self.mail: Mailbox | Console | NoServer = NoServer() if has_no_mail(settings) else Console()
        if server:
            self.mail = Mailbox(server, ca_file)

    def send(self, parcel: Parcel) -> None:
        """Send one message by the way of its channel; Failed unless it was taken."""
        (self.mail if parcel.channel is Channel.MAIL else self.robots).send(parcel)


def has_no_mail(settings: Mapping[str, Any]) -> bool:
    """Say whether mails can go nowhere: in production without a mail server."""
    return settings["MAIL_SERVER"] is None and settings["ENV_NAME"] == "production"
