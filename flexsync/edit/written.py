"""Acts on files carried out on their bytes.

In: a way to read a file, and acts. Out: new bytes by file. Lines are taken away last and from below,
so that the lines above keep their numbers.
"""

from collections.abc import Callable, Iterable

from flexsync.edit.asking import Edit
from flexsync.edit.csv_text import drop_line, put_cell
from flexsync.edit.routing import Written
from flexsync.edit.splice import CannotEdit
from flexsync.edit.yaml_text import drop, put


def carried_out(acts: Iterable[Written], read: Callable[[str], bytes]) -> dict[str, bytes]:
    """The new bytes of each file that `acts` change; raises CannotEdit."""
    edited: dict[str, bytes] = {}
    for act in sorted(acts, key=lambda one: (one.act == "line", -one.line)):
        content = edited[act.file] if act.file in edited else read(act.file)
        try:
            edited[act.file] = _done(act, content)
        except CannotEdit as error:
            raise CannotEdit(f"{act.file}: {Edit(act.path).dotted or f'line {act.line}'}: {error}") from None
    return edited


def _done(act: Written, content: bytes) -> bytes:
    if act.act == "line":
        return drop_line(content, act.line)
    if act.act == "cell":
        return put_cell(content, act.line, str(act.path[0]), act.value)
    return put(content, act.path, act.value) if act.act == "put" else drop(content, act.path)


def new_client(name: str) -> bytes:
    """A client file that says nothing yet."""
    return f"apiVersion: flexsync/v1\nkind: Subscription\nname: {name}\n".encode()
