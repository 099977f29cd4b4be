"""YAML events from the C parser, or from the pure one with the same verdicts.

In: text that the guard let pass. Out: a function that gives the next event. No constructor, no
composer: those recurse, resolve tags and crash on hostile nesting.
"""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

from ruamel.yaml import YAML

NextEvent = Callable[[], Any]
Parser = Callable[[str], NextEvent]


def c_parser(text: str) -> NextEvent:
    """Events of libyaml; raises ImportError when its extension is not installed."""
    get_event: NextEvent = import_module("_ruamel_yaml").CParser(text).get_event
    return get_event


def pure_parser(text: str) -> NextEvent:
    """Events of the Python parser: about twelve times slower."""
    return partial(next, YAML(typ="safe", pure=True).parse(text))


def any_parser(text: str) -> NextEvent:
    """Events of the fastest parser there is."""
    try:
        return c_parser(text)
    except ImportError:
        return pure_parser(text)
