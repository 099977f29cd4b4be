"""layout: a file in the canonical order and style, its comments kept.

In: the bytes of a YAML file that the reader accepts. Out: its bytes laid out. It must not change what
the file says: that is checked before anything is given back.
"""

from collections.abc import Sequence
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.representer import RoundTripRepresenter

from flexsync.desired.document import parse
from flexsync.edit.nodes import Node, find, tree, walk
from flexsync.edit.order import keys_at
from flexsync.edit.splice import Page, Splice, spliced
from flexsync.errors import InvalidFiles

_BOM = "\ufeff"
#: Each pass may bring to light what the next one moves; two are enough, and a third finds nothing.
_PASSES = 4


def laid_out(file: str, content: bytes) -> bytes:
    """`content` with its keys in the canonical order and in one style; raises InvalidFiles when it cannot be read.

    Where a comment stands between brackets, or the style would lose one, the part stays as it is.
    """
    before = parse(file, content).data
    text = content.decode().removeprefix(_BOM)
    for _ in range(_PASSES):
        new = _styled(_ordered(_ended(text)))
        if new == text:
            break
        text = new
    mark = _BOM if content.decode().startswith(_BOM) else ""
    laid = (mark + text).encode()
    return laid if _says(laid, before) and comments(text) == comments(content.decode()) else content


def _says(content: bytes, data: Any) -> bool:
    """True when a text can be read and says that."""
    try:
        return bool(parse("laid out", content).data == data)
    except InvalidFiles:
        return False


def comments(text: str) -> list[str]:
    """Every comment of a text, sorted: what two layouts of one file share."""
    text = text.removeprefix(_BOM)
    taken = [(node.start, node.end) for _, node in walk(tree(text)) if node.shape == "scalar"]
    keys = [(e.key.start, e.key.end) for _, node in walk(tree(text)) for e in node.entries if e.key]
    bare = spliced(text, (Splice(start, end, "x" * (end > start)) for start, end in (*taken, *keys)))
    return sorted(line[line.index("#") :].rstrip() for line in bare.splitlines() if "#" in line)


def _ended(text: str) -> str:
    """`text` with one line break at its end, without spaces at the end of lines."""
    eol = Page(text).eol
    return eol.join(line.rstrip() for line in text.rstrip().split("\n")) + eol


def _ordered(text: str) -> str:
    """`text` with the entries of every map that has an order in it, each with the comments above it."""
    root = tree(text)
    kind = find(root, ("kind",))
    paths = [path for path, node in walk(root) if node.shape == "map" and len(node.entries) > 1]
    for path in sorted(paths, key=len, reverse=True):
        node = find(tree(text), path)
        order = keys_at(kind.value if kind else "", path)
        if node is not None and order:
            text = _in_order(text, node, order)
    return text


def _in_order(text: str, node: Node, order: Sequence[str]) -> str:
    names = [entry.name for entry in node.entries]
    wanted = sorted(range(len(names)), key=lambda number: order.index(names[number]) if names[number] in order else 999)
    if wanted == [*range(len(names))]:
        return text
    return _flow_in_order(text, node, wanted) if node.flow else _block_in_order(text, node, wanted)


def _flow_in_order(text: str, node: Node, wanted: Sequence[int]) -> str:
    if "#" in text[node.start : node.end] or "\n" in text[node.start : node.end]:
        return text
    parts = [text[entry.start : entry.end] for entry in node.entries]
    splices = (
        Splice(entry.start, entry.end, parts[number]) for entry, number in zip(node.entries, wanted, strict=True)
    )
    return spliced(text, splices)


def _block_in_order(text: str, node: Node, wanted: Sequence[int]) -> str:
    """Whole lines change places: an entry takes along the comments right above it, and the blank lines over them."""
    page = Page(text)
    starts = [_first_line(page, node, number) for number in range(len(node.entries))]
    if not all(page.begins_line(entry.start) for entry in node.entries):
        return text
    stops = [*starts[1:], page.next_line(node.end)]
    parts = [text[start:stop] for start, stop in zip(starts, stops, strict=True)]
    return text[: starts[0]] + "".join(parts[number] for number in wanted) + text[stops[-1] :]


def _first_line(page: Page, node: Node, number: int) -> int:
    """Where an entry's lines begin; the comment over the first one is about the whole file."""
    start = page.line_start(node.entries[number].start)
    if number == 0:
        return start
    floor = page.next_line(node.entries[number - 1].end)
    return min(start, floor)


def _styled(text: str) -> str:
    """`text` with even indentation and spaces; as it was when a comment or a value would not live through it."""
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 100_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.Representer = _Representer
    try:
        out = StringIO()
        yaml.dump(yaml.load(text), out)
        new = out.getvalue().replace("\n", Page(text).eol)
        data = parse("old", text.encode()).data
    except (YAMLError, InvalidFiles):
        return text
    return new if _says(new.encode(), data) and comments(new) == comments(text) else text


class _Representer(RoundTripRepresenter):
    """Writes null as a word: a key without a value looks like a mistake."""


_Representer.add_representer(type(None), lambda self, _: self.represent_scalar("tag:yaml.org,2002:null", "null"))
