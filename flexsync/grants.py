"""Offline grants: the signed permission to start a product without Internet, for one workstation, until a day.

In: a Grant and the signing key, or a text and the public key. Out: the text `CONTENT.SIGNATURE`, or the Grant
again. Content is the Grant as JSON, both parts are base64 without padding (RFC 4648, section 5). It holds no
secret: whoever reads it learns who may use what until when.
"""

import base64
import binascii
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flexsync.errors import FlexsyncError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

#: What is signed begins with this, so that a signature made for something else is none of a grant.
_CONTEXT = b"flexsync grant 1\n"
_LONGEST = 4096


class BadGrant(FlexsyncError):
    """Not a grant, or not one of this portal, or altered."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Holds from `issued_at` to before `expires_at`; `account` is the login in the form that is compared."""

    subscription: str
    product: str
    account: str
    workstation: str
    issued_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Launching:
    """Somebody who starts a product on a workstation."""

    product: str
    account: str
    workstation: str


def signed(grant: Grant, key: "Ed25519PrivateKey") -> str:
    """The text of a grant."""
    plain = {**asdict(grant), "issued_at": grant.issued_at.isoformat(), "expires_at": grant.expires_at.isoformat()}
    content = json.dumps(plain, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()
    return f"{encoded(content)}.{encoded(key.sign(_CONTEXT + content))}"


def opened(text: str, key: "Ed25519PublicKey") -> Grant:
    """The grant that `signed` wrote. Raises BadGrant when a single character is another one."""
    from cryptography.exceptions import InvalidSignature

    content, signature = (decoded(part) for part in _parts(text))
    try:
        key.verify(signature, _CONTEXT + content)
        plain = json.loads(content)
        times = {name: datetime.fromisoformat(plain[name]) for name in ("issued_at", "expires_at")}
        return Grant(**{**plain, **times})
    except (InvalidSignature, ValueError, TypeError, KeyError):
        raise BadGrant("The grant is damaged, or another portal made it. Launch once with Internet.") from None


def refusal(grant: Grant, launching: Launching, now: datetime) -> str:
    """Why `grant` does not allow a launch, in words; empty when it does."""
    if (grant.product, grant.account) != (launching.product, launching.account):
        return "The grant is for another product or another person. Launch once with Internet."
    if grant.workstation != launching.workstation:
        return "The grant is for another workstation. The first launch on each needs Internet."
    if now < grant.issued_at:
        return "The clock of this workstation is behind. Set it, or launch with Internet."
    if now >= grant.expires_at:
        return "The grant has expired. Launch once with Internet."
    return ""


def public_key(text: str) -> "Ed25519PublicKey":
    """The key of its text. Raises BadGrant."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        return Ed25519PublicKey.from_public_bytes(decoded(text))
    except ValueError:
        raise BadGrant("This is not the public key of a portal.") from None


def public_text(key: "Ed25519PrivateKey") -> str:
    """The public half of a key, 43 characters."""
    return encoded(key.public_key().public_bytes_raw())


def encoded(content: bytes) -> str:
    """Base64 for addresses and files, without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """What `encoded` was given. Raises BadGrant of any other spelling of the same bytes."""
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if encoded(content) != text:
        raise BadGrant("The grant is damaged. Launch once with Internet.")
    return content


def _parts(text: str) -> tuple[str, str]:
    content, point, signature = text.partition(".")
    if not point or len(text) > _LONGEST:
        raise BadGrant("This is not a grant. Launch once with Internet.")
    return content, signature
