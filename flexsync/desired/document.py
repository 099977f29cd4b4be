"""One YAML file, read strictly: plain data, and the place of each of its parts.

In: a name and bytes. Out: a Document, or InvalidFiles with everything that is wrong. It must not
interpret the content, follow a reference, build an object, or know what the keys mean.
"""

from functools import cached_property
from typing import Any

from ruamel.yaml.error import MarkedYAMLError

from flexsync.desired import places, yaml_errors
from flexsync.desired.guard import text_of
from flexsync.desired.lines import Finding, Lines
from flexsync.desired.model import Path
from flexsync.desired.yaml_events import Parser, any_parser, pure_parser
from flexsync.desired.yaml_reader import Stop, YamlReader
from flexsync.errors import InvalidFiles, Problem, Where

#: Longer files that are refused keep the words of the parser that refused them: the pure one is slow.
LONGEST_WORDED = 32_000


class Document:
    """The data of a file (dict, list, str, int, bool and None), and where it stands."""

    def __init__(self, lines: Lines, data: dict[str, Any], marks: list[int]) -> None:
        self.file = lines.file
        self.data = data
        self._lines = lines
        self._marks = marks

    @cached_property
    def _places(self) -> places.Place:
        return places.tree(self.data, self._marks)

    def where(self, path: Path) -> Where:
        """Place of the value at `path`, or of its nearest ancestor that was written."""
        return self._lines.where(places.find(self._places, path).value)

    def where_key(self, path: Path) -> Where:
        """Place of the key at the end of `path`; of the value where there is no key."""
        return self._lines.where(places.find(self._places, path).key)

    def line(self, number: int) -> str:
        """The source line with that number, secrets masked."""
        return self._lines.line(number)

    def has(self, path: Path) -> bool:
        """True when something was written at `path`, a null too."""
        return places.reaches(self._places, path)

    def problem(self, code: str, message: str, where: Where) -> Problem:
        """A problem of this document, with its source line."""
        return Problem(code, message, where, source=self.line(where.line))


def parse(file: str, content: bytes, parser: Parser = any_parser) -> Document:
    """Read a file; raises InvalidFiles with all that is wrong.

    `file` is the name that is shown. `content` is hostile: nothing in it makes this crash, hang,
    open a file or a connection.
    """
    document, refused = scan(file, content, parser)
    if refused:
        raise InvalidFiles(refused)
    return document


def scan(file: str, content: bytes, parser: Parser = any_parser) -> tuple[Document, list[Problem]]:
    """As much of a file as can be read, and what was refused in it; raises InvalidFiles when nothing can.

    A document of which something was refused is good for finding further mistakes, and for nothing else.
    """
    text = text_of(file, content)
    lines = Lines(file, text)
    reader = YamlReader(parser(text), lines)
    data = _read(reader)
    if not reader.findings:
        return Document(lines, data, reader.marks), []
    refused = lines.problems(_worded(text, lines) or reader.findings)
    if data is None:
        raise InvalidFiles(refused)
    return Document(lines, data, reader.marks), refused


def _read(reader: YamlReader) -> Any:
    try:
        return reader.document()
    except Stop:
        return None
    except MarkedYAMLError as error:
        reader.findings.append(yaml_errors.told(error))
        return None


def _worded(text: str, lines: Lines) -> list[Finding]:
    """What the pure parser finds in a file that was refused: the same words on every machine."""
    if len(text) > LONGEST_WORDED:
        return []
    reader = YamlReader(pure_parser(text), lines)
    _read(reader)
    return reader.findings
