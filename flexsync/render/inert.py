"""Untrusted text as Markdown that stays text, wherever it is pasted.

In: any text. Out: one line of Markdown that a parser reads back as that text, with nothing in it that a
host would turn into a link, a mention, a reference, a picture or markup. Hosts look for mentions and
references after parsing, in the text itself; only an invisible break inside them, or code, stops that.
"""

import re

from flexsync.text import shorten

#: An invisible break, as a reference so that the source shows it.
_BREAK = "&#8203;"
_SAFE = frozenset(",.()'\"/?;:+=-")
_TRIGGERS = frozenset("@#!~%$&^:{[*")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_LINKS = re.compile(r"\b(?:www|gh)(?=[.-])|/(?=/)", re.IGNORECASE)
_BEGINNING = re.compile(r"\d+[.)]|[-+=]")
_LONGEST = 300


def prose(text: str) -> str:
    """`text` to stand in a sentence, cut to 300 characters."""
    shown = shorten(text.strip(), _LONGEST)
    marked = _LINKS.sub(lambda match: match[0] + "\u200b", shown)
    escaped = _PUNCTUATION.sub(lambda match: _escape(match, marked), marked)
    return _first_as_reference(escaped.replace("\u200b", _BREAK))


def code(text: str) -> str:
    """`text` as a code span, in which hosts interpret nothing; empty for no text."""
    shown = shorten(text.strip(), _LONGEST)
    if not shown:
        return ""
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    pad = " " if "`" in (shown[0], shown[-1]) else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def marker(key: str = "") -> str:
    """The hidden comment by which a commenting script finds its comment again, one for each `key`."""
    name = re.sub(r"[^A-Za-z0-9._]", lambda match: f"%{ord(match[0]):x}", shorten(key, 100))
    return f"<!-- flexsync {name} -->" if name else "<!-- flexsync -->"


def _escape(match: "re.Match[str]", text: str) -> str:
    char = match[0]
    shown = char if char in _SAFE else f"&#{ord(char)};"
    alone = text[match.end() : match.end() + 1] == " "
    return shown + _BREAK if char in _TRIGGERS and not alone else shown


def _first_as_reference(text: str) -> str:
    """`text` that cannot begin a list, a heading or a rule, should it ever stand first on a line."""
    if not _BEGINNING.match(text):
        return text
    return f"&#{ord(text[0])};{text[1:]}"
