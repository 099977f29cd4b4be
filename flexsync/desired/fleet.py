"""A fleet of subscriptions as its files have it, read one after the other.

In: a Source and the name of a fleet file, of one subscription, or nothing for a folder. Out: a
Fleet, then a stream of Declared. It must not hold more than one client's document, and must not let
one client's mistake stop another's.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from flexsync.catalogue import Catalogue
from flexsync.desired.across import Across
from flexsync.desired.catalogue_file import builtin, catalogue_from
from flexsync.desired.client import ClientReader, document_client, guessed_name, row_client
from flexsync.desired.client_table import ClientRow, client_rows
from flexsync.desired.declared import Declared
from flexsync.desired.document import Document
from flexsync.desired.fleet_spec import Fleet as FleetFile
from flexsync.desired.rosters import Rosters
from flexsync.desired.schema import read
from flexsync.desired.shared import Shared, problems
from flexsync.desired.source import FLEET_FILE, MAX_TABLE_BYTES, Source, case_clashes
from flexsync.desired.typed import typed
from flexsync.errors import InvalidFiles, Problem, Where
from flexsync.text import shorten

__all__ = ["Across", "Clients", "Declared", "Fleet", "declared", "open_fleet"]

CLIENT_FILES = "clients/*.yaml"


@dataclass(frozen=True, slots=True)
class Fleet:
    """An opened fleet: everything that is shared, and the names of what is not read yet.

    `spec` is the fleet file, None when a single subscription or a bare folder was opened; `files`
    are the names of the subscription files in order; `rows` the lines of the table of clients.
    """

    name: str
    source: Source
    catalogue: Catalogue
    shared: Shared
    spec: FleetFile | None = None
    files: tuple[str, ...] = ()
    rows: tuple[ClientRow, ...] = ()


def open_fleet(source: Source, entry: str = "", catalogue: Catalogue | None = None) -> Fleet:
    """The fleet at `entry`; raises InvalidFiles when what all subscriptions share cannot be used.

    A `catalogue` that is given stands in for the fleet's own, which is then not read.
    """
    if not entry and not source.has(FLEET_FILE):
        return _bare(source, tuple(sorted([*source.glob("*.yaml"), *source.glob("*.yml")])), catalogue)
    name = entry or FLEET_FILE
    document = read(name, source.read(name))
    kind = document.data["kind"]
    if kind == "Subscription":
        return _bare(source, (name,), catalogue)
    if kind != "Fleet":
        raise InvalidFiles([_wrong_kind(document, "a Fleet or a Subscription")])
    return _opened(source, document, catalogue)


def declared(fleet: Fleet, as_of: date) -> Iterator[Declared]:
    """Every subscription of the fleet, files by name and then rows that no file took up.

    Nothing is raised for what one of them got wrong. A row of a name that some unreadable file most
    likely has is passed over: without the file's layer it would say something else. While nobody knows
    which name a file has, any row might be the one below it, and none is used alone.
    """
    clients = Clients(fleet, as_of)
    taken: set[str] = set()
    nameless = ""
    for file in fleet.files:
        described = clients.from_file(file)
        taken.add(described.name)
        nameless = nameless or ("" if described.named else file)
        yield described
    for row in fleet.rows:
        if not row.name or row.name not in taken or row is not clients.rows[row.name]:
            yield uncertain(row, nameless) if nameless and row.name else clients.from_row(row)


class Clients:
    """Reads the subscriptions of a fleet one by one, whichever are wanted.

    `rows` are the first line of each name in the table; `reader` turns a file into a Document.
    """

    def __init__(self, fleet: Fleet, as_of: date, reader: Callable[[str, bytes], Document] = read) -> None:
        self.fleet = fleet
        self.rows: dict[str, ClientRow] = {}
        for row in fleet.rows:
            self.rows.setdefault(row.name, row)
        self._reader = reader
        self._clients = ClientReader(fleet.shared, Rosters(fleet.source), fleet.catalogue, as_of)
        self._clashes = case_clashes(fleet.files)

    def from_file(self, file: str) -> Declared:
        """The subscription of a file, over its line of the table if it has one; nothing is raised for its content."""
        content = b""
        try:
            content = self.fleet.source.read(file)
            document = self._reader(file, content)
            if document.data["kind"] != "Subscription":
                raise InvalidFiles([_wrong_kind(document, "a Subscription")])
        except InvalidFiles as error:
            return _unreadable(file, content, self.rows, error.problems)
        described = self._clients.declare(document_client(document, self.rows.get(document.data["name"])))
        clash = self._clashes.get(file, "")
        return _clashing(described, file, clash) if clash else described

    def has_name(self, file: str) -> bool:
        """False when nobody can tell which subscription a file is about."""
        try:
            content = self.fleet.source.read(file)
        except InvalidFiles:
            return False
        return bool(guessed_name(content)) or self.from_file(file).named

    def from_row(self, row: ClientRow) -> Declared:
        """The subscription of a line of the table alone."""
        return self._clients.declare(row_client(row))


def _unreadable(file: str, content: bytes, rows: dict[str, ClientRow], found: tuple[Problem, ...]) -> Declared:
    stem = file.rpartition("/")[2].rpartition(".")[0]
    read_name = guessed_name(content)
    name = read_name or (stem if stem in rows else "")
    told = tuple(problem.of(name) for problem in found)
    return Declared(name, Where(file), problems=told, named=bool(read_name))


def uncertain(row: ClientRow, file: str) -> Declared:
    """A row that cannot be used, since the file whose name nobody knows may be about the same subscription."""
    message = (
        f"{shorten(row.name)} has no client file of its name, and {shorten(file)} cannot be read: it may be about "
        "this client, so the line is not used alone; mend that file first"
    )
    problem = Problem("row-uncertain", message, row.where, source=row.layer.line(row.where.line))
    told = tuple(problem.of(row.name) for problem in (*row.problems, problem))
    return Declared(row.name, row.where, problems=told)


def _clashing(described: Declared, file: str, other: str) -> Declared:
    message = f"{shorten(file)} and {shorten(other)} are one file on some systems; rename one of them"
    problem = Problem("file-case", message, Where(file), subscription=described.name)
    return replace(described, spec=None, problems=(*described.problems, problem))


def _bare(source: Source, files: tuple[str, ...], catalogue: Catalogue | None) -> Fleet:
    if not files:
        message = f"no {FLEET_FILE} and no subscription file here; run flexsync init, or give another folder"
        raise InvalidFiles([Problem("nothing-here", message, Where(source.name))])
    return Fleet(source.name, source, catalogue or builtin(), Shared(), None, files)


def _opened(source: Source, document: Document, catalogue: Catalogue | None) -> Fleet:
    shared = Shared(document)
    spec = typed(FleetFile, document.data, document.where)
    if found := tuple(problems(shared)):
        raise InvalidFiles(found)
    if catalogue is None:
        catalogue = catalogue_from(spec.catalogue, source.read(spec.catalogue)) if spec.catalogue else builtin()
    pattern, table = _clients(spec)
    files = [file for file in source.glob(pattern) if file != document.file] if pattern else []
    rows = client_rows(table, source.read(table, MAX_TABLE_BYTES)) if table else []
    return Fleet(spec.name, source, catalogue, shared, spec, tuple(files), tuple(rows))


def _clients(spec: FleetFile) -> tuple[str | None, str | None]:
    """The pattern of client files and the table; without `clients`, the usual folder."""
    return (CLIENT_FILES, None) if spec.clients is None else (spec.clients.files, spec.clients.table)


def _wrong_kind(document: Document, expected: str) -> Problem:
    where = document.where(("kind",))
    message = f"kind: {shorten(str(document.data['kind']))} found where {expected} is expected; correct it"
    return document.problem("kind", message, where)
