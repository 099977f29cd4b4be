"""YAML events to plain data, refusing what a subscription file has no use for.

In: a function that gives the next event. Out: data, one mark a node (see `places`), and findings
in the order of the file. A refused entry leaves nothing behind, so that reading goes on and finds
the next mistake. It must not recurse deeper than MAX_DEPTH.
"""

from itertools import takewhile
from typing import Any, NoReturn
from unicodedata import normalize

from ruamel.yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from flexsync.desired import places
from flexsync.desired.lines import MAX_PROBLEMS, Finding, Lines
from flexsync.desired.scalars import (
    MAX_KEY,
    MERGE_KEY,
    MOST_DIGITS,
    SPECIAL_STARTS,
    DoubtfulNumber,
    character,
    is_clean,
    is_forbidden,
    plain,
    sound_key,
)
from flexsync.desired.yaml_errors import SECOND_DOCUMENT
from flexsync.desired.yaml_events import NextEvent
from flexsync.text import shorten

MAX_DEPTH = 16
MAX_NODES = 200_000
MAX_SCALAR = 4_096

_NO_ANCHORS = "anchors and aliases are not allowed; write the value out."
_NO_MERGE = "the merge key << is not allowed; write the values out, or use profiles."


class Stop(Exception):
    """What follows cannot, or need not, be read."""


