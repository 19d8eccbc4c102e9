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
READY, PERMANENT = 220, 500
SIGN_IN_WANTED = 530
NOT_THIS_WAY = frozenset({504, 534, 538})  # of signing in: another may do
OUR_WAYS = ("PLAIN", "LOGIN", "CRAM-MD5")

NO_ANSWER = N_("The mail server does not answer.")
NO_LOGIN = N_("The mail server does not accept the program's user and password.")
NO_WAY_IN = N_("The mail server offers no way of signing in that the program knows.")
SIGN_IN = N_("The mail server wants the program to sign in: its settings need a user and password.")
NO_TLS = N_("The mail server offers no encryption of the kind named in the settings, so nothing was sent.")
NO_PROOF = N_("The mail server's certificate does not prove that it is the one named in the settings.")
BAD_ADDRESS = N_("The mail server does not know this address.")
BUSY = N_("The mail server does not take the message at present.")
UNWANTED = N_("The mail server refuses the message.")
NOT_FORWARDED = N_("The mail server forwards no mail of the program to this address.")
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
                code, said = client.connect(server.host, server.port)
                if code != READY:
                    raise smtplib.SMTPConnectError(code, said)
                if server.security == "starttls":
                    client.starttls(context=self.certificates)
                if server.user:
                    sign_in(client, server.user, server.password)
                client.send_message(message)
            finally:
                client.close()  # without QUIT: whether the server says goodbye changes nothing


def sign_in(client: smtplib.SMTP, user: str, password: str) -> None:
    """Sign in by a way the server offers; no password is tried twice, which would lock the account."""
    client.ehlo_or_helo_if_needed()
    client.user, client.password = user, password
    offered = client.esmtp_features.get("auth", "").upper().split()
    refusal: Exception = NoWayIn()
    for way in (way for way in OUR_WAYS if way in offered):
        try:
            client.auth(way, getattr(client, f"auth_{way.lower().replace('-', '_')}"))
            return
        except smtplib.SMTPAuthenticationError as error:
            refusal = error
            if error.smtp_code not in NOT_THIS_WAY:
                break
    raise refusal


class NoWayIn(smtplib.SMTPException):
    """The server lets nobody sign in, or by no way of ours."""


def judged(error: Exception) -> Failed:
    """What an answer of the server means: only what it says of address and message for good is final."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return judged_address(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPResponseException):
        return judged_answer(error, error.smtp_code)
    if isinstance(error, NoWayIn):
        return Failed(NO_WAY_IN, is_general=True)
    if isinstance(error, ssl.SSLCertVerificationError):
        return Failed(NO_PROOF, is_general=True)
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return Failed(NO_ANSWER)
    if isinstance(error, smtplib.SMTPNotSupportedError | ssl.SSLError):
        return Failed(NO_TLS, is_general=True)
    return Failed(NO_ANSWER)


def judged_address(code: int, said: bytes) -> Failed:
    """What a no to an address means: one by a rule (5.7) is no word on whether there is such an address."""
    if code == SIGN_IN_WANTED:
        return Failed(SIGN_IN, code, is_general=True)
    if code < PERMANENT:
        return Failed(BUSY, code)
    return (
        Failed(NOT_FORWARDED, code)
        if said.startswith(b"5.7.")
        else Failed(BAD_ADDRESS, code, is_final=True)
    )


def judged_answer(error: Exception, code: int) -> Failed:
    """What another answer of the server means."""
    if code == SIGN_IN_WANTED:
        return Failed(SIGN_IN, code, is_general=True)
    if isinstance(error, smtplib.SMTPAuthenticationError) and code >= PERMANENT:
        return Failed(NO_LOGIN, code, is_general=True)
    if isinstance(error, smtplib.SMTPDataError) and code >= PERMANENT:
        return Failed(UNWANTED, code, is_final=True)
    return Failed(NO_SENDER if isinstance(error, smtplib.SMTPSenderRefused) else BUSY, code)
