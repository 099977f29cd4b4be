"""Steps of workflows run as a runner would run them: their very scripts, in a work tree, with an environment."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
_PYTHON = """#!{python} -I
import runpy, sys
sys.path.insert(0, {root!r})
words = [word for word in sys.argv[1:] if word != "-I"]
if words[0] == "-c":
    sys.argv = words
    exec(words[1])
else:
    sys.argv = words[1:]
    runpy.run_module(words[1], run_name="__main__", alter_sys=True)
"""
_FLEXSYNC = """#!{python} -I
import sys
sys.path.insert(0, {root!r})
from flexsync.cli import main
main()
"""


def documents(path: str) -> list[Any]:
    """The YAML documents of a file of the project."""
    return list(YAML(typ="safe", pure=True).load_all((ROOT / path).read_text(encoding="utf-8")))


def steps(path: str) -> list[dict[str, Any]]:
    """Every step of a workflow or of the action."""
    content = documents(path)[0]
    if "runs" in content:
        return list(content["runs"]["steps"])
    return [step for job in content["jobs"].values() for step in job["steps"]]


@dataclass(frozen=True)
class Ran:
    """What a script did: exit code, log, and the name=value lines it left for later steps."""

    code: int
    log: str
    outputs: dict[str, str]
    summary: str


@dataclass
class Runner:
    """A work tree, a folder for temporary files, and what the host would set; flexsync is installed already."""

    tree: Path
    temp: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.bin = self.temp / "flexsync" / "bin"
        self.bin.mkdir(parents=True)
        for name, text in (("python", _PYTHON), ("flexsync", _FLEXSYNC)):
            program = self.bin / name
            program.write_text(text.format(python=sys.executable, root=str(ROOT)))
            program.chmod(0o755)

    def run(self, script: str, **environment: str) -> Ran:
        """Run a script with bash as the host does: it stops at the first failure."""
        output, summary = self.temp / "output", self.temp / "summary"
        output.write_text("")
        summary.write_text("")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.tree,
            env={
                "PATH": f"{self.bin}:{os.environ['PATH']}",
                "HOME": str(self.temp),
                "RUNNER_TEMP": str(self.temp),
                "GITHUB_WORKSPACE": str(self.tree),
                "GITHUB_OUTPUT": str(output),
                "GITHUB_STEP_SUMMARY": str(summary),
                "CI": "true",
                **self.environment,
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        pairs = (line.partition("=") for line in output.read_text().splitlines())
        return Ran(done.returncode, done.stdout, {name: value for name, _, value in pairs}, summary.read_text())


def environment(step: dict[str, Any], known: dict[str, str]) -> dict[str, str]:
    """The variables of a step: `known` gives the values of expressions, as they are spelt."""
    return {name: _value(str(value), known) for name, value in step.get("env", {}).items()}


def _value(text: str, known: dict[str, str]) -> str:
    return re.sub(r"\$\{\{ (.+?) \}\}", lambda match: known[match[1]], text)
