"""Markdown and HTML read back by real parsers, as a host and a browser would."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from justhtml import JustHTML
from markdown_it import MarkdownIt

#: GitHub's dialect: tables, strikethrough, bare links; raw HTML let through, so that it would be seen.
_MARKDOWN = MarkdownIt("gfm-like", {"html": True, "linkify": True})


def markdown_to_html(text: str) -> str:
    return _MARKDOWN.render(text)


def nodes(html: str) -> list[Any]:
    """All nodes of a page, as a browser makes them of `html`."""
    return list(_below(JustHTML(html, sanitize=False).root))


def elements(html: str) -> Counter[str]:
    """How many elements there are of each name, `#comment` too; text aside."""
    return Counter(node.name for node in nodes(html) if node.name != "#text")


def attributes(html: str) -> set[tuple[str, str]]:
    """Each attribute with its element."""
    return {(node.name, name) for node in nodes(html) for name in (getattr(node, "attrs", None) or {})}


def text(html: str, *, without: tuple[str, ...] = ()) -> str:
    """All text, that inside elements of the names `without` aside."""
    return " ".join(node.data or "" for node in nodes(html) if node.name == "#text" and not _inside(node, without))


def _inside(node: Any, names: tuple[str, ...]) -> bool:
    while node is not None:
        if node.name in names:
            return True
        node = node.parent
    return False


def _below(node: Any) -> Iterator[Any]:
    yield node
    for child in getattr(node, "children", None) or ():
        yield from _below(child)
