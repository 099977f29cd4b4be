"""Where each part of a YAML text begins and ends.

In: text that the strict reader has accepted. Out: a tree of Nodes. It knows no key by name and
changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal
from unicodedata import normalize

from ruamel.yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from flexsync.desired.model import Path
from flexsync.desired.yaml_events import NextEvent, any_parser

Shape = Literal["map", "list", "scalar"]


@dataclass(slots=True)
class Node:
    """A value at `text[start:end]`; the end of a block is the end of the last thing in it.

    `style` is the quote or the block indicator of a scalar, empty for a plain one.
    """

    shape: Shape
    start: int
    end: int
    flow: bool = False
    style: str = ""
    value: str = ""
    entries: "list[Entry]" = field(default_factory=list)

    def entry(self, step: str | int) -> "Entry | None":
        """The entry of a key, or of a position in a list; None when there is none."""
        if isinstance(step, int):
            return self.entries[step] if self.shape == "list" and step < len(self.entries) else None
        return next((one for one in self.entries if one.name == step), None)


@dataclass(slots=True)
class Entry:
    """One entry of a map or a list; a list's has no key."""

    key: Node | None
    node: Node

    @property
    def name(self) -> str | None:
        """The key as the reader gives it."""
        return normalize("NFC", self.key.value) if self.key else None

    @property
    def start(self) -> int:
        """Where the entry begins, at its key when it has one."""
        return self.key.start if self.key else self.node.start

    @property
    def end(self) -> int:
        """Where its value ends."""
        return self.node.end


def tree(text: str) -> Node:
    """The root of a text's one document."""
    next_event = any_parser(text)
    while not isinstance(event := next_event(), MappingStartEvent):
        pass
    return _node(event, next_event, text)


def find(root: Node, path: Path) -> Node | None:
    """The node at `path`; None when nothing is written there."""
    node: Node | None = root
    for step in path:
        entry = node.entry(step) if node else None
        node = entry.node if entry else None
    return node


def scalars(node: Node) -> list[str]:
    """The texts of a list's scalar items."""
    return [entry.node.value for entry in node.entries]


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Every node with its path, the outer ones first."""
    yield path, node
    for number, entry in enumerate(node.entries):
        yield from walk(entry.node, (*path, number if entry.name is None else entry.name))


def _node(event: Any, next_event: NextEvent, text: str) -> Node:
    start = event.start_mark.index
    if isinstance(event, ScalarEvent):
        style = event.style or ""
        end = event.end_mark.index
        if style in ("|", ">"):
            end = start + len(text[start:end].rstrip())
        return Node("scalar", start, end, style=style, value=event.value)
    shape: Shape = "list" if isinstance(event, SequenceStartEvent) else "map"
    node = Node(shape, start, start, flow=bool(event.flow_style))
    while not isinstance(event := next_event(), MappingEndEvent | SequenceEndEvent):
        node.entries.append(_entry(node, event, next_event, text))
    if node.flow:
        node.end = event.end_mark.index
    elif node.entries:
        node.end = node.entries[-1].end
    return node


def _entry(parent: Node, event: Any, next_event: NextEvent, text: str) -> Entry:
    if parent.shape == "list":
        return Entry(None, _node(event, next_event, text))
    key = _node(event, next_event, text)
    node = _node(next_event(), next_event, text)
    if node.shape == "scalar" and node.start == node.end:
        node.start = node.end = _after_colon(text, key)
    return Entry(key, node)


def _after_colon(text: str, key: Node) -> int:
    """Where the value of a key without one would stand; parsers disagree on it."""
    colon = key.end
    while text[colon : colon + 1].isspace():
        colon += 1
    return colon + 1 if text[colon : colon + 1] == ":" else key.end
