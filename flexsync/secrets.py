"""Secrets by reference: `env:NAME` and `file:PATH`; `generate` is one that apply makes.

In: a reference from the files. Out: the value, for apply alone, or why it cannot be had. A value
never reaches a plan, a log, a message or the store; the store keeps a seal of it.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flexsync.errors import Refused
from flexsync.paths import opened
from flexsync.sealed import matches
from flexsync.state import GENERATED
from flexsync.text import shorten

MIN_LENGTH = 8
MAX_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Secrets:
    """Reads references; files lie inside `root` and must not be readable by everybody."""

    root: Path
    environment: Mapping[str, str]
    #: Why a password that apply makes could be kept nowhere; empty when it can be.
    unkept: str = ""

    def missing(self, reference: str) -> str:
        """Empty when the secret can be read and is long enough, else why not, without its value."""
        if reference == GENERATED:
            return self.unkept
        try:
            self.read(reference)
        except Refused as error:
            return str(error)
        return ""

    def changed(self, reference: str, seal: str) -> bool:
        """True when the secret can be read and is another than the one that was sealed; never of a made one."""
        return reference != GENERATED and not self.missing(reference) and not matches(self.read(reference), seal)

    def read(self, reference: str) -> str:
        """The value behind `reference`; raises Refused with a message that does not hold it."""
        scheme, _, name = reference.partition(":")
        value = self._variable(name) if scheme == "env" else self._file(name)
        if len(value) < MIN_LENGTH:
            raise Refused(f"{shorten(name)} holds fewer than {MIN_LENGTH} characters")
        return value

    def _variable(self, name: str) -> str:
        value = self.environment.get(name, "")
        if not value:
            raise Refused(f"{shorten(name)} is not set")
        return value

    def _file(self, name: str) -> str:
        path, shown = (self.root / name).resolve(), shorten(name)
        if not path.is_relative_to(self.root.resolve()):
            raise Refused(f"{shown} lies outside the folder of the files")
        try:
            with opened(path) as file:
                if os.fstat(file.fileno()).st_mode & 0o007:
                    raise Refused(f"{shown} can be read by everybody; run chmod 600 on it")
                content = file.read(MAX_BYTES + 1)
            text = content.decode().rstrip("\r\n")
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not text"
            raise Refused(f"{shown} cannot be read: {reason}") from None
        if len(content) > MAX_BYTES:
            raise Refused(f"{shown} is longer than {MAX_BYTES} bytes; a password is meant")
        return text
