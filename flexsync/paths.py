"""Names of files that somebody typed or wrote: whether something is there, its bytes, and files for one owner.

In: a path. Out: an answer, or bytes. A name that no file can have is no error but nowhere; a pipe or
a device is never waited for.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def is_there(path: Path) -> bool:
    """True when the path leads to something; unlike Path.exists, False of a name that is too long."""
    return os.path.exists(path)  # noqa: PTH110


def is_folder(path: Path) -> bool:
    """True when the path leads to a folder, with the same patience."""
    return os.path.isdir(path)  # noqa: PTH112


def is_file(path: Path) -> bool:
    """True when the path leads to a regular file, with the same patience."""
    return os.path.isfile(path)  # noqa: PTH113


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A regular file, or a link to one, to read from; raises OSError for anything else."""
    with os.fdopen(os.open(path, _OPEN), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "Not a regular file")
        yield file


def write_private(path: Path, text: str) -> None:
    """Write a new file that only its owner reads, on the disk when this returns; raises FileExistsError, OSError."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def reason(error: OSError) -> str:
    """Why the system refused, in its words."""
    return (error.strerror or "unreadable").lower()
