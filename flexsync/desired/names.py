"""What the name of a person may be made of.

In: a given or family name as written. Out: what is wrong with it, or None. Names end in mails and
lists, so nothing that a mail program, a browser or a terminal could act on gets through; apart from
that a name is taken as it is, case and accents untouched.
"""

import re
import unicodedata

from flexsync.text import is_unsafe, shorten

_LONGEST = 80
_PLAIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿŒœŸ]+(?:[ '’-][A-Za-zÀ-ÖØ-öø-ÿŒœŸ]+)*")
_ALLOWED = "letters, spaces, hyphens, apostrophes and points"
_MARKS_IN_A_ROW = 3
#: Letters by category that show nothing.
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0"
_LINK = re.compile(r"https?:|www\.|://|[^\W_]\.[^\W_]{2,}", re.IGNORECASE)


def name_problem(name: str) -> str | None:
    """Why `name` cannot be a given or family name, without its path; None when it can."""
    if len(name) <= _LONGEST and _PLAIN.fullmatch(name):
        return None
    if len(name) > _LONGEST:
        return f'"{shorten(name)}" has {len(name)} characters; at most {_LONGEST} are allowed.'
    if not name.strip():
        return f"a name needs at least one letter; only {_ALLOWED} are allowed."
    if name != name.strip():
        return f'"{shorten(name)}" starts or ends with a space. Remove it.'
    return _character_problem(name) or _text_problem(name)


def _character_problem(name: str) -> str | None:
    if "=?" in name:
        return f'"{shorten(name)}" holds =?, which mail programs decode. Only {_ALLOWED} are allowed.'
    if _LINK.search(name):
        return f'"{shorten(name)}" looks like a link. A name has a space after a point; only {_ALLOWED} are allowed.'
    odd = next((char for char in name if not _is_allowed(char)), "")
    if odd:
        shown = f"U+{ord(odd):04X}" if is_unsafe(odd) or not odd.isascii() else f'"{odd}"'
        return f'"{shorten(name)}" holds the character {shown}; only {_ALLOWED} are allowed.'
    return None


def _text_problem(name: str) -> str | None:
    """Allowed characters put together in a way no name is."""
    if not any(char.isalpha() for char in name):
        return f'"{shorten(name)}" has no letter; only {_ALLOWED} are allowed.'
    marks = "".join("m" if unicodedata.category(char)[0] == "M" else "-" for char in name)
    if "m" * (_MARKS_IN_A_ROW + 1) in marks or marks.startswith("m"):
        return f'"{shorten(name)}" piles up accents. At most {_MARKS_IN_A_ROW} marks may follow a letter.'
    directions = {unicodedata.bidirectional(char) for char in name if char.isalpha()}
    if "L" in directions and directions & {"R", "AL"}:
        return f'"{shorten(name)}" mixes letters written from left and from right, so it reads differently.'
    return None


def _is_allowed(char: str) -> bool:
    return char in " -'’." or (unicodedata.category(char)[0] in "LM" and char not in _BLANK_LETTERS)
