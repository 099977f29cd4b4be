"""The forms of text in the files, and how a message describes each.

Every pattern is anchored, ASCII where digits or letters of codes are meant, and linear in every
regular-expression engine: no part can match the same text in two ways.
"""

import re

SLUG = r"^[a-z0-9][a-z0-9-]{1,62}$"
KEY = r"^[a-z0-9][a-z0-9._-]{0,62}$"
CODE = r"^[a-z][a-z0-9_]{0,30}$"
DOSSIER = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$"
CUSTOMER_CODE = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$"
VARIABLE = r"^[A-Za-z_][A-Za-z0-9_{}]{0,120}$"
VERSION = r"^[0-9]{1,5}(\.[0-9]{1,5}){0,4}$"
DAY = r"^[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
STORE = r"^[a-z][a-z0-9+]{0,30}://(?:[A-Za-z0-9._-]{1,60}@)?[^@]*$"
HOST = r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$"
MAILBOX = r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9][A-Za-z0-9.-]{0,188}$"
#: Numbers and signs of IPv4 and IPv6; what they come to is asked of the typed mirror.
NETWORK = r"^[0-9A-Fa-f.:]{2,45}(/[0-9]{1,3})?$"
#: Plain http is for trying out, on the same machine.
ORIGIN = r"^(https://[A-Za-z0-9][A-Za-z0-9.-]{0,150}|http://(127\.0\.0\.1|localhost))(:[0-9]{1,5})?$"
DOWNLOAD = r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,120}$"
SHA256 = r"^[0-9a-f]{64}$"
RELEASES = r"^(https://[^\s@<>\"`?#]{1,380}|[A-Za-z0-9._][A-Za-z0-9._/-]{0,380})$"

# Letters of every script with their marks: all but ASCII digits and signs, Latin-1 signs, and the
# blocks of general punctuation, symbols and full-width signs.
_NOT_IN_NAMES = (
    r"\u0000-\u001f!-&(-,/-@\[-`{-\u00bf\u00d7\u00f7"
    r"\u2000-\u200f\u2012-\u2018\u201a-\u2bff\u3000-\u3004\u3008-\u3020\u3030\ufe10-\ufe1f\ufe30-\ufe6f\uff01-\uff20"
)
NAME = rf"^[^{_NOT_IN_NAMES} '.\-][^{_NOT_IN_NAMES}]*$"

# No markup and no encoded word (=?), which some mail readers would decode.
TEXT = r"^[^<>`= ](?:[^<>`=]|=+[^<>`=?])*=*$"

#: What each pattern asks for, to follow "expected".
SAYS = {
    SLUG: "2 to 63 lower-case letters, digits and hyphens, a letter or digit first",
    KEY: "up to 63 lower-case letters, digits, points, hyphens and underscores, a letter or digit first",
    CODE: "up to 31 lower-case letters, digits and underscores, a letter first",
    DOSSIER: "up to 63 letters, digits, points, hyphens and underscores, a letter or digit first",
    CUSTOMER_CODE: "up to 32 letters, digits, points, hyphens and underscores, a letter or digit first",
    VARIABLE: "the name of an environment variable",
    VERSION: 'a version such as "12.1"',
    DAY: "a real day as YYYY-MM-DD",
    STORE: "an address such as sqlite:///store.db or postgresql://user@host/name, without a password",
    HOST: "the name of a server, such as smtp.morel.example",
    MAILBOX: "an address such as flex@morel.example",
    NETWORK: "a network such as 10.0.0.0/8 or fd00::/8, or an address of one machine",
    ORIGIN: "an address such as https://flex.morel.example, without path, user or password",
    DOWNLOAD: "the name of a file, such as compta-12.1.exe",
    SHA256: "64 small hexadecimal digits",
    RELEASES: "a folder beside the fleet file, or an address such as https://files.morel.example/flex",
    NAME: "letters, spaces, hyphens, apostrophes and points, a letter first",
    TEXT: "text without <, > or ` and without =?, no space first",
}


def respelt(text: str, pattern: str) -> str:
    """` Did you mean "ultra_flex"?` of a code or key that only its capitals, spaces or hyphens keep from being one."""
    if pattern not in (SLUG, KEY, CODE) or not text.isascii() or len(text) > 80:
        return ""
    lower = text.strip().lower()
    candidates = (lower, re.sub(r"[ -]+", "_", lower), re.sub(r"[ _]+", "-", lower))
    return next((f' Did you mean "{one}"?' for one in candidates if re.fullmatch(pattern, one)), "")
