"""What is looked at before any YAML is read.

In: the bytes of a file. Out: its text, or problems. Everything here costs microseconds on a good
file, and keeps from the parser what parsers treat differently. It must not interpret YAML.
"""

import re
from collections.abc import Iterator

from flexsync.desired.lines import Finding, Lines
from flexsync.desired.scalars import character, is_clean, is_forbidden
from flexsync.errors import InvalidFiles, Problem

MAX_BYTES = 1024 * 1024

_BOM = b"\xef\xbb\xbf"
_ORDINARY = bytes(range(0x20, 0x7F)) + b"\n"
_LFS = b"version https://git-lfs.github.com/spec/"
_CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7}|={7})(?=[ \r]|$)", re.MULTILINE)
_DIRECTIVE = re.compile(r"^%", re.MULTILINE)
_NO_CHARACTER = re.compile(
    r"(?<!\\)(?:\\\\)*(\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\U(?:0000[dD][89a-fA-F]|(?!000|0010)[0-9a-fA-F]{4})[0-9a-fA-F]{2,4})"
)


def text_of(file: str, content: bytes) -> str:
    """The text of `content`, fit for the parser; raises InvalidFiles."""
    if len(content) > MAX_BYTES:
        raise InvalidFiles([Lines(file, "").problem("too-big", _too_big(len(content)))])
    content = content.removeprefix(_BOM)
    text = _decoded(file, content)
    problems = Lines(file, text).problems(_findings(text, content))
    if problems:
        raise InvalidFiles(problems)
    return text


def _too_big(size: int) -> str:
    return f"file too big: {size} bytes, the limit is {MAX_BYTES}; split it."


def _decoded(file: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise InvalidFiles([_not_utf8(file, content, error.start)]) from None


def _not_utf8(file: str, content: bytes, offset: int) -> Problem:
    before = content[:offset].decode()
    kind = "UTF-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "not UTF-8"
    message = (
        f"{kind}: byte 0x{content[offset]:02x} at byte offset {offset} begins no character; save the file as UTF-8."
    )
    return Lines(file, before + "\ufffd").problem("not-utf8", message, len(before))


def _findings(text: str, content: bytes) -> Iterator[Finding]:
    if content.startswith(_LFS):
        yield "lfs-pointer", "expected a mapping; found a Git LFS pointer. Run `git lfs pull`.", 0
        return
    suspicious = content.translate(None, _ORDINARY).decode()
    if not is_clean(suspicious):
        yield from _forbidden(text, suspicious)
    if b"<<<<<<<" in content or b">>>>>>>" in content:
        yield from _conflicts(text)
    if b"%" in content:
        yield from _directives(text)
    if b"\\" in content:
        yield from _escapes(text)


def _forbidden(text: str, suspicious: str) -> Iterator[Finding]:
    chars = {char for char in set(suspicious) if is_forbidden(char)}
    if "\r" in suspicious and text.count("\r") == text.count("\r\n"):
        chars.discard("\r")
    said = {char: _unwanted(char) for char in chars}
    if chars:
        for found in re.finditer(f"(?!\r\n)[{re.escape(''.join(sorted(chars)))}]", text):
            yield *said[found[0]], found.start()


def _unwanted(char: str) -> tuple[str, str]:
    if char == "\t":
        return "tab", "tab character (U+0009); use spaces."
    if char == "\r":
        return "forbidden-character", "forbidden character U+000D: a lone carriage return; end lines with a line feed."
    kind = "forbidden character" if ord(char) < 0xA0 else "invisible or direction character"
    return "forbidden-character", f"{kind} {character(char)}; remove it, or use an ordinary space."


def _conflicts(text: str) -> Iterator[Finding]:
    if found := _CONFLICT.search(text):
        yield (
            "merge-conflict",
            f'unresolved merge conflict ("{found[0]}"); choose a side and remove the markers.',
            found.start(),
        )


def _directives(text: str) -> Iterator[Finding]:
    for found in _DIRECTIVE.finditer(text):
        yield "directive", "directives are not allowed (a line that begins with %); remove it.", found.start()


def _escapes(text: str) -> Iterator[Finding]:
    for found in _NO_CHARACTER.finditer(text):
        yield (
            "forbidden-character",
            f"forbidden character: the escape {found[1]} names no character; remove it.",
            found.start(1),
        )
