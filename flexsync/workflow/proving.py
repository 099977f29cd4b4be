"""Edited files written, read again, and proved to ask for what they should."""

from datetime import date

from flexsync.desired.fleet import Fleet, open_fleet
from flexsync.desired.source import Folder
from flexsync.edit.splice import CannotEdit
from flexsync.errors import InvalidFiles, Refused
from flexsync.workflow.desk import Desk
from flexsync.workflow.following import Rewrite, Taken
from flexsync.workflow.single import entry_of, look, prove, resolved
from flexsync.workflow.writing_back import put_back, write_all


def write_back(desk: Desk, rewrite: Rewrite) -> None:
    """Write the files and read them again; raises Refused, with the old bytes back, when they say something else."""
    write_all(desk.root, rewrite.files)
    try:
        fleet = open_fleet(Folder(desk.root), entry_of(desk.fleet))
        for taken in rewrite.taken:
            _prove(fleet, taken, desk.as_of)
    except (CannotEdit, InvalidFiles) as error:
        put_back(desk.root, rewrite.files)
        raise Refused(f"Read again, the files ask for something else: {error}. They are as they were.") from None


def _prove(fleet: Fleet, taken: Taken, as_of: date) -> None:
    found = look(fleet, taken.name, as_of, taken.file)
    prove(found, resolved(found, fleet, taken.snapshot, as_of), taken.state)
