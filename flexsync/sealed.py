"""Shared passwords of services, sealed: enough to tell that one changed, too little to find it out.

In: a value that was read through its reference. Out: a salted checksum of 16 bits. Whoever steals the
store learns nothing they could try passwords against: one in 65,536 fits. The price is that one change
in as many goes unnoticed. It must not keep, log or show the value.
"""

import hashlib


def seal(value: str, salt: bytes) -> str:
    """`SALT$CHECKSUM` in hexadecimal digits; `salt` is 16 random bytes."""
    return f"{salt.hex()}${_checksum(value, salt)}"


def matches(value: str, sealed: str) -> bool:
    """True when `sealed` was made from `value`, False of anything that is no seal."""
    salt, _, checksum = sealed.partition("$")
    try:
        return _checksum(value, bytes.fromhex(salt)) == checksum
    except ValueError:
        return False


def _checksum(value: str, salt: bytes) -> str:
    return hashlib.blake2b(value.encode(), digest_size=2, salt=salt).hexdigest()
