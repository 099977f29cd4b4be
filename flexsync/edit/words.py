"""Plain data as YAML text, in the style of what stands beside it.

In: texts, whole numbers, truth values, None, lists and maps of them. Out: text on one line, or the
lines of a block. It writes no text that the strict reader would take for something else.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flexsync.desired.scalars import DoubtfulNumber, plain

#: A longer line is written as a block.
WIDEST = 110
STEP = 2
_INDICATORS = "-?:,[]{}#&*!|>'\"%@`"
#: Truth values to readers of YAML 1.1.
_OLD_BOOLEANS = frozenset({"y", "n", "yes", "no", "on", "off"})
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"'})


def scalar(value: Any, style: str = "") -> str:
    """One value; `style` is the quote that is wanted, and is given up where it cannot be."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = str(value)
    if style == "'":
        return "'" + text.replace("'", "''") + "'"
    return text if style != '"' and _is_plain(text) else f'"{text.translate(_ESCAPES)}"'


def flow(value: Any, style: str = "") -> str:
    """Any value on one line; `style` is that of its texts."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(flow(part, style) for part in value) + "]"
    return scalar(value, style)


def entry(key: str, value: Any, indent: int, step: int = STEP, *, block: bool | None = None) -> list[str]:
    """The lines of `key: value`; a map is a block when it is wanted, or does not fit on a line.

    `step` is how much deeper a block stands; `block` how maps are written beside it, None when
    nothing tells.
    """
    line = f"{' ' * indent}{scalar(key)}: {flow(value)}"
    if not isinstance(value, Mapping) or not value:
        return [line]
    if len(line) <= WIDEST and not (_is_deep(value) if block is None else block):
        return [line]
    return [f"{' ' * indent}{scalar(key)}:", *entries(value, indent + step, step)]


def entries(value: Mapping[str, Any], indent: int, step: int = STEP) -> list[str]:
    """The lines of a block."""
    return [line for key, part in value.items() for line in entry(key, part, indent, step)]


def _is_deep(value: Mapping[str, Any]) -> bool:
    """True of what reads badly on one line."""
    return len(value) > 3 or any(isinstance(part, Mapping) and part for part in value.values())


def _is_plain(text: str) -> bool:
    """True when the text without quotes is the same text to every reader, in a block and in a flow."""
    if not text or text != text.strip() or not text.isprintable() or text[0] in _INDICATORS:
        return False
    if any(part in text for part in (": ", " #")) or text.endswith(":") or not set(text).isdisjoint(",[]{}"):
        return False
    if text.casefold() in _OLD_BOOLEANS:
        return False
    try:
        return bool(plain(text) == text)
    except DoubtfulNumber:
        return False
