"""Plan to text for people and machines. Pure; untrusted text never leaves its cell.

RENDERERS is the list of formats. A renderer is loaded when it is asked for, so that `--help` loads none.
"""

from collections.abc import Callable, Iterator
from importlib import import_module

from flexsync.plan.model import Plan
from flexsync.render.view import View

Renderer = Callable[[Plan, View], Iterator[str]]

#: Format -> module and function; a renderer yields lines without their line ends.
RENDERERS: dict[str, tuple[str, str]] = {
    "text": ("flexsync.render.text", "to_text"),
    "json": ("flexsync.render.json", "to_json"),
    "markdown": ("flexsync.render.markdown", "to_markdown"),
    "html": ("flexsync.render.html", "to_html"),
    "junit": ("flexsync.render.junit", "to_junit"),
    "sarif": ("flexsync.render.sarif", "to_sarif"),
    "github": ("flexsync.render.github", "to_github"),
    "gitlab": ("flexsync.render.gitlab", "to_gitlab"),
    "csv": ("flexsync.render.csv", "to_csv"),
}


def renderer(name: str) -> Renderer:
    """The renderer of a format in RENDERERS."""
    module, function = RENDERERS[name]
    found: Renderer = getattr(import_module(module), function)
    return found
