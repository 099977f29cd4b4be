"""export: files for what a store has, to begin a repository with.

In: snapshots, the catalogue, the day. Out: one YAML text a subscription, proved to ask for what the
store has. It holds references to secrets and no secret, and writes over no file.
"""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flexsync.catalogue import Catalogue
from flexsync.desired.client import ClientReader, document_client
from flexsync.desired.patterns import SLUG
from flexsync.desired.resolve import resolve
from flexsync.desired.rosters import Rosters
from flexsync.desired.schema import read
from flexsync.desired.shared import Shared
from flexsync.desired.source import Folder
from flexsync.edit import words
from flexsync.edit.asking import asked, plain
from flexsync.edit.order import keys_at
from flexsync.errors import InvalidFiles, WrongCommand
from flexsync.paths import is_folder, is_there, reason
from flexsync.snapshot import Snapshot
from flexsync.state import State
from flexsync.text import shorten, visible
from flexsync.workflow.single import paths_apart
from flexsync.workflow.stores import unknown

if TYPE_CHECKING:
    from flexsync.store.sql import Store


@dataclass(frozen=True, slots=True)
class Exported:
    """The file of one subscription; `apart` says where files cannot ask for what the store has."""

    name: str
    content: bytes
    apart: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.name}.yaml"


def chosen(store: "Store", name: str) -> list[Snapshot]:
    """The snapshot of one subscription, or of all by name. Raises WrongCommand when the store does not have it."""
    found = store.snapshots([name] if name else [head.name for head in store.heads()])
    if name and name not in found:
        raise unknown(store, name)
    return [found[one] for one in sorted(found)]


def exported(snapshot: Snapshot, catalogue: Catalogue, as_of: date) -> Exported:
    """The file of one subscription of the store."""
    if snapshot.current is None:
        raise WrongCommand(f"{visible(snapshot.name)} is not registered.")
    content = text_of(snapshot.current).encode()
    return Exported(snapshot.name, content, tuple(_apart(snapshot, content, catalogue, as_of)))


def text_of(state: State) -> str:
    """A State as one subscription file, in the canonical order."""
    data = {"apiVersion": "flexsync/v1", "kind": "Subscription", "name": state.name, **_body(state)}
    order = keys_at("Subscription", ())
    lines = [line for key in sorted(data, key=order.index) for line in _section(key, data[key])]
    return "\n".join(lines) + "\n"


def _body(state: State) -> dict[str, Any]:
    """What has to be written: users choose themselves whether their data is online."""
    data = plain(asked(state))
    for section in ("users", "products", "services"):
        data[section] = data.get(section) or {}
    for entry in data["users"].values():
        entry.pop("hosted_opt_out", None)
    return data


def _section(key: str, value: Any) -> list[str]:
    if key == "customer_code":
        return [f"{key}: {words.scalar(value, chr(34))}"]
    return words.entry(key, value, 0, block=key in ("products", "admin", "users", "services") or None)


def _apart(snapshot: Snapshot, content: bytes, catalogue: Catalogue, as_of: date) -> Iterator[str]:
    """Where a plan from the file to the store would not be empty."""
    try:
        document = read(f"{snapshot.name}.yaml", content)
        no_rosters = Rosters(Folder(Path()))  # an exported file names none, so that nothing is read
        found = ClientReader(Shared(), no_rosters, catalogue, as_of).declare(document_client(document, None))
    except InvalidFiles as error:
        yield from (problem.message for problem in error.problems)
        return
    yield from (problem.message for problem in found.problems if problem.fatal)
    if found.spec is None or found.places is None or snapshot.current is None:
        return
    desired = resolve(found.spec, found.places, snapshot, catalogue, as_of)
    yield from (problem.message for problem in desired.problems if problem.fatal)
    yield from (f"{path} would change" for path in paths_apart(desired.state, snapshot.current))


def write_new_files(folder: Path, files: Sequence[Exported]) -> None:
    """Write each file into `folder`; raises WrongCommand, with nothing written, when one cannot be, or is there."""
    if is_there(folder) and not is_folder(folder):
        raise WrongCommand(f'"{visible(str(folder))}" is a file. Give a folder.')
    for one in files:
        _refuse(folder, one)
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one in files:
            _write_new(folder / one.file, one.content, written)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        raise WrongCommand(f'"{visible(str(folder))}" cannot be written to: {reason(error)}.') from error


def _refuse(folder: Path, one: Exported) -> None:
    """Raise WrongCommand for a name that could lead out of the folder, and for a file that is there."""
    if not re.fullmatch(SLUG, one.name):
        raise WrongCommand(f'"{shorten(one.name)}" is no name for a file. Run flexsync audit verify on this store.')
    if os.path.lexists(folder / one.file):
        raise WrongCommand(f'"{visible(str(folder / one.file))}" exists and would be overwritten. Give another folder.')


def _write_new(path: Path, content: bytes, written: list[Path]) -> None:
    with path.open("xb") as file:
        written.append(path)
        file.write(content)
