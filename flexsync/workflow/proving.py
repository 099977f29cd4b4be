"""Adopted files written, read again, and proved to ask for what the store has."""

from flexsync.desired.fleet import open_fleet
from flexsync.desired.source import Folder
from flexsync.edit.splice import CannotEdit
from flexsync.errors import InvalidFiles, Refused
from flexsync.state import digest, to_plain
from flexsync.workflow.adopting import Adoption, Taken, entry_of, look, refuse_unusable, resolved
from flexsync.workflow.desk import Desk
from flexsync.workflow.writing_back import put_back, write_all


def write_back(desk: Desk, adoption: Adoption) -> None:
    """Write the files and read them again; raises Refused, with the old bytes back, when they say something else."""
    write_all(desk.root, adoption.files)
    try:
        wrong = [taken.name for taken in adoption.taken if not _holds(desk, taken)]
    except (CannotEdit, InvalidFiles) as error:
        wrong = [str(error)]
    if wrong:
        put_back(desk.root, adoption.files)
        raise Refused(f"The files would not ask for what the store has: {', '.join(wrong)}. They are as they were.")


def _holds(desk: Desk, taken: Taken) -> bool:
    fleet = open_fleet(Folder(desk.root), entry_of(desk.fleet))
    found = look(fleet, taken.name, desk.as_of, taken.file)
    refuse_unusable(found)
    desired = resolved(found, fleet, taken.snapshot, desk.as_of)
    return digest(to_plain(desired.state)) == digest(to_plain(taken.state))
