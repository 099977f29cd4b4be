"""E-mail addresses: how they are compared, and which ones are refused.

In: an address as written. Out: its key, its skeleton, or what is wrong with it. It must never ask
the network, and it must stay cheap for plain ASCII addresses, which are nearly all of them.
"""

import re
import unicodedata

from flexsync.text import is_unsafe, shorten

#: `email-lookalike` is about letters that pass for others, `email` about everything else.
Trouble = tuple[str, str]

_ADVICE = "Write one plain address, such as anne@dupont.fr."
_WORD = r"[A-Za-z0-9_+'-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN = re.compile(rf"({_WORD}(?:\.{_WORD})*)@(?:{_LABEL}\.)+[A-Za-z]{{2,63}}")
#: Top-level names under which no mail is ever delivered. example and test are fine: guides use them.
_UNREACHABLE = (".arpa", ".invalid", ".local", ".localhost", ".onion")

#: Case-folded letters of other alphabets that readers take for these Latin ones.
_LATIN_TWINS = str.maketrans(
    "аеорсухіїјѕһԁԛԝӏꙇ" + "οανιρυκχϲ" + "օոսհցզ" + "ıɑɡɩʟ",
    "aeopcyxiijshdqwli" + "oavipukxc" + "onuhgq" + "iagil",
)
#: Scripts that one language writes side by side.
_TOGETHER = (
    {"LATIN", "CJK", "HIRAGANA", "KATAKANA"},
    {"LATIN", "CJK", "HANGUL"},
    {"LATIN", "CJK", "BOPOMOFO"},
)
_AT_TWINS = "\uff20\ufe6b"
_IDEOGRAPHIC_STOP = "\u3002"


def email_key(email: str) -> str:
    """The account key: two addresses with one key are one login.

    Case, composed or decomposed accents, and the two spellings of an international domain do not
    count. Any text has a key, a wrong address too; the key of a key is itself.
    """
    if email.isascii():
        return email.lower()
    local, at, domain = email.rpartition("@")
    return _fold(local) + at + _ascii_domain(domain)


def skeleton(email: str) -> str:
    """What a reader sees: addresses with one skeleton pass for each other.

    Only to be compared with other skeletons; it is no address. Accents count, they can be seen.
    """
    key = email_key(email)
    if key.isascii() and "xn--" not in key:
        return key
    local, at, domain = key.rpartition("@")
    seen = unicodedata.normalize("NFKC", local + at + _shown_domain(domain))
    return _fold(seen).translate(_LATIN_TWINS)


def domain_of(email: str) -> str:
    """The domain of an address as it is compared: lower case, in its ASCII form."""
    return email_key(email).rpartition("@")[2]


def wire_form(email: str) -> str:
    """An address as mail servers know it: its domain in lower case and ASCII."""
    return f"{email.rpartition('@')[0]}@{domain_of(email)}"


def email_problem(email: str) -> Trouble | None:
    """Why `email` is not one plain address, as code and message without its path; None when it is.

    The local part is ASCII in this release, the domain may be international. Nothing is looked up.
    """
    if _is_plain(email):
        return None
    for check in _CHECKS:
        found = check(email)
        if found:
            return found
    return None


def _is_plain(email: str) -> bool:
    """The quick yes; a no only means that the checks have to look."""
    if len(email) > 254 or "--" in email:
        return False
    match = _PLAIN.fullmatch(email)
    return match is not None and match.end(1) <= 64 and not email.lower().endswith(_UNREACHABLE)


def _forbidden(email: str) -> Trouble | None:
    """Characters that no address in a mail header may have."""
    for char in email:
        if char in "\r\n\x85\u2028\u2029":
            return "email", f'"{shorten(email)}" holds a line break, {_code(char)}. {_ADVICE}'
        if is_unsafe(char):
            return "email", f'"{shorten(email)}" holds the invisible character {_code(char)}. Remove it.'
        if char in _AT_TWINS:
            return "email-lookalike", f'"{shorten(email)}" has {_named(char)} in place of @. Type a plain @.'
    return None


def _shape(email: str) -> Trouble | None:
    """More, or less, than one bare address."""
    reason = next((reason for mark, reason in _MARKS if mark in email), "")
    if not reason and any(char.isspace() for char in email):
        reason = "holds a space"
    if not reason and email.count("@") != 1:
        reason = "has more than one @" if "@" in email else "has no @"
    return ("email", f'"{shorten(email)}" {reason}. {_ADVICE}') if reason else None


