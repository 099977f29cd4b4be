"""Names that match a pattern, in whatever can list its folders.

In: a pattern and a Tree. Out: sorted names, links among them and never what lies behind. It is bounded.
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Protocol

from flexsync.desired.refusals import is_inside, refuse

MAX_NAMES = 200_000
MAX_DEPTH = 16


class Tree(Protocol):
    """Something whose names can be walked through."""

    def entries(self, base: str) -> list[tuple[str, bool]]:
        """Sorted names in one folder (empty, or with a slash at its end) and whether each can be walked into."""
        ...

    def is_link(self, path: str) -> bool:
        """True of what leads elsewhere."""
        ...


def matches(pattern: str, tree: Tree) -> list[str]:
    """The sorted names that match `*`, `?`, `[...]` in one folder, `**` over folders; bounded. Raises InvalidFiles."""
    if not is_inside(pattern):
        refuse(pattern, "file-pattern", "the pattern leaves the folder; write a relative one without ..")
    names: set[str] = set()
    for name in _matches(tree, "", pattern.split("/"), MAX_DEPTH):
        names.add(name)
        if len(names) > MAX_NAMES:
            refuse(pattern, "too-many-files", f"matches more than {MAX_NAMES} files; split the fleet")
    return sorted(names)


def _matches(tree: Tree, base: str, parts: list[str], depth: int) -> Iterator[str]:
    first, rest = parts[0], parts[1:]
    if first == "**" and rest:
        yield from _matches(tree, base, rest, depth)
    for name, walkable in tree.entries(base):
        path = f"{base}{name}"
        if first == "**" and walkable and depth:
            yield from _matches(tree, f"{path}/", parts, depth - 1)
        elif fnmatchcase(name, first) and first != "**":
            yield from _found(tree, path, walkable, rest, depth)


def _found(tree: Tree, path: str, walkable: bool, rest: list[str], depth: int) -> Iterator[str]:
    if not rest and not walkable:
        yield path
    elif rest and walkable:
        yield from _matches(tree, f"{path}/", rest, depth)
    elif rest and tree.is_link(path):
        yield path
