"""How commands show edits of files."""

from collections.abc import Iterator

from flexsync.text import visible
from flexsync.workflow.following import Rewrite
from flexsync.workflow.patches import patch_lines


def edit_lines(rewrite: Rewrite, refused: str, *, masked: bool = False) -> Iterator[str]:
    """The patch, what it is about, and under the word `refused` what cannot be edited and why.

    `masked` leaves the patch out, since its lines may name people.
    """
    for file, (old, new) in rewrite.files.items():
        yield ""
        yield from (f"edit {visible(file)}  (masked)",) if masked else patch_lines(file, old, new)
    yield ""
    for taken in rewrite.taken:
        yield f"{visible(taken.name)}: {visible(', '.join(edit.dotted for edit in taken.edits))}"
        yield from (f"  note: {visible(note)}" for note in taken.notes)
    yield from (f"{visible(name)}: {refused}: {visible(why)}" for name, why in rewrite.left)
