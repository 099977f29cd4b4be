"""Which files may speak of a name, of a roster or of somebody, found out without parsing them.

In: names, rosters, addresses, and files to look through. Out: the files that have to be parsed to be sure.
It may name too many files; it must never leave one out, so a file with a backslash, which can spell
anything, always counts.
"""

import re
from collections.abc import Iterable, Iterator

from flexsync.address import email_key
from flexsync.desired.source import Source
from flexsync.errors import InvalidFiles

_WORD = re.compile(rb"[a-z0-9][a-z0-9-]*")
_ROSTER = b"users_table"
#: The end of an address, from the last letter on that quotes cannot alter; what a domain is made of is left open.
_ADDRESS = re.compile(r"[\w.+-]*@[^\s\"'<>()\[\]{},;:|]+")


class Mentions:
    """Looks for `names` of subscriptions and for `rosters`; rosters None means any."""

    def __init__(self, names: Iterable[str], rosters: Iterable[str] | None) -> None:
        self._names = frozenset(name.encode() for name in names)
        self._rosters = None if rosters is None else tuple(path.encode("utf-8", "surrogateescape") for path in rosters)

    def among(self, paths: Iterable[str], source: Source) -> Iterator[str]:
        """Those of `paths` that may mention what is looked for; what cannot be read mentions nothing."""
        if self._names or self._rosters != ():
            yield from (path for path, content in _contents(paths, source) if self._may_mention(content))

    def _may_mention(self, content: bytes) -> bool:
        if b"\\" in content:
            return True
        if _ROSTER in content and self._names_roster(content):
            return True
        return bool(self._names) and not self._names.isdisjoint(_WORD.findall(content))

    def _names_roster(self, content: bytes) -> bool:
        """True when one of the rosters is named; one with a space may be folded over two lines."""
        return self._rosters is None or any(b" " in path or path in content for path in self._rosters)


class Addresses:
    """Looks for people by the keys of their addresses; rosters are not looked into, so a file that names one counts."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._ends = frozenset(end for key in keys for end in _ends(key))

    def among(self, paths: Iterable[str], source: Source) -> Iterator[str]:
        """Those of `paths` that may mention one of them; what cannot be read mentions nobody."""
        if self._ends:
            yield from (path for path, content in _contents(paths, source) if self._may_mention(content))

    def _may_mention(self, content: bytes) -> bool:
        if b"\\" in content or _ROSTER in content:
            return True
        return not self._ends.isdisjoint(_ends(content.decode(errors="replace")))


def _ends(text: str) -> Iterator[str]:
    return (email_key(end) for end in _ADDRESS.findall(text))


def _contents(paths: Iterable[str], source: Source) -> Iterator[tuple[str, bytes]]:
    for path in paths:
        try:
            yield path, source.read(path)
        except InvalidFiles:
            continue
