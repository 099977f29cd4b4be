"""docs/errors.md lists the codes of the source, all of them and no others."""

import ast
import re

import pytest

from tests.support.imports import Module, modules
from tests.support.pages import ROOT

PAGE = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

#: Functions of flexsync whose first argument is a code.
TELLERS = {"Problem", "Block", "problem", "error", "warning", "refuse", "_refuse", "_stop"}


def told(module: Module) -> set[str]:
    """The codes that calls in `module` name as a text."""
    codes = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and _name(node.func) in TELLERS:
            codes |= {code for argument in node.args[:2] if (code := _slug(argument))}
    return codes


def texts(module: Module) -> set[str]:
    """Every text of `module` that could be a code."""
    return {code for node in ast.walk(module.tree) if (code := _slug(node))}


def documented() -> set[str]:
    """The codes in the first column of the page's tables."""
    cells = re.findall(r"^\| (`[^|]*`) \|", PAGE, re.MULTILINE)
    return {code for cell in cells for code in re.findall(r"`([^`]+)`", cell)}


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _slug(node: ast.AST) -> str:
    text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
    return text if SLUG.fullmatch(text) else ""


@pytest.mark.parametrize("module", modules(ROOT, "flexsync"), ids=lambda module: module.name)
def test_every_code_is_explained(module):
    assert told(module) - documented() == set()


def test_every_code_that_is_explained_exists():
    known = set().union(*(texts(module) for module in modules(ROOT, "flexsync")))
    aliases = {"creditor-id"}  # made from the name of the field
    assert documented() - known - aliases == set()


def test_codes_are_found_in_calls():
    source = (
        'Problem("seats", m, w)\nself._refuse(path, "file-name", "words here")\ncase.error("x-y", p, t)\nlog("other")'
    )
    assert told(Module("flexsync.x", source)) == {"seats", "file-name", "x-y"}
