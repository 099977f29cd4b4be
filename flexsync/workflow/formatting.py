"""fmt: files in the canonical order and style.

In: a folder and names below it. Out: old and new bytes of each file that would change, and what cannot
be read. `write_all` writes them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flexsync.desired.source import Folder
from flexsync.edit.layout import laid_out
from flexsync.errors import InvalidFiles, Problem, WrongCommand
from flexsync.paths import is_file, is_folder
from flexsync.text import visible
from flexsync.workflow.desk import place_of


@dataclass(frozen=True, slots=True)
class Formatted:
    """Files that would change, and problems of those that cannot be read; `checked` counts all."""

    files: Mapping[str, tuple[bytes | None, bytes]]
    problems: tuple[Problem, ...]
    checked: int


def formatted(root: Path, names: Iterable[str]) -> Formatted:
    """The new form of each file that is not in it yet."""
    source = Folder(root)
    files: dict[str, tuple[bytes | None, bytes]] = {}
    problems: list[Problem] = []
    checked = 0
    for name in names:
        checked += 1
        try:
            old = source.read(name)
            new = laid_out(name, old)
        except InvalidFiles as error:
            problems.extend(error.problems)
            continue
        if new != old:
            files[name] = (old, new)
    return Formatted(files, tuple(problems), checked)


def root_of(path: str) -> Path:
    """The folder of the files at `path`."""
    return place_of(path)[0]


def yaml_files(path: str) -> list[str]:
    """The files that the fleet or the subscription at `path` is read from, tables aside."""
    from flexsync.desired.fleet import open_fleet

    root, entry = place_of(path)
    fleet = open_fleet(Folder(root), entry)
    catalogue = [fleet.spec.catalogue] if fleet.spec and fleet.spec.catalogue else []
    shared = [fleet.shared.document.file] if fleet.shared.document else []
    return [*shared, *catalogue, *fleet.files]


def below(root: Path, paths: Iterable[Path]) -> list[str]:
    """The names of `paths` below `root`; raises WrongCommand for one that is no file."""
    names = []
    for path in paths:
        if is_folder(path):
            raise WrongCommand(f'"{visible(str(path))}" is a folder. Name its files, or give it with -C.')
        if not is_file(path):
            raise WrongCommand(f'There is no file "{visible(str(path))}".')
        try:
            names.append(path.parent.resolve().relative_to(root.resolve()).joinpath(path.name).as_posix())
        except ValueError:
            raise WrongCommand(
                f'"{visible(str(path))}" is not below "{visible(str(root))}"; give its folder with -C.'
            ) from None
    return list(dict.fromkeys(names))
