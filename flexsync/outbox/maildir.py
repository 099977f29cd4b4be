"""Mails as files of a folder, for whom no mail server is set up: every mail program opens them.

In: an address and bytes. Out: `000042-paul@dupont.example.eml`, whole or not at all, readable by its owner alone
because its links work. A mail that is made again takes the place of the first one.
"""

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flexsync import paths
from flexsync.faults import point
from flexsync.outbox.channel import Answer, Unreachable

_ODD = re.compile(r"[^A-Za-z0-9@.+_-]")


@dataclass(frozen=True, slots=True)
class Maildir:
    """A folder of mails, made when the first one comes."""

    folder: Path

    def send(self, recipient: str, content: bytes, number: int) -> Answer:
        """Write one mail; raises Unreachable when the folder cannot be written."""
        name = f"{number:06}-{_ODD.sub('_', recipient)[:100]}.eml"
        try:
            self._prepare()
            self._write(name, content)
        except OSError as error:
            raise Unreachable(f"Mails cannot be written to {self.folder}: {paths.reason(error)}.") from error
        return Answer("sent")

    def close(self) -> None:
        """Nothing is open."""

    def _prepare(self) -> None:
        paths.make_kept(self.folder.parent)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        if self.folder.is_symlink():
            raise Unreachable(f"{self.folder} is a link; mails are written to a folder only. Remove it.")

    def _write(self, name: str, content: bytes) -> None:
        part = self.folder / f".{name}.part"
        with suppress(FileNotFoundError):
            part.unlink()
        descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        point("letter-offered")
        part.replace(self.folder / name)
        point("letter-given")