_MARKS = (
    ("=?", "holds =?, which mail programs decode"),
    (",", "is a list of addresses"),
    (";", "is a list of addresses"),
    ("<", "carries a display name"),
    (">", "carries a display name"),
    ('"', "is quoted"),
    ("(", "holds a comment"),
    (")", "holds a comment"),
    ("[", "names an IP address instead of a domain"),
    ("]", "names an IP address instead of a domain"),
    ("\\", "holds a backslash"),
)


def _parts(email: str) -> Trouble | None:
    """Lengths and dots, on both sides of the @."""
    local, _, domain = email.partition("@")
    reason = ""
    if not local or not domain:
        reason = "has nothing before the @" if domain else "has nothing after the @"
    elif len(local) > 64:
        reason = f"has {len(local)} characters before the @; at most 64 are allowed"
    elif any(not part for part in (*local.split("."), *domain.split("."))):
        reason = "has a dot too many"
    elif "." not in domain.replace(_IDEOGRAPHIC_STOP, "."):
        reason = "has no top-level domain after the @"
    return ("email", f'"{shorten(email)}" {reason}. {_ADVICE}') if reason else None


def _local_letters(email: str) -> Trouble | None:
    local = email.partition("@")[0]
    if local.isascii():
        return None
    char = next(char for char in local if not char.isascii())
    if _mixed(local) or _looks_latin(local):
        return "email-lookalike", _twin(email, char, "before the @")
    return "email", f'"{shorten(email)}" has {_named(char)} before the @. This release takes plain ASCII letters there.'


def _domain_letters(email: str) -> Trouble | None:
    """Letters that make one domain pass for another, written out or hidden in the xn-- form."""
    domain = email.partition("@")[2]
    for char in domain:
        if not char.isascii() and (char == _IDEOGRAPHIC_STOP or unicodedata.normalize("NFKC", char) != char):
            return "email-lookalike", f'"{shorten(email)}" has {_named(char)} in the domain. Type the plain letter.'
    shown = unicodedata.normalize("NFC", _shown_domain(domain))
    labels = shown.split(".")
    for label in labels:
        if _mixed(label) or (_looks_latin(label) and labels[-1].isascii()):
            char = next(char for char in label if not char.isascii() and char.isalpha() and _script(char) != "LATIN")
            return "email-lookalike", _twin(email, char, f'in the domain, "{shorten(shown)}"')
    return None


def _syntax(email: str) -> Trouble | None:
    """The last word belongs to email-validator."""
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(email, check_deliverability=False, test_environment=True, strict=True)
    except EmailNotValidError as error:
        return "email", f'"{shorten(email)}" is not an e-mail address: {str(error).rstrip(".")}. {_ADVICE}'
    return None


_CHECKS = (_forbidden, _shape, _parts, _local_letters, _domain_letters, _syntax)


def _fold(text: str) -> str:
    """Caseless form as Unicode defines it, composed again."""
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", decomposed.casefold())


def _ascii_domain(domain: str) -> str:
    return domain.lower() if domain.isascii() else _both_domains(domain)[0]


def _shown_domain(domain: str) -> str:
    """The domain in its own letters; as it is when it has no such form."""
    return domain if domain.isascii() and "xn--" not in domain.lower() else _both_domains(domain)[1]


def _both_domains(domain: str) -> tuple[str, str]:
    """A domain in ASCII and in its own letters; folded text when it is no domain."""
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(f"x@{domain}", check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return _fold(domain), _fold(domain)
    return found.ascii_domain.lower(), found.domain


def _mixed(word: str) -> bool:
    """True when letters of scripts that no language writes together meet in one word."""
    scripts = {_script(char) for char in word if char.isalpha()}
    return len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER)


def _looks_latin(word: str) -> bool:
    """True when a word without one Latin letter reads like a Latin one."""
    letters = [char for char in word.casefold() if char.isalpha()]
    foreign = bool(letters) and not any(_script(char) == "LATIN" for char in letters)
    return foreign and "".join(letters).translate(_LATIN_TWINS).isascii()


def _script(letter: str) -> str:
    """The script of a letter, which is the first word of its Unicode name."""
    return unicodedata.name(letter, "UNKNOWN").split(" ")[0].split("-")[0]


def _twin(email: str, char: str, place: str) -> str:
    return f'"{shorten(email)}" has the look-alike letter {_named(char)} {place}. Type the plain letter.'


def _named(char: str) -> str:
    return f'"{char}" ({_code(char)} {unicodedata.name(char, "unnamed")})'


def _code(char: str) -> str:
    return f"U+{ord(char):04X}"
