"""How commands show edits of files, and how they ask."""

import sys
from collections.abc import Iterator

import click

from flexsync.errors import Refused
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


def agree(agreed: bool, question: str, *, nothing: str, otherwise: str) -> None:
    """Ask on a terminal; elsewhere somebody has to have said yes. Raises Refused when nobody did."""
    if agreed:
        return
    if not sys.stdin.isatty():
        raise Refused(f"There is no terminal to ask on; {nothing}. {otherwise}")
    if not click.confirm(question, default=False):
        raise Refused(f"{nothing.capitalize()}.")
