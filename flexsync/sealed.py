"""Shared passwords of services, sealed: enough to tell whether one changed, useless to anybody who reads it.

In: a value that was read through its reference. Out: a salted scrypt text. It must not keep, log or
show the value.
"""

import base64
import hashlib
import hmac

_COST, _BLOCK, _LANES = 2**14, 8, 1


def seal(value: str, salt: bytes) -> str:
    """`scrypt$COST$BLOCK$LANES$SALT$HASH`, the last two in base 64; `salt` is 16 new random bytes."""
    return _sealed(value, salt, (_COST, _BLOCK, _LANES))


def matches(value: str, sealed: str) -> bool:
    """True when `sealed` was made from `value`; False of anything that is no seal."""
    try:
        _, cost, block, lanes, salt, _ = sealed.split("$")
        again = _sealed(value, base64.b64decode(salt), (int(cost), int(block), int(lanes)))
    except ValueError:
        return False
    return hmac.compare_digest(again, sealed)


def _sealed(value: str, salt: bytes, numbers: tuple[int, int, int]) -> str:
    cost, block, lanes = numbers
    made = hashlib.scrypt(value.encode(), salt=salt, n=cost, r=block, p=lanes, dklen=32)
    texts = (base64.b64encode(part).decode() for part in (salt, made))
    return "$".join(("scrypt", *map(str, numbers), *texts))
