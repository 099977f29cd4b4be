"""init: a commented starting folder.

In: which kind, and an empty or new folder. Out: the files written. It overwrites nothing.
"""

from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

from flexsync.desired.schema import KINDS as FILE_KINDS
from flexsync.desired.schema import schema_text
from flexsync.errors import WrongCommand
from flexsync.paths import is_folder, is_there, reason
from flexsync.text import visible

IGNORED = "# The store and the mails of flexsync are not for git.\n.flexsync/\n"


def start(kind: str, folder: Path) -> list[str]:
    """Write the starting files of `kind` into `folder`; their paths, relative to it.

    Raises WrongCommand when one of them is already there.
    """
    with as_file(files("flexsync") / "starters" / kind) as starter:
        wanted = dict(_texts(starter))
    _refuse_overwriting(folder, [*wanted])
    try:
        for relative, text in wanted.items():
            path = folder / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise WrongCommand(f'"{visible(str(path))}" cannot be written: {reason(error)}.') from error
    return [*wanted]


def _texts(starter: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(starter.rglob("*")):
        if path.is_file():
            yield path.relative_to(starter).as_posix(), path.read_text(encoding="utf-8")
    for kind in FILE_KINDS:
        yield f"schemas/{kind.lower()}.schema.json", schema_text(kind)
    yield ".gitignore", IGNORED


def _refuse_overwriting(folder: Path, names: list[str]) -> None:
    if is_there(folder) and not is_folder(folder):
        raise WrongCommand(f'"{visible(str(folder))}" is a file. Give a folder.')
    if is_folder(folder) and (described := sorted(folder.glob("*.y*ml"))):
        raise WrongCommand(
            f'"{visible(str(described[0]))}" is there: flexsync reads one fleet or bare subscriptions from a folder. '
            "Choose an empty folder."
        )
    for name in names:
        if is_there(folder / name):
            raise WrongCommand(
                f'"{visible(str(folder / name))}" exists and would be overwritten. Choose an empty folder.'
            )
