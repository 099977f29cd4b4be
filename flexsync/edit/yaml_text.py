"""One value of a YAML text set or taken away, every other byte as it was.

In: the text of a file that the strict reader accepts, a path, a value. Out: the new text, which says
what the old one said but for that value. It must not touch a comment, a quote or a line end elsewhere.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flexsync.desired.document import parse
from flexsync.desired.model import Path
from flexsync.edit import words
from flexsync.edit.entries import drop_entry, insert_item, insert_key
from flexsync.edit.nodes import Entry, Node, find, scalars, tree
from flexsync.edit.order import keys_at
from flexsync.edit.splice import CannotEdit, Page, Splice, spliced
from flexsync.errors import InvalidFiles

_BOM = "\ufeff"


def put(content: bytes, path: Path, value: Any) -> bytes:
    """`content` with `value` at `path`; maps on the way are made, and a list keeps what it had in common.

    Raises CannotEdit when that cannot be done by a small edit.
    """
    return _checked(content, lambda text: _put(text, path, value), lambda data: _set(data, path, value))


def drop(content: bytes, path: Path) -> bytes:
    """`content` without what is written at `path`; a map or list that is emptied stays, as `{}` or `[]`.

    Raises CannotEdit when that cannot be done by a small edit.
    """
    return _checked(content, lambda text: _drop(text, path), lambda data: _delete(data, path))


def _checked(content: bytes, edit: Callable[[str], str], expected: Callable[[Any], Any]) -> bytes:
    """The edited bytes, when they say exactly what is expected."""
    text = content.decode()
    mark = _BOM if text.startswith(_BOM) else ""
    new = (mark + edit(text.removeprefix(_BOM))).encode()
    try:
        data = parse("edited", new).data
    except InvalidFiles as error:
        raise CannotEdit(f"the edited text would not be valid: {error.problems[0].message}") from None
    wanted = expected(parse("original", content).data)
    if data != wanted:
        raise CannotEdit("the file is written in a way that a small edit would spoil")
    return new


def _put(text: str, path: Path, value: Any) -> str:
    root = tree(text)
    node, entry, depth = root, None, 0
    while depth < len(path) and (inner := node.entry(path[depth])):
        node, entry, depth = inner.node, inner, depth + 1
    rest = _nested(path[depth:], value)
    if depth == len(path):
        return _replaced(text, path, entry, rest)
    page, parent = Page(text), find(root, path[: depth - 1]) if depth else None
    stays_block = parent is not None and not parent.flow
    if node.shape == "map" and (node.entries or not stays_block):
        key = str(path[depth])
        order = keys_at(_kind(root), path[:depth])
        return spliced(text, insert_key(page, node, key, rest[key], order))
    return _replaced(text, path[:depth], entry, rest)


def _nested(path: Path, value: Any) -> Any:
    for step in reversed(path):
        value = {step: value}
    return value


def _kind(root: Node) -> str:
    node = find(root, ("kind",))
    return node.value if node else ""


def _replaced(text: str, path: Path, entry: Entry | None, value: Any) -> str:
    if entry is None:
        raise CannotEdit("the whole file would change")
    node = entry.node
    if isinstance(value, Mapping) and node.shape == "map" and node.entries:
        for key, part in value.items():
            text = _put(text, (*path, key), part)
        return text
    if (
        _is_list(value)
        and node.shape == "list"
        and node.entries
        and all(e.node.shape == "scalar" for e in node.entries)
    ):
        return _relisted(text, path, value)
    parent = find(tree(text), path[:-1])
    return spliced(text, _replacement(Page(text), parent, entry, value))


def _replacement(page: Page, parent: Node | None, entry: Entry, value: Any) -> list[Splice]:
    node = entry.node
    if parent is None or entry.key is None:
        raise CannotEdit("an item of a list would become something else")
    if isinstance(value, Mapping) and value and not parent.flow:
        lines = words.entry(entry.key.value, value, page.column(entry.start), block=_are_blocks(parent, entry))
        if len(lines) > 1:
            start = _after(page.text, entry.key)
            return [Splice(start, node.end, ""), page.after_line(node.end, lines[1:])]
    new = words.flow(value, node.style if node.style in ("'", '"') else "")
    if node.shape != "scalar" and not node.flow:
        return [Splice(_after(page.text, entry.key), node.end, f" {new}")]
    gap = " " if page.text[node.start - 1 : node.start] == ":" else ""
    return [Splice(node.start, node.end, gap + new)]


def _are_blocks(parent: Node, but: Entry) -> bool | None:
    """How maps are written in `parent`; None when it has no other."""
    maps = [one.node for one in parent.entries if one is not but and one.node.shape == "map" and one.node.entries]
    return not maps[-1].flow if maps else None


def _after(text: str, key: Node) -> int:
    """Right behind the colon of a key."""
    return text.index(":", key.end) + 1


def _relisted(text: str, path: Path, wanted: Sequence[Any]) -> str:
    """The list at `path` with what is new at its end, then without what is not wanted any more."""
    for item in wanted:
        if item not in scalars(_list_at(text, path)):
            text = spliced(text, insert_item(Page(text), _list_at(text, path), item))
    node = _list_at(text, path)
    for number in reversed(range(len(node.entries))):
        if node.entries[number].node.value not in wanted:
            text = _drop(text, (*path, number))
    return text


def _list_at(text: str, path: Path) -> Node:
    node = find(tree(text), path)
    if node is None or node.shape != "list":
        raise CannotEdit("the list is gone")
    return node


def _drop(text: str, path: Path) -> str:
    root, page = tree(text), Page(text)
    parent = find(root, path[:-1])
    entry = parent.entry(path[-1]) if parent else None
    if parent is None or entry is None:
        return text
    if len(parent.entries) > 1 or parent.flow:
        return spliced(text, drop_entry(page, parent, entry))
    grandparent = find(root, path[:-2])
    owner = grandparent.entry(path[-2]) if grandparent and len(path) > 1 else None
    if owner is None or owner.key is None:
        raise CannotEdit("the whole file would be empty")
    colon = _after(text, owner.key)
    empty = " {}" if parent.shape == "map" else " []"
    return spliced(text, [Splice(colon, colon, empty), *drop_entry(page, parent, entry)])


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _set(data: Any, path: Path, value: Any) -> Any:
    """What the data should be after `put`."""
    if not path:
        return _merged(data, value)
    below = data if isinstance(data, dict) else {}
    return {**below, path[0]: _set(below.get(path[0]), path[1:], value)}


def _merged(data: Any, value: Any) -> Any:
    if isinstance(value, Mapping) and isinstance(data, dict) and data:
        return {**data, **{key: _merged(data.get(key), part) for key, part in value.items()}}
    if _is_list(value) and isinstance(data, list):
        return [one for one in data if one in value] + [one for one in value if one not in data]
    return list(value) if isinstance(value, tuple) else value


def _delete(data: Any, path: Path) -> Any:
    """What the data should be after `drop`."""
    step, rest = path[0], path[1:]
    if not isinstance(data, dict) or step not in data:
        return data
    if not rest:
        return {key: part for key, part in data.items() if key != step}
    return {**data, step: _delete(data[step], rest)}
