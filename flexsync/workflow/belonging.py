"""belonging: files that were opened by themselves, although they are part of a fleet.

In: the folder and the names of the files. Out: nothing, or the fleet whose parts they are. Read by
themselves they would lose what the fleet gives them, and whoever leans on it would seem to be gone.
"""

from collections.abc import Iterator
from pathlib import Path

from flexsync.desired.fleet import Fleet, open_fleet
from flexsync.desired.source import FLEET_FILE, Folder
from flexsync.errors import InvalidFiles, WrongCommand
from flexsync.text import visible

#: How many folders above the files are looked at, outside of a git repository too.
LEVELS = 5
_OURS = b"flexsync/v"


def refuse_part_of_fleet(root: Path, opened: Fleet) -> None:
    """Raise WrongCommand when `opened`, which has no fleet file, holds files of a fleet at or above `root`."""
    if opened.spec is not None:
        return
    place = root.resolve()
    for folder in _above(place):
        source = Folder(folder)
        if not _is_fleet(source):
            continue
        inside = place.relative_to(folder)
        if part := _part(source, folder, {(inside / file).as_posix() for file in opened.files}):
            raise WrongCommand(
                f'"{visible(part)}" belongs to the fleet "{visible(str(folder))}" and means something else without it. '
                f'Use -C "{visible(str(folder))}", with -t NAME for one subscription.'
            )


def _above(place: Path) -> Iterator[Path]:
    """The folder and those above it, up to the top of the git repository."""
    for folder in (place, *place.parents)[: LEVELS + 1]:
        yield folder
        if (folder / ".git").exists():
            return


def _is_fleet(source: Folder) -> bool:
    """True of a folder with a fleet file of ours; other programs have files of that name too."""
    try:
        return source.has(FLEET_FILE) and _OURS in source.read(FLEET_FILE)
    except InvalidFiles:
        return True


def _part(source: Folder, folder: Path, files: set[str]) -> str:
    """The first of `files` that the fleet reads; raises WrongCommand when nobody can tell."""
    try:
        return min(files.intersection(open_fleet(source).files), default="")
    except InvalidFiles:
        raise WrongCommand(
            f'"{visible(str(folder / FLEET_FILE))}" cannot be used, so nobody can tell whether these files belong to '
            "its fleet. Mend it first: flexsync validate says what is wrong there."
        ) from None
