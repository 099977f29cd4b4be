"""Unified differences of files, safe to show."""

from collections.abc import Iterator
from difflib import unified_diff

from flexsync.text import visible


def patch_lines(file: str, old: bytes | None, new: bytes, around: int = 3) -> Iterator[str]:
    """The lines of a patch from `old` (None for a new file) to `new`, with so many unchanged ones `around` each."""
    before, after = ([] if side is None else _lines(side) for side in (old, new))
    name = visible(file)
    origin = f"a/{name}" if old is not None else "/dev/null"
    yield from unified_diff(before, after, origin, f"b/{name}", lineterm="", n=around)


def _lines(content: bytes) -> list[str]:
    return [visible(line.removesuffix("\r")) for line in content.decode().removesuffix("\n").split("\n")]
