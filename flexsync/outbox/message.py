"""A Letter as the bytes of one mail, read back before anybody sends them.

In: a Letter, the sender, the link. Out: bytes with CRLF line ends, as they go to the wire. It must send nothing.
"""

import hashlib
import re
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import Parser
from email.utils import format_datetime
from typing import Any

from flexsync.address import domain_of, email_key, wire_form
from flexsync.catalogue import Catalogue
from flexsync.clock import PARIS
from flexsync.errors import FlexsyncError
from flexsync.outbox.letter import Letter, Links
from flexsync.outbox.page import Texts, page
from flexsync.text import is_unsafe, shorten

_URL = re.compile(r"https?://[A-Za-z0-9._~:/?#&=%+\[\]-]{1,2000}")
_ATOM = r'[^\s,;:<>()\[\]"\\@.]+'
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._-]{1,100}@[A-Za-z0-9._-]{1,200}>")

Headers = dict[str, str | Address]


class UnsafeMail(FlexsyncError):
    """A mail that would say something else on the wire than was meant; it must not be sent."""


def stable_id(store_id: str, run: str, recipient: str, sender: str) -> str:
    """The Message-ID of the one mail of a run to a recipient: the same whenever it is made again."""
    name = hashlib.blake2b("\0".join((store_id, run, email_key(recipient))).encode(), digest_size=16).hexdigest()
    return f"<{name}@{domain_of(sender)}>"


def message(
    letter: Letter,
    catalogue: Catalogue,
    links: Links,
    *,
    sender: str,
    message_id: str,
    at: datetime,
    sender_name: str = "",
) -> bytes:
    """The mail of `letter`, for one recipient.

    Raises UnsafeMail when a field could be read as something else, or when the bytes do not read back as what was
    written.
    """
    _refuse_odd_links(links, message_id)
    texts = page(letter, catalogue, links)
    headers = _headers(letter, texts, sender, sender_name)
    headers |= {"Date": format_datetime(at.astimezone(PARIS)), "Message-ID": message_id}
    content = _bytes(headers, texts, letter.language)
    _read_back(content, {**headers, "Content-Language": letter.language}, texts)
    return content


def _headers(letter: Letter, texts: Texts, sender: str, sender_name: str) -> Headers:
    """In the order in which they are written. The recipient's name is left out: nobody has to trust it."""
    return {
        "From": _address(sender, _plain("sender's name", sender_name)),
        "To": _address(letter.recipient),
        "Subject": _plain("subject", texts.subject),
        # Holiday notices and other robots need not answer (RFC 3834, and what Exchange looks at).
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }


def _plain(what: str, text: str) -> str:
    if "=?" in text or any(is_unsafe(char) for char in text):
        raise UnsafeMail(f'The {what} "{shorten(text)}" could be read as something else; write plain text.')
    return text


def _address(email: str, name: str = "") -> Address:
    local, _, domain = wire_form(_plain("address", email)).rpartition("@")
    if not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise UnsafeMail(f'"{shorten(email)}" is not one plain address.')
    return Address(name, username=local, domain=domain)


def _refuse_odd_links(links: Links, message_id: str) -> None:
    if links.portal and not _URL.fullmatch(links.portal):
        raise UnsafeMail(f'"{shorten(links.portal)}" is not an address that a mail can carry.')
    if links.link and not _URL.fullmatch(links.link):
        # It is a secret: what is said here is kept.
        raise UnsafeMail("The link is not an address that a mail can carry.")
    if not _MESSAGE_ID.fullmatch(message_id):
        raise UnsafeMail(f'"{shorten(message_id)}" is not a Message-ID.')


def _policy(headers: Headers) -> "policy.EmailPolicy[EmailMessage]":
    """An address with letters beyond ASCII goes out as it is, to servers that take it (RFC 6532)."""
    to = headers["To"]
    return policy.SMTP.clone(utf8=isinstance(to, Address) and not to.addr_spec.isascii())


def _bytes(headers: Headers, texts: Texts, language: str) -> bytes:
    mail = EmailMessage(policy=_policy(headers))
    for name, value in headers.items():
        mail[name] = value
    mail.set_content(texts.text, cte="quoted-printable")
    mail.add_alternative(texts.html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = language  # only now, or it would go to the first part
    # Not by chance, so that a mail made again is the same mail.
    mail.set_boundary("=_" + hashlib.blake2b(str(headers["Message-ID"]).encode(), digest_size=16).hexdigest())
    return mail.as_bytes()


def _read_back(content: bytes, headers: Headers, texts: Texts) -> None:
    """Raise UnsafeMail unless a reader finds in `content` what was written, and nothing else."""
    mail = Parser(EmailMessage, policy=_policy(headers)).parsestr(content.decode())
    found = [(name, _value(value)) for name, value in mail.items() if name not in ("MIME-Version", "Content-Type")]
    written = [(name, _value(value)) for name, value in headers.items()]
    bodies = [(part.get_content_type(), _lines(part.get_content())) for part in mail.iter_parts()]
    wanted = [("text/plain", _lines(texts.text)), ("text/html", _lines(texts.html))]
    bare = content.replace(b"\r\n", b"")
    if found != written or bodies != wanted or b"\r" in bare or b"\n" in bare or mail.defects:
        raise UnsafeMail(f"The mail to {shorten(str(headers['To']))} does not read back as it was written.")


def _value(field: Any) -> str | list[str]:
    """The addresses and names of a field of addresses, the text of another.

    Spaces of names are left out: the reader adds one where a long name was folded.
    """
    addresses = [field] if isinstance(field, Address) else getattr(field, "addresses", None)
    if addresses is None:
        return str(field)
    return [text for one in addresses for text in (one.addr_spec, one.display_name.replace(" ", ""))]


def _lines(text: str) -> list[str]:
    return text.rstrip("\n").splitlines()
