"""show: one subscription as its layers make it, and where each value comes from."""

import json
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any

from flexsync.desired.fleet import Declared
from flexsync.desired.model import Path
from flexsync.desired.spec import Subscription
from flexsync.errors import WrongCommand
from flexsync.text import did_you_mean, visible
from flexsync.workflow.desk import Desk

_HEADER = ("apiVersion", "kind", "name")
_MERGED = ("profiles", "users_table")


def find(desk: Desk, name: str) -> Declared:
    """The subscription of that name; raises WrongCommand, with the nearest name, when there is none."""
    names: list[str] = []
    for declared in desk.declared():
        if declared.name == name:
            return declared
        names.append(declared.name)
    raise WrongCommand(f'No subscription is called "{visible(name)}".{did_you_mean(name, names)}')


def effective(declared: Declared) -> dict[str, Any]:
    """The effective document as plain data; what was merged into it is not named again."""
    return {key: _plain(declared.data[key]) for key in _in_order(declared.data) if key not in _MERGED}


def described(declared: Declared) -> Iterator[str]:
    """The effective document as YAML."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 120
    text = StringIO()
    yaml.dump(effective(declared), text)
    yield text.getvalue().rstrip()


def explained(declared: Declared) -> Iterator[str]:
    """Every value on a line: its path, the value, its place and its layer."""
    rows = [row for key in _in_order(declared.data) for row in _values((key,), declared.data[key])]
    widest = min(60, max((len(_dotted(path)) + len(text) + 2 for path, text in rows), default=0))
    for path, text in rows:
        told = f"{_dotted(path)}: {text}"
        place = f"{declared.places.where(path)}  {declared.places.layer(path)}" if declared.places else ""
        yield f"{told.ljust(widest)}  # {place}"


def _in_order(data: Mapping[str, Any]) -> list[str]:
    """The keys of a document in the order of the format's own description."""
    return [*_HEADER, *(key for key in Subscription.model_fields if key in data and key not in _HEADER)]


def _values(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    if isinstance(value, Mapping) and value:
        for key, part in value.items():
            yield from _values((*path, key), part)
    else:
        yield path, visible(json.dumps(value, ensure_ascii=False))


def _dotted(path: Path) -> str:
    return visible(".".join(str(part) for part in path))


def _plain(value: Any) -> Any:
    """Plain dicts and lists, which is all that a YAML writer takes."""
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value
