"""Sending a message as mail through the office's server."""

import smtplib
import ssl
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from visits.core.i18n import N_
from visits.core.outside import MailServer, certificates
from visits.core.periods import SITE_ZONE
from visits.inbox.ways.parcels import Failed, Parcel, cut_off

SECONDS, SECONDS_IN_ALL = 20, 60
PERMANENT = 500

NO_ANSWER = N_("The mail server does not answer.")
NO_LOGIN = N_("The mail server does not accept the program's user and password.")
NO_TLS = N_("The mail server cannot prove who it is, or speaks no TLS.")
BAD_ADDRESS = N_("The mail server does not know this address.")
BUSY = N_("The mail server does not take the message at present.")
UNWANTED = N_("The mail server refuses the message.")
NO_SENDER = N_("The mail server does not take mail from the address of the program.")


def composed(parcel: Parcel, sender: Address) -> EmailMessage:
    """The mail, the same at every try; what would break out of a header cannot be written into one."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = Address(addr_spec=parcel.address)
    message["Subject"] = " ".join(parcel.subject.split())
    message["Date"] = format_datetime(parcel.written_at.astimezone(SITE_ZONE))
    message["Message-ID"] = f"<{parcel.message_id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(parcel.text)
    if parcel.html:
        message.add_alternative(parcel.html, subtype="html")
    return message


class Mailbox:
    """The office's mail server as a way of sending."""

    def __init__(self, server: MailServer, ca_file: str = "") -> None:
        self.server, self.certificates = server, certificates(ca_file)

    def send(self, parcel: Parcel) -> None:
        """Hand one mail over; Failed unless the server has taken it."""
        try:
            message = composed(parcel, self.server.sender)
        except (ValueError, IndexError, HeaderParseError) as error:
            raise Failed(BAD_ADDRESS, is_final=True) from error
        try:
            self._hand_over(message)
        except (OSError, smtplib.SMTPException) as error:
            raise judged(error) from error

    def _hand_over(self, message: EmailMessage) -> None:
        server, domain = self.server, self.server.sender.domain
        if server.security == "tls":
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                local_hostname=domain, timeout=SECONDS, context=self.certificates
            )
        else:
            client = smtplib.SMTP(local_hostname=domain, timeout=SECONDS)
        with cut_off(SECONDS_IN_ALL, lambda: client.sock):
            try:
                client._host = server.host  # type: ignore[attr-defined] # whom the certificate must name
                client.connect(server.host, server.port)
                if server.security == "starttls":
                    client.starttls(context=self.certificates)
                if server.user:
                    client.login(server.user, server.password)
                client.send_message(message)
            finally:
                client.close()  # without QUIT: whether the server says goodbye changes nothing


def judged(error: Exception) -> Failed:
    """What an answer of the server means: only what it says of address and message for good is final."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()))[0]
        return Failed(BAD_ADDRESS, code, is_final=True) if code >= PERMANENT else Failed(BUSY, code)
    if isinstance(error, smtplib.SMTPDataError):
        code = error.smtp_code
        return Failed(UNWANTED, code, is_final=True) if code >= PERMANENT else Failed(BUSY, code)
    if isinstance(error, smtplib.SMTPResponseException):
        said = {smtplib.SMTPSenderRefused: NO_SENDER, smtplib.SMTPAuthenticationError: NO_LOGIN}
        return Failed(said.get(type(error), BUSY), error.smtp_code)
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return Failed(NO_ANSWER)
    return Failed(NO_TLS if isinstance(error, smtplib.SMTPNotSupportedError | ssl.SSLError) else NO_ANSWER)
