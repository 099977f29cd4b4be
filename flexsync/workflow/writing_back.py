"""Files written whole or not at all, and their old bytes put back when something is not as it should be.

In: old and new bytes by name, below one folder. Out: the files. It follows no link, and writes nothing
when a file is no longer what it was.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from flexsync.desired.source import MAX_TABLE_BYTES, Folder
from flexsync.errors import InvalidFiles, Refused
from flexsync.paths import reason
from flexsync.text import visible

Edited = Mapping[str, tuple[bytes | None, bytes]]


def write_all(root: Path, files: Edited) -> None:
    """Write each file; raises Refused, with every file as it was, when one cannot be written."""
    for name, (old, _) in files.items():
        _check(root, name, old)
    done: dict[str, tuple[bytes | None, bytes]] = {}
    try:
        for name, (old, new) in files.items():
            _write(root / name, new)
            done[name] = (old, new)
    except OSError as error:
        put_back(root, done)
        raise Refused(f"{visible(name)} cannot be written: {reason(error)}. Nothing was changed.") from error


def put_back(root: Path, files: Edited) -> None:
    """The old bytes again; a file that was new is removed. Raises Refused naming those that cannot be put back."""
    lost = []
    for name, (old, _) in files.items():
        try:
            _put_back(root / name, old)
        except OSError as error:
            lost.append(f"{visible(name)}: {reason(error)}")
    if lost:
        raise Refused(f"Not all was written, and not all can be put back ({'; '.join(lost)}). Restore it from git.")


def _put_back(path: Path, old: bytes | None) -> None:
    if old is None:
        path.unlink(missing_ok=True)
    else:
        _write(path, old)


def _check(root: Path, name: str, old: bytes | None) -> None:
    """Refuse links, and files that somebody has changed since they were read."""
    source = Folder(root)
    if old is None:
        if source.has(name):
            raise Refused(f"{visible(name)} has appeared meanwhile. Nothing was changed; run again.")
        if (root / name).parent.is_symlink():
            raise Refused(f"{visible(name)} would be written through a link. Nothing was changed.")
        return
    try:
        now = source.read(name, MAX_TABLE_BYTES)
    except InvalidFiles as error:
        raise Refused(f"{error}. Nothing was changed.") from None
    if now != old:
        raise Refused(f"{visible(name)} was changed meanwhile. Nothing was changed; run again.")


def _write(path: Path, content: bytes) -> None:
    """Write beside the file and put it in its place at once; its permissions stay."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.lstat().st_mode & 0o7777 if path.exists() else 0o644
    part = path.with_name(f".{path.name}.flexsync")
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(mode)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
