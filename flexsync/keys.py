"""The key of the portal, and what hangs on it: links, shared passwords, offline grants.

In: the master secret, read by reference or from the file beside a SQLite store. Out: tokens and ciphers, each
under a subkey of its own. The store never holds the key, so that a stolen backup opens nothing.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.fernet import Fernet
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_LINK, _SECRET, _GRANT, _SUBJECT = "link", "service secret", "offline grant", "attempt"


@dataclass(frozen=True, slots=True)
class Keys:
    """Subkeys of one master secret; another one opens nothing of it (see `flexsync.acts.rekeying`)."""

    master: bytes = field(repr=False)

    def token(self, *parts: str) -> str:
        """The secret part of a link: 43 characters, 256 bits; the same for the same `parts`.

        A mail that is sent twice after a crash so carries one link.
        """
        return base64.urlsafe_b64encode(self._mac(_LINK, *parts)).rstrip(b"=").decode()

    def subject(self, *parts: str) -> str:
        """A name under which attempts of an account or address are counted, without naming either."""
        return self._mac(_SUBJECT, *parts).hex()[:32]

    def fernet(self) -> "Fernet":
        """The cipher of shared passwords."""
        from cryptography.fernet import Fernet

        return Fernet(base64.urlsafe_b64encode(self._mac(_SECRET)))

    def signer(self) -> "Ed25519PrivateKey":
        """The key that signs offline grants; the desktop software knows its public half."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self._mac(_GRANT))

    def _mac(self, purpose: str, *parts: str) -> bytes:
        text = "\x00".join(part.replace("\x00", "") for part in (purpose, *parts))
        return hmac.new(self.master, text.encode(), hashlib.sha256).digest()


def hashed(token: str) -> str:
    """What the store keeps of a token or cookie: enough to know it again, too little to use it."""
    return hashlib.sha256(token.encode()).hexdigest()
