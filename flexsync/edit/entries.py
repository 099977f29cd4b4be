"""One entry put into, or taken out of, a map or a list, as the others in it are written.

In: a Page, the Node of the map or list, and the entry. Out: splices. It must not touch the other
entries, nor a comment that is not on a line of what it takes out.
"""

from collections.abc import Sequence
from typing import Any

from flexsync.edit import words
from flexsync.edit.nodes import Entry, Node
from flexsync.edit.splice import CannotEdit, Page, Splice


def insert_key(page: Page, node: Node, key: str, value: Any, order: Sequence[str] = ()) -> list[Splice]:
    """`key: value` in a map, after the last entry that comes before it in `order`, or at the end."""
    before = _before(node, key, order)
    if node.flow:
        return _into_flow(page, node, before, f"{words.scalar(key)}: {words.flow(value)}")
    indent = page.column(node.entries[0].start)
    lines = words.entry(key, value, indent, _step(page, node), block=_are_blocks(node))
    last = before or node.entries[-1]
    return [page.after_line(last.end, lines)]


def insert_item(page: Page, node: Node, item: Any) -> list[Splice]:
    """One more item at the end of a list, quoted as the one before it."""
    last = node.entries[-1]
    new = words.scalar(item, last.node.style)
    if node.flow:
        return _into_flow(page, node, last, new)
    dash = page.text.rfind("-", 0, last.start)
    gap = page.text[dash + 1 : last.start]
    return [page.after_line(last.end, [f"{' ' * page.column(dash)}-{gap}{new}"])]


def drop_entry(page: Page, node: Node, entry: Entry) -> list[Splice]:
    """An entry taken out, with the comments on its own lines and no others."""
    if not node.flow:
        return [_without_block_entry(page, entry)]
    if _has_own_lines(page, entry) and len(node.entries) > 1:
        return [page.without_lines(entry.start, entry.end)]
    start, end = _flow_span(node, entry)
    gap = page.text[start : entry.start] + page.text[entry.end : end]
    if "#" in gap:  # a comment stands beside it, and stays
        start, end = entry.start, page.after_comma(entry.end)
    return [Splice(start, end, "")]


def _before(node: Node, key: str, order: Sequence[str]) -> Entry | None:
    """The entry to stand after; the last one when the order does not tell."""
    if key not in order:
        return node.entries[-1] if node.entries else None
    place = order.index(key)
    earlier = [one for one in node.entries if one.name in order and order.index(one.name) < place]
    return earlier[-1] if earlier else node.entries[-1] if node.entries else None


def _into_flow(page: Page, node: Node, before: Entry | None, new: str) -> list[Splice]:
    if before is None:
        return [Splice(node.start + 1, node.end - 1, new)]
    has_lines = page.line_start(before.start) > node.start
    if has_lines and page.is_last_but_comma(before.end):
        return [page.after_line(before.end, [f"{' ' * page.column(before.start)}{new},"])]
    if has_lines and page.is_last(before.end):
        line = f"{' ' * page.column(before.start)}{new}"
        return [Splice(before.end, before.end, ","), page.after_line(before.end, [line])]
    return [Splice(before.end, before.end, f", {new}")]


def _step(page: Page, node: Node) -> int:
    """How much deeper the blocks in a map stand."""
    for entry in node.entries:
        inner = entry.node
        if inner.shape == "map" and inner.entries and not inner.flow:
            return page.column(inner.entries[0].start) - page.column(entry.start)
    return words.STEP


def _are_blocks(node: Node) -> bool | None:
    maps = [one.node for one in node.entries if one.node.shape == "map" and one.node.entries]
    return not maps[-1].flow if maps else None


def _without_block_entry(page: Page, entry: Entry) -> Splice:
    start = entry.start
    if entry.key is None:
        start = page.text.rfind("-", 0, start)
    if not page.begins_line(start):
        raise CannotEdit("something else stands on the same line")
    return page.without_lines(start, entry.end)


def _has_own_lines(page: Page, entry: Entry) -> bool:
    ends = page.is_last(entry.end) or page.is_last_but_comma(entry.end)
    return page.begins_line(entry.start) and ends


def _flow_span(node: Node, entry: Entry) -> tuple[int, int]:
    """From where to where an entry and one comma beside it stand."""
    number = node.entries.index(entry)
    if number:
        return node.entries[number - 1].end, entry.end
    if len(node.entries) > 1:
        return entry.start, node.entries[1].start
    return node.start + 1, node.end - 1
