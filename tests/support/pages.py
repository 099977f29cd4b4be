"""The pages of documentation as data: their console sessions, their fenced blocks, their generated parts."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

#: With this set, generated parts are written into the pages instead of compared with them.
REWRITE = "FLEXSYNC_REWRITE"

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_EXIT = re.compile(r"\s+# exit (\d+)$")


@dataclass(frozen=True)
class Command:
    """A line that begins with `$ `, the exit code it should have, and the output the page shows below it."""

    line: str
    code: int
    shown: tuple[str, ...]


def fences(text: str, language: str) -> list[str]:
    """The insides of the fenced blocks of one language."""
    return [body for found, body in _FENCE.findall(text) if found == language]


def session(text: str) -> list[Command]:
    """Every command of the page's console blocks, in order."""
    return [command for body in fences(text, "console") for command in _commands(body)]


def _commands(body: str) -> Iterator[Command]:
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        line, *shown = part.rstrip("\n").split("\n")
        code = _EXIT.search(line)
        yield Command(_EXIT.sub("", line), int(code[1]) if code else 0, tuple(text for text in shown if text.strip()))


class Shell:
    """Runs commands one after the other in a folder of its own, which has the examples and nothing else.

    `cd`, `export` and `unset` last from one command to the next; nothing of the caller's settings is seen.
    """

    def __init__(self, folder: Path) -> None:
        self.cwd = folder
        tools = folder.parent / "tools"
        tools.mkdir(exist_ok=True)
        tool = tools / "flexsync"
        tool.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m flexsync "$@"\n')
        tool.chmod(0o755)
        self.variables = {
            "PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "HOME": str(folder.parent),
            "LC_ALL": "C.UTF-8",
            "NO_COLOR": "1",
        }

    def run(self, line: str) -> tuple[int, str]:
        """Exit code and output, errors included, of one command line."""
        match line.split():
            case ["cd", folder]:
                self.cwd = (self.cwd / folder).resolve()
                return (0, "") if self.cwd.is_dir() else (1, f"no folder {folder}")
            case ["unset", name]:
                self.variables.pop(name, None)
                return 0, ""
            case ["export", setting]:
                name, _, value = setting.partition("=")
                self.variables[name] = value.strip("'\"")
                return 0, ""
        done = subprocess.run(
            ["sh", "-c", line],
            cwd=self.cwd,
            env=self.variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout


def missing_lines(shown: tuple[str, ...], output: str) -> list[str]:
    """The lines that a page shows and that `output` does not have in that order; `...` stands for anything."""
    rest = iter(line.strip() for line in output.splitlines())
    return [line for line in shown if line.strip() != "..." and line.strip() not in rest]


def filled(text: str, name: str, body: str) -> str:
    """`text` with `body` as the part between `<!-- name -->` and `<!-- /name -->`."""
    pattern = re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(<!-- /{re.escape(name)} -->)", re.DOTALL)
    if not pattern.search(text):
        raise LookupError(f"no part named {name}")
    return pattern.sub(lambda found: found[1] + body + found[2], text)


def settle(page: Path, name: str, body: str) -> bool:
    """True when the part `name` of the page says `body`; writes it first when the switch is set."""
    text = page.read_text(encoding="utf-8")
    wanted = filled(text, name, body)
    if os.environ.get(REWRITE):
        page.write_text(wanted, encoding="utf-8")
        return True
    return text == wanted