class YamlReader:
    """Reads the one document of a file."""

    def __init__(self, next_event: NextEvent, lines: Lines) -> None:
        self._next = next_event
        self._lines = lines
        self._depth = 0
        self._careful = "&" in lines.text or "!" in lines.text or "\\" in lines.text
        self.marks: list[int] = []
        self.findings: list[Finding] = []

    def document(self) -> Any:
        """The top-level mapping; raises Stop, or the parser's error."""
        self._next()
        if self._next().__class__ is StreamEndEvent:
            self._stop("not-a-mapping", "expected a mapping (key: value); found an empty file.", 0)
        event = self._next()
        if event.__class__ is not MappingStartEvent:
            self._stop("not-a-mapping", f"expected a mapping (key: value); found {_kind(event)}.", 0)
        data = self._value(event)
        self._next()
        event = self._next()
        if event.__class__ is not StreamEndEvent:
            self._stop("second-document", SECOND_DOCUMENT, event.start_mark.index)
        return data

    def _value(self, event: Any) -> Any:
        kind = event.__class__
        self.marks.append(event.start_mark.index)
        if kind is ScalarEvent:
            return self._scalar(event)
        if kind is AliasEvent:
            self._refuse("alias", _NO_ANCHORS, event)
            return None
        if self._careful:
            self._refuse_properties(event)
        return self._collection(event)

    def _collection(self, event: Any) -> Any:
        if self._depth == MAX_DEPTH:
            self._stop("too-deep", f"nested deeper than {MAX_DEPTH} levels; flatten it.", event.start_mark.index)
        self._depth += 1
        data = self._mapping() if event.__class__ is MappingStartEvent else self._sequence()
        self._depth -= 1
        return data

    def _mapping(self) -> dict[str, Any]:
        data: dict[str, Any] = {}
        next_event, mark, careful, scalar = self._next, self.marks.append, self._careful, self._scalar
        start = len(self.marks)
        while (event := next_event()).__class__ is not MappingEndEvent:
            mark(event.start_mark.index)
            key = None if careful or event.__class__ is not ScalarEvent else sound_key(event.value)
            if key is None:
                key = self._key(event)
            if key is None or key in data:
                self._drop(event, key, data, start)
            elif (event := next_event()).__class__ is ScalarEvent:
                mark(event.start_mark.index)
                data[key] = scalar(event)
            else:
                data[key] = self._value(event)
        if len(self.marks) > MAX_NODES:
            self._stop_at_limit()
        return data

    def _drop(self, event: Any, key: str | None, data: dict[str, Any], start: int) -> None:
        """Read past a refused key and its value."""
        before = len(self.marks) - 1
        if key is not None:
            self._refuse_duplicate(key, data, start, event)
        if event.__class__ is not ScalarEvent:
            self._value(event)
        self._value(self._next())
        del self.marks[before:]

    def _sequence(self) -> list[Any]:
        items: list[Any] = []
        next_event, value, marks = self._next, self._value, self.marks
        while (event := next_event()).__class__ is not SequenceEndEvent:
            items.append(value(event))
            if len(marks) > MAX_NODES:
                self._stop_at_limit()
        return items

    def _key(self, event: Any) -> str | None:
        """The key in NFC; None when it is refused, with what it holds yet to be read."""
        if event.__class__ is AliasEvent:
            return None
        if fault := self._key_fault(event):
            self._refuse(*fault, event)
            return None
        return normalize("NFC", event.value)

    def _key_fault(self, event: Any) -> tuple[str, str] | None:
        if event.__class__ is not ScalarEvent:
            return "key", f"a key must be text; found {_kind(event)}. Write one word before the colon."
        text: str = event.value
        if text == MERGE_KEY and not event.style:
            return "merge-key", _NO_MERGE
        if len(text) > MAX_KEY:
            return "too-long", f"key too long: {len(text)} characters, the limit is {MAX_KEY}."
        if self._scalar(event).__class__ is not str:
            return "key", f'a key must be text; found {text or "nothing"}. Quote it: "{text}".'
        return None

    def _scalar(self, event: Any) -> Any:
        text = event.value
        if self._careful or not text.isprintable() or len(text) > MAX_SCALAR:
            self._look(text, event)
        if event.style or text[:1] not in SPECIAL_STARTS:
            return text
        try:
            return plain(text)
        except DoubtfulNumber:
            self._refuse("number", _doubtful(text), event)
            return text

    def _look(self, text: str, event: Any) -> None:
        self._refuse_properties(event)
        if len(text) > MAX_SCALAR:
            self._refuse("too-long", f"text too long: {len(text)} characters, the limit is {MAX_SCALAR}.", event)
        elif not is_clean(text):
            char = next(char for char in text if is_forbidden(char))
            found = "a line break" if char == "\n" else character(char)
            self._refuse("forbidden-character", f"forbidden character: {found} in a value; write it without.", event)

    def _stop_at_limit(self) -> NoReturn:
        self._stop("too-many", f"too many values: the limit is {MAX_NODES}; split the file.", self.marks[MAX_NODES])

    def _refuse(self, code: str, message: str, event: Any) -> None:
        self.findings.append((code, message, event.start_mark.index))

    def _stop(self, code: str, message: str, index: int) -> NoReturn:
        self.findings.append((code, message, index))
        raise Stop

    def _refuse_properties(self, event: Any) -> None:
        if event.anchor is not None:
            self._refuse("anchor", _NO_ANCHORS, event)
        if event.ctag is not None:
            found = shorten(str(event.ctag))
            self._refuse("tag", f"tags are not allowed; found {found}. Remove it; quote what must stay text.", event)

    def _refuse_duplicate(self, key: str, data: dict[str, Any], start: int, event: Any) -> None:
        # Looking for the first one takes time, and further problems are only counted.
        first = self._first(key, data, start) if len(self.findings) < MAX_PROBLEMS else 0
        self._refuse("duplicate-key", f'duplicate key "{shorten(key)}" (first at line {first}); keep one.', event)

    def _first(self, key: str, data: dict[str, Any], start: int) -> int:
        """The line of a key of a mapping whose first mark is number `start`."""
        before = takewhile(lambda name: name != key, data)
        return self._lines.where(self.marks[start + sum(1 + places.size(data[name]) for name in before)]).line


def _kind(event: Any) -> str:
    if event.__class__ in {ScalarEvent, AliasEvent}:
        return "a single value"
    return "a mapping" if event.__class__ is MappingStartEvent else "a list"


def _doubtful(text: str) -> str:
    if text.strip("-").isdigit() and not text.lstrip("-").startswith("0"):
        return f"number of more than {MOST_DIGITS} digits: {shorten(text)}. Quote it when it is a code."
    return (
        f"{shorten(text)} is a number to some YAML readers and text, or another number, to others. "
        f'Quote a code ("{shorten(text)}"), or write a plain decimal number.'
    )
