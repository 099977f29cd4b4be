"""Names and kinds of files that are not read, and the words for it; the same for a folder and for a commit."""

import stat
from typing import NoReturn

from flexsync.errors import InvalidFiles, Problem, Where
from flexsync.text import is_unsafe, shorten


def is_inside(path: str) -> bool:
    """True of a relative name that leads nowhere outside."""
    parts = path.split("/")
    return "\\" not in path and "\0" not in path and not any(part in ("", ".", "..", ".git") for part in parts)


def refuse_name(path: str) -> None:
    """Raise InvalidFiles for a name that leads outside, or that cannot be shown."""
    if not is_inside(path):
        refuse(path, "file-outside", "is not a path inside the folder; write a relative one without ..")
    if any(is_unsafe(char) for char in path):
        refuse(path, "file-name", "the name has characters that cannot be shown; rename the file")


def refuse_kind(path: str, mode: int) -> NoReturn:
    """Raise InvalidFiles for what is no plain file; `mode` is that of `stat`."""
    kinds = ((stat.S_ISLNK, "a link"), (stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe"))
    found = next((words for test, words in kinds if test(mode)), "a device")
    refuse(path, "file-not-regular", f"is not a regular file in the repository but {found}; put a plain file there")


def refuse(path: str, code: str, message: str) -> NoReturn:
    """Raise InvalidFiles with one Problem about a file; a name that is not UTF-8 is told in escapes."""
    place = Where(path.encode("utf-8", "backslashreplace").decode())
    raise InvalidFiles([Problem(code, f"{shorten(path, 120)}: {message}", place)])
